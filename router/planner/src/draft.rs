//! The plan while it is built: steps (one entity jump or root request each) and the selections that they send, in an arena.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apollo_compiler::ast::{Argument, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, Node};
use lavka_supergraph::SubgraphId;

use crate::cond::Cond;
use crate::normal::Field;
use crate::plan::{ContextVariable, Path, RepresentationField, Typename};

/// A step's position in [`Draft::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StepId(pub usize);

/// A selection set's position in [`Draft::sets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(usize);

/// All steps and their selections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub steps: Vec<Step>,
    sets: Vec<Set>,
}

/// What will be one request, or one batch of one.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub subgraph: SubgraphId,
    /// None: a request for root fields.
    pub entity: Option<Entity>,
    /// Where the objects of the query type are that root fields are asked for, if not at the root.
    pub below: Option<Path>,
    pub set: SetId,
    pub depends_on: BTreeSet<StepId>,
    /// The longest chain of steps before it.
    pub depth: usize,
}

/// Which objects a jump completes, and what it says of them.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub path: Path,
    /// Empty: all objects there.
    pub types: Vec<Name>,
    pub typename: Typename,
    pub representation: Vec<RepresentationField>,
    pub contexts: Vec<ContextValue>,
}

/// A variable for an argument from a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContextValue {
    pub variable: ContextVariable,
    pub ty: Type,
}

/// What is selected of an object, by the type condition under which it stands (None: on the declared type itself).
#[derive(Clone, Debug, Default)]
pub(crate) struct Set {
    pub typename: BTreeSet<Option<Name>>,
    pub fields: BTreeMap<Option<Name>, IndexMap<Arc<str>, Selected>>,
}

/// A selected field.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    pub name: Name,
    pub arguments: Vec<Node<Argument>>,
    pub condition: Cond,
    pub inner: Option<SetId>,
    /// An object of which nothing (more) is asked, but whether it is there.
    pub kept: bool,
}

impl Draft {
    pub fn set(&self, id: SetId) -> &Set {
        &self.sets[id.0]
    }

    fn set_mut(&mut self, id: SetId) -> &mut Set {
        &mut self.sets[id.0]
    }

    pub fn add_set(&mut self) -> SetId {
        self.sets.push(Set::default());
        SetId(self.sets.len() - 1)
    }

    pub fn add_step(
        &mut self,
        subgraph: SubgraphId,
        entity: Option<Entity>,
        depends_on: BTreeSet<StepId>,
    ) -> StepId {
        let depth = depends_on
            .iter()
            .map(|id| self.steps[id.0].depth + 1)
            .max()
            .unwrap_or(0);
        let set = self.add_set();
        self.steps.push(Step {
            subgraph,
            entity,
            below: None,
            set,
            depends_on,
            depth,
        });
        StepId(self.steps.len() - 1)
    }

    /// Whether a step has anything to ask.
    pub fn asks(&self, step: &Step) -> bool {
        let asks_type = step.entity.is_some() && !self.set(step.set).typename.is_empty();
        self.is_live(step.set) || asks_type
    }

    /// Gives a jump its variables for arguments from contexts.
    pub fn tell(&mut self, step: StepId, contexts: Vec<ContextValue>) {
        if let Some(entity) = &mut self.steps[step.0].entity {
            entity.contexts = contexts;
        }
    }

    /// Selects a field (again); the answer is the set of what is selected of its objects.
    pub fn select(&mut self, id: SetId, under: &Option<Name>, field: &Field) -> Option<SetId> {
        let known = self
            .set(id)
            .fields
            .get(under)
            .and_then(|fields| fields.get(&field.key));
        let inner = match known {
            Some(known) => known.inner,
            None => field.inner.is_some().then(|| self.add_set()),
        };
        let fields = self.set_mut(id).fields.entry(under.clone()).or_default();
        match fields.get_mut(&field.key) {
            Some(selected) => selected.condition = selected.condition.or_roughly(&field.condition),
            None => {
                let selected = Selected {
                    name: field.name.clone(),
                    arguments: field.arguments.clone(),
                    condition: field.condition.clone(),
                    inner,
                    kept: false,
                };
                fields.insert(field.key.clone(), selected);
            }
        }
        inner
    }

    pub fn select_typename(&mut self, id: SetId, under: &Option<Name>) {
        self.set_mut(id).typename.insert(under.clone());
    }

    pub fn keep(&mut self, id: SetId, under: &Option<Name>, key: &str) {
        let fields = self.set_mut(id).fields.get_mut(under);
        if let Some(selected) = fields.and_then(|fields| fields.get_mut(key)) {
            selected.kept = true;
        }
    }

    /// Whether anything in the set is worth asking for.
    pub fn is_live(&self, id: SetId) -> bool {
        self.set(id)
            .fields
            .values()
            .flat_map(IndexMap::values)
            .any(|selected| self.is_selected_live(selected))
    }

    pub fn is_selected_live(&self, selected: &Selected) -> bool {
        selected.kept || selected.inner.is_none_or(|inner| self.is_live(inner))
    }

    /// How many fields are asked for.
    pub fn count(&self, id: SetId) -> usize {
        let fields = self.set(id).fields.values().flat_map(IndexMap::values);
        let live = fields.filter(|selected| self.is_selected_live(selected));
        live.map(|selected| 1 + selected.inner.map_or(0, |inner| self.count(inner)))
            .sum()
    }

    /// When anything of the set is wanted.
    pub fn condition(&self, id: SetId) -> Cond {
        let set = self.set(id);
        // Whoever asks for the type asks always: the answer is read by it, whatever else is skipped.
        if !set.typename.is_empty() {
            return Cond::always();
        }
        let live = set
            .fields
            .values()
            .flat_map(IndexMap::values)
            .filter(|selected| self.is_selected_live(selected));
        live.fold(Cond::never(), |either, selected| {
            either.or_roughly(&selected.condition)
        })
    }

    /// Whether two sets select the same.
    pub fn same(&self, one: SetId, other: SetId) -> bool {
        let (one, other) = (self.set(one), self.set(other));
        let live = |set: &Set| -> Vec<(Option<Name>, Arc<str>, Selected)> {
            let fields = set.fields.iter().flat_map(|(under, fields)| {
                fields
                    .iter()
                    .map(move |(key, selected)| (under.clone(), key.clone(), selected.clone()))
            });
            fields
                .filter(|(.., selected)| self.is_selected_live(selected))
                .collect()
        };
        let (left, right) = (live(one), live(other));
        one.typename == other.typename
            && left.len() == right.len()
            && left
                .iter()
                .zip(&right)
                .all(|((under, key, left), (other_under, other_key, right))| {
                    (under, key, &left.name, &left.arguments, &left.condition)
                        == (
                            other_under,
                            other_key,
                            &right.name,
                            &right.arguments,
                            &right.condition,
                        )
                        && match (left.inner, right.inner) {
                            (Some(left), Some(right)) => self.same(left, right),
                            (left, right) => left.is_none() && right.is_none(),
                        }
                })
    }

    /// Puts all of one set into another.
    pub fn merge(&mut self, into: SetId, from: SetId) {
        if into == from {
            return;
        }
        let from = self.set(from).clone();
        self.set_mut(into).typename.extend(from.typename);
        for (under, fields) in from.fields {
            for (key, selected) in fields {
                let target = self.set_mut(into).fields.entry(under.clone()).or_default();
                let Some(known) = target.get_mut(&key) else {
                    target.insert(key, selected);
                    continue;
                };
                known.condition = known.condition.or_roughly(&selected.condition);
                known.kept |= selected.kept;
                if let (Some(into), Some(from)) = (known.inner, selected.inner) {
                    self.merge(into, from);
                }
            }
        }
    }
}
