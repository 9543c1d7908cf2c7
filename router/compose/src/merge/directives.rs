//! Directives for operations: those that every subgraph knows reach the supergraph.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::{Name, Node};

use super::Merger;
use crate::error::{Hint, HintCode, Place};
use crate::model::places;

impl Merger<'_> {
    pub(super) fn executable_directives(&mut self) -> BTreeMap<Name, Node<DirectiveDefinition>> {
        let Some((first, rest)) = self.subgraphs.split_first() else {
            return BTreeMap::new();
        };
        let mut merged = BTreeMap::new();
        self.directives_of_some();
        for (name, definition) in &first.executable_directives {
            let others: Option<Vec<_>> = rest
                .iter()
                .map(|subgraph| subgraph.executable_directives.get(name))
                .collect();
            let Some(others) = others else { continue };
            let own = definition;
            let mut definition = (**own).clone();
            definition.locations.retain(|location| {
                is_for_operations(*location) && others.iter().all(|other| other.locations.contains(location))
            });
            let same_arguments = |other: &&Node<DirectiveDefinition>| {
                let of = |definition: &DirectiveDefinition| {
                    let argument = |one: &Node<apollo_compiler::ast::InputValueDefinition>| {
                        (one.name.clone(), one.ty.clone(), one.default_value.clone())
                    };
                    definition.arguments.iter().map(argument).collect::<Vec<_>>()
                };
                of(other) == of(&definition)
            };
            let places = self.places_of_directive(name);
            let mut hint = |code: HintCode, message: String| {
                let places = places.clone();
                self.hints.push(Hint {
                    code,
                    message,
                    places,
                });
            };
            if definition.locations.is_empty() {
                hint(
                    HintCode::NoExecutableDirectiveLocationsIntersection,
                    format!("@{name} is left out, since its definitions have no location in common"),
                );
                continue;
            }
            if others.iter().all(same_arguments) {
                let for_operations = |definition: &DirectiveDefinition| {
                    definition
                        .locations
                        .iter()
                        .filter(|location| is_for_operations(**location))
                        .count()
                };
                let mut all = others.iter().copied().chain([own]);
                if all.any(|one| for_operations(one) != definition.locations.len()) {
                    let common: Vec<String> = definition.locations.iter().map(ToString::to_string).collect();
                    hint(
                        HintCode::InconsistentExecutableDirectiveLocations,
                        format!(
                            "@{name} may stand in different locations; common to all are {}",
                            common.join(", ")
                        ),
                    );
                }
                if others
                    .iter()
                    .any(|other| other.repeatable != definition.repeatable)
                {
                    hint(
                        HintCode::InconsistentExecutableDirectiveRepeatable,
                        format!("@{name} is repeatable in some subgraphs only, so it isn't"),
                    );
                }
                definition.repeatable &= others.iter().all(|other| other.repeatable);
                merged.insert(name.clone(), Node::new(definition));
            } else {
                hint(
                    HintCode::InconsistentExecutableDirectivePresence,
                    format!("@{name} is left out, since its definitions differ"),
                );
            }
        }
        merged
    }

    /// A directive that some subgraphs don't know would fail in them.
    fn directives_of_some(&mut self) {
        let all = self
            .subgraphs
            .iter()
            .flat_map(|subgraph| subgraph.executable_directives.keys());
        let names: BTreeSet<&Name> = all.collect();
        for name in names {
            let subgraphs = self.subgraphs.iter().enumerate();
            let lacking: Vec<usize> = subgraphs
                .filter(|(_, subgraph)| !subgraph.executable_directives.contains_key(name))
                .map(|(graph, _)| graph)
                .collect();
            if !lacking.is_empty() {
                self.hints.push(Hint {
                    code: HintCode::InconsistentExecutableDirectivePresence,
                    message: format!(
                        "@{name} is left out, since {} doesn't define it",
                        self.names(lacking)
                    ),
                    places: self.places_of_directive(name),
                });
            }
        }
    }

    fn places_of_directive(&self, name: &Name) -> Vec<Place> {
        places(self.subgraphs, &format!("@{name}"))
    }
}

fn is_for_operations(location: DirectiveLocation) -> bool {
    use DirectiveLocation as L;
    matches!(
        location,
        L::Query
            | L::Mutation
            | L::Subscription
            | L::Field
            | L::FragmentDefinition
            | L::FragmentSpread
            | L::InlineFragment
            | L::VariableDefinition
    )
}
