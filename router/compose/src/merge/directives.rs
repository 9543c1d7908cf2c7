//! Directive definitions that reach the supergraph: those for operations that every subgraph knows, and those that `@composeDirective` keeps.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::{Name, Node};

use super::Merger;
use crate::error::{Code, CompositionError, Hint};
use crate::model::Composed;

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
            let mut definition = (**definition).clone();
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
            let mut hint = |code: &'static str, message: String| {
                let places = Vec::new();
                self.hints.push(Hint {
                    code,
                    message,
                    places,
                });
            };
            if definition.locations.is_empty() {
                hint(
                    "NO_EXECUTABLE_DIRECTIVE_LOCATIONS_INTERSECTION",
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
                if others
                    .iter()
                    .any(|other| for_operations(other) != definition.locations.len())
                {
                    let common: Vec<String> = definition.locations.iter().map(ToString::to_string).collect();
                    hint(
                        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
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
                        "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
                        format!("@{name} is repeatable in some subgraphs only, so it isn't"),
                    );
                }
                definition.repeatable &= others.iter().all(|other| other.repeatable);
                merged.insert(name.clone(), Node::new(definition));
            } else {
                self.hints.push(Hint {
                    code: "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
                    message: format!("@{name} is left out, since its definitions differ"),
                    places: Vec::new(),
                });
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
                    code: "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
                    message: format!(
                        "@{name} is left out, since {} doesn't define it",
                        self.names(lacking)
                    ),
                    places: Vec::new(),
                });
            }
        }
    }

    pub(super) fn composed_directives(&mut self) -> BTreeMap<Name, Composed> {
        let mut merged: BTreeMap<Name, (usize, Composed)> = BTreeMap::new();
        for (graph, subgraph) in self.subgraphs.iter().enumerate() {
            for (name, composed) in &subgraph.composed {
                let Some((first, known)) = merged.get(name) else {
                    merged.insert(name.clone(), (graph, composed.clone()));
                    continue;
                };
                let differ = known.url != composed.url || !alike(&known.definition, &composed.definition);
                if differ {
                    let message = format!(
                        "@{name} is composed from \"{}\" and from \"{}\" with different definitions or links",
                        self.subgraphs[*first].name, subgraph.name
                    );
                    self.errors.push(
                        CompositionError::new(Code::DirectiveCompositionError, message)
                            .at(subgraph.place(format!("@{name}"), None))
                            .hint("define and link it alike in all subgraphs that compose it"),
                    );
                }
            }
        }
        merged
            .into_iter()
            .map(|(name, (_, composed))| (name, composed))
            .collect()
    }
}

fn alike(left: &DirectiveDefinition, right: &DirectiveDefinition) -> bool {
    left.arguments == right.arguments && left.repeatable == right.repeatable
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
