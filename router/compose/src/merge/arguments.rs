//! Arguments of a field: those that every subgraph knows.

use indexmap::IndexSet;

use super::{Merger, Part, marks, type_refs};
use crate::error::{Code, CompositionError, Hint, HintCode};
use crate::merged::MergedInput;
use crate::model::{Field, InputValue};

impl Merger<'_> {
    pub(super) fn arguments(&mut self, coordinate: &str, given: &[Part<'_, Field>]) -> Vec<MergedInput> {
        let names: IndexSet<_> = given
            .iter()
            .flat_map(|(_, field)| field.arguments.keys().cloned())
            .collect();
        let mut merged = Vec::new();
        for name in names {
            let parts: Vec<Part<'_, InputValue>> = given
                .iter()
                .filter_map(|(graph, field)| Some((*graph, field.arguments.get(&name)?)))
                .collect();
            let argument = format!("{coordinate}({name}:)");
            if parts.iter().any(|(_, part)| part.context.is_some()) {
                self.contextual(&argument, &parts);
                continue;
            }
            if parts.len() < given.len() {
                let lacking: Vec<_> = given
                    .iter()
                    .filter(|(_, field)| !field.arguments.contains_key(&name))
                    .map(|(graph, _)| *graph)
                    .collect();
                self.argument_missing(&argument, &parts, &lacking);
                continue;
            }
            let codes = (
                Code::FieldArgumentTypeMismatch,
                Code::FieldArgumentDefaultMismatch,
            );
            merged.extend(self.input_value(&argument, &parts, codes));
        }
        merged
    }

    fn argument_missing(&mut self, argument: &str, parts: &[Part<'_, InputValue>], lacking: &[usize]) {
        let lacking = self.names(lacking.iter().copied());
        let required: Vec<_> = parts.iter().filter(|(_, part)| part.is_required()).collect();
        if required.is_empty() {
            let places = self.places(argument, parts);
            self.hints.push(Hint {
                code: HintCode::InconsistentArgumentPresence,
                message: format!("{argument} is left out, since {lacking} doesn't have it"),
                places,
            });
            return;
        }
        let who = self.names(required.iter().map(|(graph, _)| *graph));
        let message = format!("{argument} is required in {who}, but {lacking} doesn't have it");
        let error = CompositionError::new(Code::RequiredArgumentMissingInSomeSubgraph, message)
            .at_all(self.places(argument, parts))
            .hint(format!(
                "add the argument in {lacking}, or make it optional in {who}"
            ));
        self.error(error);
    }

    /// Merges arguments, or input fields, that are in all subgraphs concerned.
    pub(super) fn input_value(
        &mut self,
        coordinate: &str,
        parts: &[Part<'_, InputValue>],
        (wrong_type, wrong_default): (Code, Code),
    ) -> Option<MergedInput> {
        let ((_, first), rest) = parts.split_first()?;
        let mut ty = Some(first.ty.clone());
        for (_, part) in rest {
            ty = ty.and_then(|ty| type_refs::input_type(&ty, &part.ty));
        }
        let Some(ty) = ty else {
            let said: Vec<String> = parts
                .iter()
                .map(|(graph, part)| format!("{} in \"{}\"", part.ty, self.subgraphs[*graph].name))
                .collect();
            let message = format!(
                "{coordinate} has types that don't go together: {}",
                said.join(", ")
            );
            let error = CompositionError::new(wrong_type, message)
                .at_all(self.places(coordinate, parts))
                .hint("give it one type in all subgraphs; it may differ in nullability only");
            self.error(error);
            return None;
        };
        if parts.iter().any(|(_, part)| part.ty != ty) {
            let places = self.places(coordinate, parts);
            self.hints.push(Hint {
                code: HintCode::InconsistentButCompatibleArgumentType,
                message: format!("{coordinate} has different types in its subgraphs; clients give {ty}"),
                places,
            });
        }
        let said: Vec<_> = parts
            .iter()
            .map(|(graph, part)| {
                (
                    self.place(*graph, coordinate, part.position),
                    part.description.clone(),
                )
            })
            .collect();
        Some(MergedInput {
            name: first.name.clone(),
            description: self.description(coordinate, said),
            ty,
            default: self.default_value(coordinate, parts, wrong_default),
            marks: marks::merge(parts.iter().map(|(_, part)| &part.marks)),
        })
    }

    /// A default holds where all say the same; where only some have one, there is none.
    fn default_value(
        &mut self,
        coordinate: &str,
        parts: &[Part<'_, InputValue>],
        code: Code,
    ) -> Option<apollo_compiler::Node<apollo_compiler::ast::Value>> {
        let mut defaults = parts.iter().filter_map(|(_, part)| part.default.as_ref());
        let first = defaults.next()?;
        if defaults.any(|other| other != first) {
            let said: Vec<String> = parts
                .iter()
                .filter_map(|(graph, part)| {
                    Some(format!(
                        "{} in \"{}\"",
                        part.default.as_ref()?,
                        self.subgraphs[*graph].name
                    ))
                })
                .collect();
            let message = format!("{coordinate} has different defaults: {}", said.join(", "));
            let error = CompositionError::new(code, message)
                .at_all(self.places(coordinate, parts))
                .hint("give it the same default in all subgraphs");
            self.error(error);
            return None;
        }
        if parts.iter().any(|(_, part)| part.default.is_none()) {
            let places = self.places(coordinate, parts);
            self.hints.push(Hint {
                code: HintCode::InconsistentDefaultValuePresence,
                message: format!(
                    "{coordinate} has the default {first} in some subgraphs only, so it has none"
                ),
                places,
            });
            return None;
        }
        Some(first.clone())
    }

    pub(super) fn places(
        &self,
        coordinate: &str,
        parts: &[Part<'_, InputValue>],
    ) -> Vec<crate::error::Place> {
        parts
            .iter()
            .map(|(graph, part)| self.place(*graph, coordinate, part.position))
            .collect()
    }
}

impl InputValue {
    /// Whether a client must give it.
    pub(crate) fn is_required(&self) -> bool {
        self.ty.is_non_null() && self.default.is_none()
    }
}
