//! Builds one plan, given which subgraph is preferred where several can give the same.
//!
//! The walk goes down the normal form with a *source* in hand: the request that delivers the objects we stand at, and the subgraph's own type
//! of them. What the source can give is selected in place ([`fields`]); for the rest the walk jumps: it finds keys that the object's sources give, perhaps
//! by way of third subgraphs, opens a step for the other subgraph and goes on from there ([`jump`]). Objects of abstract types
//! are taken together where one selection serves all, else type by type ([`abstracts`]).
//!
//! What can't be had at an object at all is not an error there. It comes back as a *leftover* to the field above, which may ask another subgraph
//! for the same object: so are value types and shared root fields split over subgraphs. Only a leftover at the root is an error.

mod abstracts;
mod choices;
mod contexts;
mod fields;
mod jump;
mod needs;
mod paths;
mod root;

pub(crate) use choices::{Choice, ChoiceId};
pub(crate) use needs::add;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::Name;
use apollo_compiler::ast::Value;
use apollo_compiler::collections::{HashMap, IndexMap};
use lavka_supergraph::SubgraphId;

use crate::assemble::Parts;
use crate::cond::Cond;
use crate::draft::{Draft, SetId, StepId};
use crate::error::PlanError;
use crate::graph::{Graph, Provided};
use crate::keys::{Keys, Place};
use crate::options::PlanOptions;
use contexts::{Above, Meaning};
use fields::Taken;
use jump::Ways;
use paths::{PathId, Paths};

/// One plan being built.
pub(crate) struct Builder<'a, 'g> {
    pub graph: &'g Graph<'a>,
    pub options: &'g PlanOptions,
    pub keys: Keys,
    paths: Paths,
    pub draft: Draft,
    /// What to prefer.
    pub preferred: &'g HashMap<ChoiceId, SubgraphId>,
    /// Where a preference could make a difference.
    pub choices: IndexMap<ChoiceId, Choice>,
    /// Fields visited.
    pub visits: usize,
    /// What is for which part of the answer.
    pub parts: Parts,
    /// What gave the last field that was taken.
    taken: Option<Taken>,
    /// The steps that gave something since the part at hand was begun.
    touched: BTreeSet<StepId>,
    /// Of a mutation, who gives each of the root fields.
    series: HashMap<Arc<str>, Source<'a>>,
    /// Of root fields that have a request of their own, where that is.
    alone: HashMap<(SpotKey, Arc<str>), Source<'a>>,
    /// The sources of each spot, in the order in which they were opened.
    known: HashMap<SpotKey, Vec<Source<'a>>>,
    /// Ways that were found already, by the spot and the sources that they begin at.
    ways_known: RefCell<HashMap<Origins, Rc<Ways<'a>>>>,
    /// Which steps tell the types of the objects at a path, and when (at least).
    typed_by: HashMap<PathId, Vec<(StepId, Cond)>>,
    /// Steps that were opened for fields which require something or take something from contexts, by what that is and when.
    demanding: HashMap<(SpotKey, SubgraphId, Name, String, Cond), Source<'a>>,
    /// Who gave a field the first time: it is asked again.
    settled: HashMap<(SpotKey, Arc<str>), SubgraphId>,
    /// Fields whose requirements are being met right now: they can't be met by themselves.
    pending: Vec<(SpotKey, Arc<str>, SubgraphId)>,
    /// The objects above those that are being walked through, from the root on.
    above: Vec<Above<'a>>,
    /// What steps write for arguments from contexts.
    told_to: HashMap<StepId, Vec<(Meaning, Value)>>,
    /// What the variables for these begin with: no variable of the client does.
    context_prefix: &'g str,
    context_count: usize,
    /// Which steps gave what is being gathered (innermost last).
    recorders: Vec<BTreeSet<StepId>>,
}

type SpotKey = (PathId, Name);

/// A spot, and the sources from which ways begin there.
type Origins = (SpotKey, Vec<(SetId, Name)>);

/// Objects of one type at one path of the merged tree.
#[derive(Clone, Debug)]
struct Spot {
    path: PathId,
    place: Place,
    /// Concrete; or an interface, where no more is known.
    ty: Name,
    /// Other types are there as well, and `__typename` tells them apart.
    typed: bool,
}

impl Spot {
    fn key(&self) -> SpotKey {
        (self.path, self.ty.clone())
    }
}

/// A request's hold on objects: where their fields can be added to it.
#[derive(Clone, Debug)]
struct Source<'a> {
    step: StepId,
    set: SetId,
    /// The type condition to select under.
    under: Option<Name>,
    subgraph: SubgraphId,
    /// What the subgraph takes them for.
    ty: Name,
    provided: Provided<'a>,
    /// When (at least) the request holds them.
    asked: Cond,
}

impl<'a, 'g> Builder<'a, 'g> {
    pub fn new(
        graph: &'g Graph<'a>,
        options: &'g PlanOptions,
        keys: Keys,
        preferred: &'g HashMap<ChoiceId, SubgraphId>,
        context_prefix: &'g str,
    ) -> Self {
        Self {
            graph,
            options,
            keys,
            paths: Paths::new(),
            draft: Draft::default(),
            preferred,
            choices: IndexMap::default(),
            visits: 0,
            parts: Parts::default(),
            taken: None,
            touched: BTreeSet::new(),
            series: HashMap::default(),
            alone: HashMap::default(),
            known: HashMap::default(),
            ways_known: RefCell::new(HashMap::default()),
            typed_by: HashMap::default(),
            demanding: HashMap::default(),
            settled: HashMap::default(),
            pending: Vec::new(),
            above: Vec::new(),
            told_to: HashMap::default(),
            context_prefix,
            context_count: 0,
            recorders: Vec::new(),
        }
    }

    /// Remembers a source of a spot.
    fn register(&mut self, spot: &Spot, source: &Source<'a>) {
        let known = self.known.entry(spot.key()).or_default();
        if !known
            .iter()
            .any(|one| one.set == source.set && one.ty == source.ty)
        {
            known.push(source.clone());
        }
    }

    fn sources(&self, spot: &Spot) -> Vec<Source<'a>> {
        self.known.get(&spot.key()).cloned().unwrap_or_default()
    }

    /// What must have ended before the objects at a path can be told apart by their types: where the source at hand takes an interface for an
    /// object, it isn't the one who knows.
    fn typing(&self, path: PathId, condition: &Cond) -> Vec<StepId> {
        let known = self.typed_by.get(&path).map_or(&[] as &[_], Vec::as_slice);
        match known.iter().find(|(_, asked)| condition.implies(asked)) {
            Some((step, _)) => vec![*step],
            None => known.iter().map(|(step, _)| *step).collect(),
        }
    }

    fn record(&mut self, step: StepId) {
        self.touched.insert(step);
        if let Some(recorder) = self.recorders.last_mut() {
            recorder.insert(step);
        }
    }

    /// A jump may multiply work (a cycle of requirements, types by types); no honest operation comes near this.
    fn visit(&mut self) -> Result<(), PlanError> {
        self.visits += 1;
        let limit = self.options.max_fields.saturating_mul(20);
        if self.visits > limit {
            Err(PlanError::TooLarge { limit })
        } else {
            Ok(())
        }
    }

    fn no_provided() -> Provided<'a> {
        Rc::new([])
    }
}
