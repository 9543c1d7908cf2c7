//! `@override(from:)`: a field that moves from one subgraph to another.

use super::{Merger, Part};
use crate::error::Hint;
use crate::model::{Field, TypeModel, Use};

/// How a subgraph stands to a field that it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It gives the field (or has it from outside).
    Gives,
    /// Another took it over, but this subgraph's own keys or requirements name it.
    UsedOverridden,
    /// Another took it over altogether.
    Gone,
}

impl Standing {
    pub fn is_gone(self) -> bool {
        self != Self::Gives
    }
}

impl Merger<'_> {
    pub(super) fn standings(
        &mut self,
        coordinate: &str,
        of_type: &[Part<'_, TypeModel>],
        parts: &[Part<'_, Field>],
    ) -> Vec<Standing> {
        let mut standings = vec![Standing::Gives; parts.len()];
        for (graph, field) in parts {
            let Some(taken) = &field.overrides else { continue };
            let source = parts
                .iter()
                .position(|(other, _)| self.subgraphs[*other].name == taken.from);
            let Some(source) = source else {
                let known = of_type
                    .iter()
                    .any(|(other, _)| self.subgraphs[*other].name == taken.from);
                let what = if known {
                    "doesn't have the field (any more)"
                } else {
                    "doesn't know the type"
                };
                let place = self.place(*graph, coordinate, field.position);
                self.hints.push(Hint {
                    code: "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
                    message: format!("{coordinate} is overridden from \"{}\", which {what}", taken.from),
                    places: vec![place],
                });
                continue;
            };
            if taken.label.is_some() {
                continue;
            }
            let (_, overridden) = parts[source];
            standings[source] = if overridden.used == Use::default() {
                Standing::Gone
            } else {
                Standing::UsedOverridden
            };
        }
        standings
    }
}
