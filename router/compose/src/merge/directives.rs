//! Directive definitions that reach the supergraph: those for operations that every subgraph knows, and those that `@composeDirective` keeps.

use std::collections::BTreeMap;

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
            if others.iter().all(same_arguments) && !definition.locations.is_empty() {
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
