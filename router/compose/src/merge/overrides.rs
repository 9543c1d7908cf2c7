//! `@override(from:)`: a field that moves from one subgraph to another.

use super::{Merger, Part};
use crate::error::{Code, CompositionError, Hint, HintCode};
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
                let place = self.place(*graph, coordinate, field.position);
                let exists = self.subgraphs.iter().any(|subgraph| subgraph.name == taken.from);
                let knows_type = of_type
                    .iter()
                    .any(|(other, _)| self.subgraphs[*other].name == taken.from);
                let (code, what) = match (exists, knows_type) {
                    (false, _) => (HintCode::FromSubgraphDoesNotExist, "which is no subgraph"),
                    (true, true) => (
                        HintCode::OverrideDirectiveCanBeRemoved,
                        "which doesn't have the field (any more)",
                    ),
                    (true, false) => (
                        HintCode::OverrideDirectiveCanBeRemoved,
                        "which doesn't know the type",
                    ),
                };
                self.hints.push(Hint {
                    code,
                    message: format!("{coordinate} is overridden from \"{}\", {what}", taken.from),
                    places: vec![place],
                });
                continue;
            };
            let (other, overridden) = parts[source];
            self.conflicts(coordinate, (*graph, field), (other, overridden));
            let place = self.place(other, coordinate, overridden.position);
            if let Some(label) = &taken.label {
                self.hints.push(Hint {
                    code: HintCode::OverrideMigrationInProgress,
                    message: format!(
                        "{coordinate} moves from \"{}\" to \"{}\" where \"{label}\" is on",
                        taken.from, self.subgraphs[*graph].name
                    ),
                    places: vec![place],
                });
                continue;
            }
            standings[source] = if overridden.used == Use::default() {
                self.hints.push(Hint {
                    code: HintCode::OverriddenFieldCanBeRemoved,
                    message: format!(
                        "{coordinate} isn't asked of \"{}\" any more: \"{}\" overrides it",
                        taken.from, self.subgraphs[*graph].name
                    ),
                    places: vec![place],
                });
                Standing::Gone
            } else {
                Standing::UsedOverridden
            };
        }
        standings
    }

    /// What the source says of the field must not get lost with it.
    fn conflicts(&mut self, coordinate: &str, taker: Part<'_, Field>, source: Part<'_, Field>) {
        let names = (&self.subgraphs[taker.0].name, &self.subgraphs[source.0].name);
        let (code, message, hint) = if source.1.overrides.is_some() {
            let message = format!(
                "{coordinate} is overridden by \"{}\" from \"{}\", which overrides it too",
                names.0, names.1
            );
            let hint = "override it in one subgraph, from the one that really gives it";
            (Code::OverrideSourceHasOverride, message, hint)
        } else if source.1.requires.is_some() || source.1.provides.is_some() {
            let directive = if source.1.requires.is_some() {
                "@requires"
            } else {
                "@provides"
            };
            let message = format!(
                "{coordinate} can't be overridden from \"{}\", where it has {directive}",
                names.1
            );
            let hint = "take the directive away there before the field moves";
            (Code::OverrideCollisionWithAnotherDirective, message, hint)
        } else {
            return;
        };
        let places = [taker, source].map(|(graph, field)| self.place(graph, coordinate, field.position));
        self.error(CompositionError::new(code, message).at_all(places).hint(hint));
    }
}
