//! `@fromContext`: arguments whose values are taken from objects further up.
//!
//! The walk remembers the objects that it came through ([`Above`]). The nearest of them that sets the context gives the value: what is selected of it is had like everything else that a step needs, and the step's batch says how to read it from the merged tree.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Type, Value};
use apollo_compiler::executable::SelectionSet;
use apollo_compiler::{Name, executable};
use lavka_supergraph::{ContextArgument, FieldInSubgraph};

use super::paths::PathId;
use super::{Builder, Source, Spot};
use crate::cond::Cond;
use crate::draft::{ContextValue, StepId};
use crate::error::PlanError;
use crate::normal::Field;
use crate::plan::ContextVariable;
use crate::write::write_selection_set;

/// Objects that the walk came through.
#[derive(Clone, Debug)]
pub(super) struct Above<'a> {
    pub spot: Spot,
    pub source: Source<'a>,
}

/// What a step says for arguments from contexts.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// What each argument is, and what is written for it.
    pub values: Vec<(Meaning, Value)>,
    pub variables: Vec<ContextValue>,
    pub depends_on: BTreeSet<StepId>,
}

/// Arguments of the same meaning have the same value at a spot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Meaning {
    context: Arc<str>,
    ty: String,
    selections: Vec<String>,
}

impl Meaning {
    fn of(argument: &ContextArgument) -> Self {
        Self {
            context: argument.context.clone(),
            ty: argument.ty.to_string(),
            selections: argument.selections.values().map(write_selection_set).collect(),
        }
    }
}

impl std::fmt::Display for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            context,
            ty,
            selections,
        } = self;
        write!(f, "${context}:{ty}{{{}}}", selections.join("|"))
    }
}

/// All that a field takes from contexts, each once.
pub(super) fn meanings(declared: &FieldInSubgraph) -> BTreeSet<Meaning> {
    declared.context_arguments.iter().map(Meaning::of).collect()
}

impl<'a> Builder<'a, '_> {
    /// Has everything had that a field takes from contexts. None: some of it can't be had.
    pub(super) fn told(
        &mut self,
        declared: &'a FieldInSubgraph,
        condition: &Cond,
    ) -> Result<Option<Told>, PlanError> {
        let mut told = Told::default();
        for argument in &declared.context_arguments {
            let meaning = Meaning::of(argument);
            if told.values.iter().any(|(known, _)| *known == meaning) {
                continue;
            }
            let Some((above, height, selection)) = self.nearest(argument) else {
                return Ok(None);
            };
            let written = match constant(&above.spot, selection) {
                Some(Value::Null) if argument.ty.is_non_null() => return Ok(None),
                Some(constant) => constant,
                None => match self.variable(&above, height, selection, &argument.ty, condition)? {
                    Some((variable, depends_on)) => {
                        let name = Name::new(&variable.variable.variable).ok();
                        told.variables.push(variable);
                        told.depends_on.extend(depends_on);
                        match name {
                            Some(name) => Value::Variable(name),
                            None => return Ok(None),
                        }
                    }
                    None => return Ok(None),
                },
            };
            told.values.push((meaning, written));
        }
        Ok(Some(told))
    }

    /// The nearest object that sets the context, how many stand above it, and what is taken of it.
    fn nearest(&self, argument: &'a ContextArgument) -> Option<(Above<'a>, usize, &'a SelectionSet)> {
        let above = self.above.iter().enumerate().rev();
        above
            .filter_map(|(height, above)| Some((above, height, argument.selections.get(&above.spot.ty)?)))
            .map(|(above, height, selection)| (above.clone(), height, selection))
            .next()
    }

    /// A variable for what is selected of an object further up, and the steps that it comes from.
    fn variable(
        &mut self,
        above: &Above<'a>,
        height: usize,
        selection: &SelectionSet,
        ty: &Type,
        condition: &Cond,
    ) -> Result<Option<(ContextValue, BTreeSet<StepId>)>, PlanError> {
        let Above { spot, source } = above;
        // Reading another value of a mutation's root would be another mutation.
        if spot.path == PathId::ROOT && !self.graph.is_query_root(&spot.ty) {
            return Ok(None);
        }
        let needed = self.needed(spot, selection, condition)?;
        let below = self.above.split_off(height);
        self.recorders.push(BTreeSet::new());
        let left = self.fields(spot, Some(source), &needed);
        let depends_on = self.recorders.pop().unwrap_or_default();
        self.above.extend(below);
        if !left?.is_empty() {
            return Ok(None);
        }
        let Some(value) = self.represent(&needed, false).into_iter().next() else {
            return Ok(None);
        };
        let variable = format!("{}{}", self.context_prefix, self.context_count);
        self.context_count += 1;
        let variable = ContextValue {
            variable: ContextVariable {
                variable: variable.into(),
                at: self.paths.get(spot.path).0.len(),
                value,
                nullable: !ty.is_non_null(),
            },
            ty: ty.clone(),
        };
        Ok(Some((variable, depends_on)))
    }

    /// A field with the arguments that its step has values for. None: it has none for some of them.
    pub(super) fn with_contexts(
        &self,
        step: StepId,
        declared: &FieldInSubgraph,
        field: &Rc<Field>,
    ) -> Option<Rc<Field>> {
        if declared.context_arguments.is_empty() {
            return Some(field.clone());
        }
        let told = self.told_to.get(&step)?;
        let mut arguments = field.arguments.clone();
        for argument in &declared.context_arguments {
            let meaning = Meaning::of(argument);
            let (_, value) = told.iter().find(|(known, _)| *known == meaning)?;
            arguments.push(Node::new(Argument {
                name: argument.name.clone(),
                value: Node::new(value.clone()),
            }));
        }
        Some(Rc::new(Field {
            arguments,
            ..Field::clone(field)
        }))
    }

    /// Remembers what a step was told.
    pub(super) fn remember(&mut self, step: StepId, values: Vec<(Meaning, Value)>) {
        if !values.is_empty() {
            self.told_to.insert(step, values);
        }
    }
}

/// What needs no subgraph: null where nothing is selected of the type, and the type's own name.
fn constant(spot: &Spot, selection: &SelectionSet) -> Option<Value> {
    match selection.selections.as_slice() {
        [] => Some(Value::Null),
        [executable::Selection::Field(field)] if field.name == "__typename" => {
            Some(Value::String(spot.ty.to_string()))
        }
        _ => None,
    }
}
