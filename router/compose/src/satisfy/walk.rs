//! Through all states that a client can come to, the nearest first.

use std::collections::{HashMap, HashSet, VecDeque};

use apollo_compiler::Name;
use apollo_compiler::schema::{ExtendedType, FieldDefinition};
use lavka_supergraph::ContextArgument;

use super::contexts::{self, Contexts};
use super::explain::Unreached;
use super::holds::{Hold, Holds};
use super::reach::{Checked, Reach, Reached};

/// A reach among all that were seen: equal reaches have equal ids.
type ReachId = usize;

/// What a state that was walked had: its reaches, and what could be taken from contexts.
type Seen<'a> = (Vec<ReachId>, Contexts<'a>);

/// An object of a concrete type, held in some ways.
pub(super) struct State<'a> {
    pub ty: &'a str,
    /// What clients know it as: its type; or an interface, where the type itself is hidden from them.
    pub shown: &'a str,
    reaches: Vec<ReachId>,
    /// What fields of this object can take from contexts, and what fields further down can.
    pub contexts: Contexts<'a>,
    contexts_below: Contexts<'a>,
    /// The state that it was come from, and the field. None at a root.
    pub came: Option<(usize, &'a FieldDefinition)>,
}

pub(super) struct Walk<'a, 'h> {
    pub holds: &'h Holds<'a>,
    pub reach: Reach<'a, 'h>,
    pub states: Vec<State<'a>>,
    waiting: VecDeque<usize>,
    /// By type: the reaches of its states, and what could be taken there from contexts.
    seen: HashMap<(&'a str, &'a str), Vec<Seen<'a>>>,
    arguments: Vec<&'a ContextArgument>,
    reaches: Vec<Reached<'a>>,
    ids: HashMap<Vec<Hold<'a>>, ReachId>,
    ids_by_start: HashMap<(&'a str, Hold<'a>), ReachId>,
}

impl<'a, 'h> Walk<'a, 'h> {
    pub fn new(holds: &'h Holds<'a>) -> Self {
        Self {
            holds,
            reach: Reach::new(holds),
            states: Vec::new(),
            waiting: VecDeque::new(),
            seen: HashMap::new(),
            arguments: contexts::arguments(holds.supergraph),
            reaches: Vec::new(),
            ids: HashMap::new(),
            ids_by_start: HashMap::new(),
        }
    }

    /// Every field that can't be reached on some way, with the shortest of them.
    pub fn run(mut self) -> Checked<Vec<Unreached>> {
        self.begin()?;
        let mut failed: HashSet<(&'a str, &'a str)> = HashSet::new();
        let mut found = Vec::new();
        while let Some(at) = self.waiting.pop_front() {
            for field in self.fields(at) {
                let ty = self.states[at].ty;
                if failed.contains(&(ty, field.name.as_str())) {
                    continue;
                }
                if !self.follow(at, field)? {
                    failed.insert((ty, field.name.as_str()));
                    found.push(self.explain(at, field)?);
                }
            }
        }
        Ok(found)
    }

    fn begin(&mut self) -> Checked<()> {
        let schema = &self.holds.supergraph.api_schema().schema_definition;
        for root in [&schema.query, &schema.mutation, &schema.subscription]
            .into_iter()
            .flatten()
        {
            let ty = root.name.as_str();
            let holds: Vec<Hold<'a>> = self
                .holds
                .vertices(ty)
                .iter()
                .map(|vertex| Hold::plain(*vertex))
                .collect();
            self.arrive(ty, ty, &holds, None)?;
        }
        Ok(())
    }

    /// The fields that clients can select at a state.
    fn fields(&self, at: usize) -> Vec<&'a FieldDefinition> {
        let api = self.holds.supergraph.api_schema();
        let State { ty, shown, .. } = &self.states[at];
        let known = api.types.get(*ty).or_else(|| api.types.get(*shown));
        match known {
            Some(ExtendedType::Object(object)) => object.fields.values().map(|field| &*field.node).collect(),
            Some(ExtendedType::Interface(interface)) => {
                interface.fields.values().map(|field| &*field.node).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Goes on through a field, to every type of object that it may give. False: nobody gives it.
    fn follow(&mut self, at: usize, field: &'a FieldDefinition) -> Checked<bool> {
        let ty = self.states[at].ty;
        let contexts = self.states[at].contexts.clone();
        let mut below: Vec<Hold<'a>> = Vec::new();
        for id in self.states[at].reaches.clone() {
            let reached = self.reaches[id].clone();
            for hold in self.reach.below_with(ty, &reached, &field.name, &contexts)? {
                if !below.contains(&hold) {
                    below.push(hold);
                }
            }
        }
        if below.is_empty() {
            return Ok(false);
        }
        let inner = field.ty.inner_named_type();
        if self.holds.supergraph.type_model(inner).is_none() {
            return Ok(true);
        }
        let objects = self.reach.objects(&below)?;
        for (ty, holds) in objects.of_type {
            let shown = self.shown(ty, inner);
            self.arrive(ty, shown, &holds, Some((at, field)))?;
        }
        Ok(!objects.untold)
    }

    /// What clients know objects of a type as, where they come from a field of another type.
    fn shown(&self, ty: &'a str, field_ty: &'a Name) -> &'a str {
        let api = self.holds.supergraph.api_schema();
        if api.types.contains_key(ty) { ty } else { field_ty }
    }

    /// A state, unless it is as good as one that was seen: whatever can be had from some of the holds can be had from all of them.
    fn arrive(
        &mut self,
        ty: &'a str,
        shown: &'a str,
        holds: &[Hold<'a>],
        came: Option<(usize, &'a FieldDefinition)>,
    ) -> Checked<()> {
        let mut reaches: Vec<ReachId> = Vec::new();
        for hold in holds {
            reaches.push(self.reach_id(ty, hold)?);
        }
        reaches.sort_unstable();
        reaches.dedup();
        let contexts = came
            .map(|(from, _)| self.states[from].contexts_below.clone())
            .unwrap_or_default();
        let seen = self.seen.entry((ty, shown)).or_default();
        let known = |(one, taken): &Seen<'a>| {
            one.iter().all(|id| reaches.binary_search(id).is_ok()) && contexts.has_all(taken)
        };
        if seen.iter().any(known) {
            return Ok(());
        }
        seen.push((reaches.clone(), contexts.clone()));
        let contexts_below = self.contexts_below(ty, &reaches, contexts.clone(), came.is_none())?;
        self.waiting.push_back(self.states.len());
        self.states.push(State {
            ty,
            shown,
            reaches,
            contexts,
            contexts_below,
            came,
        });
        Ok(())
    }

    /// What can be taken from contexts below an object: from the object itself where its type sets the context, else from further up.
    fn contexts_below(
        &mut self,
        ty: &'a str,
        reaches: &[ReachId],
        mut contexts: Contexts<'a>,
        is_root: bool,
    ) -> Checked<Contexts<'a>> {
        for argument in self.arguments.clone() {
            let Some(selection) = argument.selections.get(ty) else {
                continue;
            };
            // Reading a value of a mutation's root would be another mutation.
            let mut had = !is_root || self.reach.is_query_root(ty);
            if had && !selection.selections.is_empty() {
                had = false;
                for id in reaches {
                    let reached = self.reaches[*id].clone();
                    had = had || self.reach.has_all(ty, &reached, selection)?;
                }
            }
            contexts.set(argument, had);
        }
        Ok(contexts)
    }

    fn reach_id(&mut self, ty: &'a str, start: &Hold<'a>) -> Checked<ReachId> {
        let by_start = (ty, start.clone());
        if let Some(id) = self.ids_by_start.get(&by_start) {
            return Ok(*id);
        }
        let reached = self.reach.from(ty, start)?;
        let mut content = reached.to_vec();
        content.sort_unstable();
        let next = self.reaches.len();
        let id = *self.ids.entry(content).or_insert(next);
        if id == next {
            self.reaches.push(reached);
        }
        self.ids_by_start.insert(by_start, id);
        Ok(id)
    }

    /// All that hold the object of a state, or can be come to from those who do.
    pub fn reached(&self, at: usize) -> Vec<Reached<'a>> {
        let ids = self.states[at].reaches.iter();
        ids.map(|id| self.reaches[*id].clone()).collect()
    }
}
