//! From steps to requests: steps for the same subgraph that can start at the same time become one request, and their batches one where they may.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apollo_compiler::Name;
use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::Operation;
use lavka_supergraph::{SubgraphId, Supergraph};

use crate::build::add;
use crate::cond::Cond;
use crate::document::Writer;
use crate::draft::{ContextValue, Draft, SetId, StepId};
use crate::plan::{
    ContextVariable, EntityBatch, Fetch, FetchId, Path, PathStep, RepresentationField, Target, Typename,
};

/// The requests of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    pub fetches: Vec<Fetch>,
    /// Of an answer in parts, by part: the requests that must have ended before it can be written.
    pub needs: Vec<BTreeSet<FetchId>>,
}

/// Of a plan whose answer comes in parts: what is for which part. Empty where the answer is one piece.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// By step: the first part that asks anything of it, by their order.
    pub of_steps: Vec<Option<usize>>,
    /// By part: the steps that bring it.
    pub brought_by: Vec<BTreeSet<StepId>>,
}

/// A batch before it is written.
#[derive(Clone, Debug)]
struct Batch {
    paths: Vec<Path>,
    types: Vec<Name>,
    typename: Typename,
    representation: Vec<RepresentationField>,
    contexts: Vec<ContextValue>,
    depends_on: BTreeSet<StepId>,
    set: SetId,
    condition: Cond,
}

/// What a plan costs; the cheaper one is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Price {
    first: usize,
    all: usize,
    fields: usize,
}

/// Requests before their documents are written.
pub(crate) struct Requests {
    draft: Draft,
    /// The steps of each, and its wave.
    members: Vec<(usize, Vec<StepId>)>,
    depends_on: Vec<Vec<FetchId>>,
    needs: Vec<BTreeSet<FetchId>>,
}

/// Puts together the steps that can be one request.
pub(crate) fn group(draft: Draft, parts: &Parts) -> Requests {
    let waves = waves(&draft);
    let mut requests: BTreeMap<(usize, StepId), Vec<StepId>> = BTreeMap::new();
    let mut first: HashMap<(usize, SubgraphId, Option<usize>), StepId> = HashMap::default();
    for (id, wave) in &waves {
        let step = &draft.steps[id.0];
        let leader = match &step.entity {
            None => *id,
            // Where a value is missing nobody may be asked, so that the variable could have none beside other batches.
            Some(entity) if entity.contexts.iter().any(|value| !value.variable.nullable) => *id,
            // What is for a later part of the answer must not hold up an earlier one.
            Some(_) => {
                let part = parts.of_steps.get(id.0).copied().flatten();
                *first.entry((*wave, step.subgraph, part)).or_insert(*id)
            }
        };
        requests.entry((*wave, leader)).or_default().push(*id);
    }
    let mut position: HashMap<StepId, FetchId> = HashMap::default();
    for (index, members) in requests.values().enumerate() {
        position.extend(members.iter().map(|id| (*id, FetchId(index))));
    }
    let mut depends_on: Vec<Vec<FetchId>> = Vec::new();
    for members in requests.values() {
        let steps = members.iter().map(|id| &draft.steps[id.0]);
        let before = steps
            .flat_map(|step| &step.depends_on)
            .filter_map(|id| position.get(id))
            .copied()
            .collect();
        depends_on.push(direct(&depends_on, before));
    }
    let needs = parts.brought_by.iter().map(|steps| {
        let direct = steps.iter().filter_map(|id| position.get(id)).copied();
        with_all_before(&depends_on, direct.collect())
    });
    Requests {
        needs: needs.collect(),
        draft,
        members: requests
            .into_iter()
            .map(|((wave, _), members)| (wave, members))
            .collect(),
        depends_on,
    }
}

impl Requests {
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// What they cost, without their documents: requests and waves weigh alike, fields break ties. What the first piece of an answer in parts costs comes
    /// before everything.
    pub fn price(&self) -> Price {
        let price = |waves: &mut dyn Iterator<Item = usize>| {
            let (mut count, mut all) = (0, 0);
            for wave in waves {
                count += 1;
                all = all.max(wave + 1);
            }
            count + all
        };
        let wave = |id: &FetchId| self.members.get(id.0).map(|(wave, _)| *wave);
        let first = self
            .needs
            .first()
            .map_or(0, |needs| price(&mut needs.iter().filter_map(wave)));
        let steps = self.members.iter().flat_map(|(_, steps)| steps);
        let sets = steps.map(|id| self.draft.steps[id.0].set);
        Price {
            first,
            all: price(&mut self.members.iter().map(|(wave, _)| *wave)),
            fields: sets.map(|set| self.draft.count(set)).sum(),
        }
    }

    /// Writes their documents.
    pub fn write(self, supergraph: &Supergraph, operation: &Operation) -> Assembled {
        let Self {
            mut draft,
            members,
            depends_on,
            needs,
        } = self;
        let mut fetches: Vec<Fetch> = Vec::new();
        for ((wave, members), depends_on) in members.into_iter().zip(depends_on) {
            let mut fetch = write(supergraph, operation, &mut draft, &members, fetches.len());
            fetch.wave = wave;
            fetch.depends_on = depends_on;
            fetches.push(fetch);
        }
        keep_apart(&mut fetches);
        Assembled { fetches, needs }
    }
}

/// Requests and everything that they depend on.
fn with_all_before(depends_on: &[Vec<FetchId>], mut known: BTreeSet<FetchId>) -> BTreeSet<FetchId> {
    let mut open: Vec<FetchId> = known.iter().copied().collect();
    while let Some(id) = open.pop() {
        for before in depends_on.get(id.0).into_iter().flatten() {
            if known.insert(*before) {
                open.push(*before);
            }
        }
    }
    known
}

/// Between an object that sets a context and the objects that take a value from it, no object may stand at two places: it may be below two that set it.
fn keep_apart(fetches: &mut [Fetch]) {
    let mut ranges: Vec<Range> = Vec::new();
    for batch in fetches.iter().flat_map(Fetch::batches) {
        for path in &batch.paths {
            ranges.extend(batch.contexts.iter().map(|context| Range {
                above: keys(&path.0[..context.at]),
                below: keys(&path.0),
            }));
        }
    }
    if ranges.is_empty() {
        return;
    }
    for fetch in fetches {
        let Target::Entities(batches) = &mut fetch.target else {
            continue;
        };
        for batch in batches {
            let paths: Vec<_> = batch.paths.iter().map(|path| keys(&path.0)).collect();
            batch.apart = paths
                .iter()
                .any(|path| ranges.iter().any(|range| range.holds(path)));
        }
    }
}

/// From an object that sets a context to objects that take a value from it.
struct Range {
    above: Vec<Arc<str>>,
    below: Vec<Arc<str>>,
}

impl Range {
    fn holds(&self, path: &[Arc<str>]) -> bool {
        path.starts_with(&self.above) && self.below.starts_with(path) && path.len() < self.below.len()
    }
}

fn keys(steps: &[PathStep]) -> Vec<Arc<str>> {
    let keys = steps.iter().filter_map(|step| match step {
        PathStep::Key(key) => Some(key.clone()),
        PathStep::Types(_) => None,
    });
    keys.collect()
}

/// The wave of every step that has something to ask.
fn waves(draft: &Draft) -> BTreeMap<StepId, usize> {
    let mut waves = BTreeMap::new();
    for (index, step) in draft.steps.iter().enumerate() {
        if draft.asks(step) {
            let wave = step
                .depends_on
                .iter()
                .filter_map(|id| waves.get(id))
                .map(|wave: &usize| wave + 1)
                .max();
            waves.insert(StepId(index), wave.unwrap_or(0));
        }
    }
    waves
}

/// Leaves out what another one waits for already.
fn direct(depends_on: &[Vec<FetchId>], before: BTreeSet<FetchId>) -> Vec<FetchId> {
    let mut implied = BTreeSet::new();
    let mut open: Vec<FetchId> = before.iter().copied().collect();
    while let Some(id) = open.pop() {
        for earlier in depends_on.get(id.0).into_iter().flatten() {
            if implied.insert(*earlier) {
                open.push(*earlier);
            }
        }
    }
    before.difference(&implied).copied().collect()
}

fn write(
    supergraph: &Supergraph,
    operation: &Operation,
    draft: &mut Draft,
    members: &[StepId],
    number: usize,
) -> Fetch {
    let subgraph = members
        .first()
        .map_or(SubgraphId(0), |id| draft.steps[id.0].subgraph);
    let name = supergraph.subgraph(subgraph).name.clone();
    let batches = merged(draft, members);
    let mut writer = Writer::new(draft, operation);
    let root = members
        .first()
        .map(|id| &draft.steps[id.0])
        .filter(|step| step.entity.is_none());
    let (target, condition) = if let Some(root) = root {
        let condition = draft.condition(root.set);
        writer.set(root.set, &condition);
        let target = match &root.below {
            Some(path) => Target::Nested(path.clone()),
            None => Target::Root,
        };
        (target, condition)
    } else {
        let condition = batches
            .iter()
            .fold(Cond::never(), |any, batch| any.or_roughly(&batch.condition));
        let several = batches.len() > 1;
        let mut written = Vec::new();
        for (index, batch) in batches.into_iter().enumerate() {
            let alias: Arc<str> = if several {
                format!("_e{index}").into()
            } else {
                "_entities".into()
            };
            let variable = writer.batch(several.then_some(&*alias), batch.set, &batch.condition);
            let used = batch.contexts.into_iter().filter(|value| writer.declare(value));
            let contexts: Vec<ContextVariable> = used.map(|value| value.variable).collect();
            written.push(EntityBatch {
                alias,
                variable,
                paths: batch.paths,
                types: batch.types.iter().map(|ty| Arc::from(ty.as_str())).collect(),
                typename: batch.typename,
                representation: batch.representation,
                contexts,
                apart: false,
                condition: if batch.condition == condition {
                    None
                } else {
                    batch.condition.to_plan()
                },
            });
        }
        (Target::Entities(written), condition)
    };
    let is_root = matches!(target, Target::Root);
    let document = writer.finish(is_root, &name, number);
    Fetch {
        subgraph: name,
        document: document.text,
        operation_name: document.name,
        variables: document.variables,
        target,
        depends_on: Vec::new(),
        condition: condition.to_plan(),
        wave: 0,
    }
}

/// The batches of a request, with those put together that may be.
fn merged(draft: &mut Draft, members: &[StepId]) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for id in members {
        let step = draft.steps[id.0].clone();
        let Some(entity) = step.entity else { continue };
        let batch = Batch {
            paths: vec![entity.path],
            types: entity.types,
            typename: entity.typename,
            representation: entity.representation,
            contexts: entity.contexts,
            depends_on: step.depends_on,
            set: step.set,
            condition: draft.condition(step.set),
        };
        match batches
            .iter_mut()
            .find_map(|known| same_objects(known, &batch).map(|both| (known, both)))
        {
            Some((known, both)) => {
                known.representation = both;
                draft.merge(known.set, batch.set);
                known.condition = draft.condition(known.set);
                known.depends_on.extend(batch.depends_on);
            }
            None => batches.push(batch),
        }
    }
    let batches = joined(batches, |known, batch| {
        let fits = !known.types.is_empty()
            && !batch.types.is_empty()
            && known.paths == batch.paths
            && known.typename == batch.typename
            && known.representation == batch.representation
            && known.contexts == batch.contexts
            // Under one name for all of them, the subgraph would be asked for what is selected of others: it might fail.
            && (known.typename == Typename::FromTree || draft.same(known.set, batch.set));
        if fits {
            known.types.extend(batch.types.iter().cloned());
            known.types.sort();
            known.types.dedup();
            draft.merge(known.set, batch.set);
            known.condition = draft.condition(known.set);
        }
        fits
    });
    joined(batches, |known, batch| {
        let fits = known.types == batch.types
            && known.typename == batch.typename
            && known.representation == batch.representation
            && known.contexts == batch.contexts
            && known.condition == batch.condition
            && draft.same(known.set, batch.set);
        if fits {
            known.paths.extend(
                batch
                    .paths
                    .iter()
                    .filter(|path| !known.paths.contains(path))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        fits
    })
}

fn joined(batches: Vec<Batch>, mut join: impl FnMut(&mut Batch, &Batch) -> bool) -> Vec<Batch> {
    let mut kept: Vec<Batch> = Vec::new();
    for batch in batches {
        if !kept.iter_mut().any(|known| join(known, &batch)) {
            kept.push(batch);
        }
    }
    kept
}

/// Whether two batches ask about the same objects, and what they say of them together. What one says must not keep the other from asking: so either
/// both say the same, or they wait for the same and are wanted in the same cases.
fn same_objects(one: &Batch, other: &Batch) -> Option<Vec<RepresentationField>> {
    let differs = one.paths != other.paths || one.types != other.types || one.typename != other.typename;
    if differs || one.contexts != other.contexts {
        return None;
    }
    if one.representation == other.representation {
        return Some(one.representation.clone());
    }
    if one.depends_on != other.depends_on || one.condition != other.condition {
        return None;
    }
    let mut both = one.representation.clone();
    other
        .representation
        .iter()
        .all(|field| add(&mut both, field.clone()))
        .then_some(both)
}
