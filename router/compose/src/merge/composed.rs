//! Directives that `@composeDirective` keeps.
//!
//! A supergraph has one definition for each: of several minor versions of their specification the newest, which has all that the older ones have. What
//! a subgraph says by an older one must then be sayable by the newest, which shows when the supergraph is read back.

use std::collections::BTreeMap;

use apollo_compiler::ast::DirectiveDefinition;
use apollo_compiler::{Name, Node};

use super::{Merger, Part};
use crate::error::{Code, CompositionError};
use crate::model::Composed;

impl Merger<'_> {
    pub(super) fn composed_directives(&mut self) -> BTreeMap<Name, Composed> {
        let mut by_name: BTreeMap<&Name, Vec<Part<'_, Composed>>> = BTreeMap::new();
        for (graph, subgraph) in self.subgraphs.iter().enumerate() {
            for (name, composed) in &subgraph.composed {
                by_name.entry(name).or_default().push((graph, composed));
            }
        }
        let mut errors = self.majors(&by_name);
        errors.extend(self.called_differently(&by_name));
        let mut merged = BTreeMap::new();
        for (name, parts) in &by_name {
            match self.one_definition(name, parts) {
                Ok(composed) => {
                    merged.insert((*name).clone(), composed);
                }
                Err(error) => errors.push(error),
            }
        }
        self.errors.extend(errors);
        merged
    }

    /// Major versions aren't understood by each other's readers, and a supergraph links one.
    fn majors(&self, by_name: &BTreeMap<&Name, Vec<Part<'_, Composed>>>) -> Vec<CompositionError> {
        let mut by_identity: BTreeMap<&str, Vec<Part<'_, Composed>>> = BTreeMap::new();
        for part in by_name.values().flatten() {
            by_identity
                .entry(&part.1.origin.identity)
                .or_default()
                .push(*part);
        }
        let differing = by_identity.into_iter().filter(|(_, parts)| {
            let major = parts[0].1.origin.version.0;
            parts
                .iter()
                .any(|(_, composed)| composed.origin.version.0 != major)
        });
        let refuse = |(identity, parts): (&str, Vec<Part<'_, Composed>>)| {
            let urls = parts.iter().map(|(graph, composed)| {
                format!("{} in \"{}\"", composed.origin.url, self.subgraphs[*graph].name)
            });
            let urls: Vec<String> = urls.collect();
            let message = format!(
                "directives of {identity} are composed from different major versions: {}",
                urls.join(", ")
            );
            CompositionError::new(Code::DirectiveCompositionError, message)
                .at_all(self.places_of_composed("schema", &parts))
                .hint("link one major version in all subgraphs that compose its directives")
        };
        differing.map(refuse).collect()
    }

    fn called_differently(
        &self,
        by_name: &BTreeMap<&Name, Vec<Part<'_, Composed>>>,
    ) -> Vec<CompositionError> {
        let mut errors = Vec::new();
        let names: Vec<(&Name, Part<'_, Composed>)> =
            by_name.iter().map(|(name, parts)| (*name, parts[0])).collect();
        for (at, (name, part)) in names.iter().enumerate() {
            for (other_name, other) in &names[at + 1..] {
                if !part.1.origin.is_same_directive(&other.1.origin) {
                    continue;
                }
                let message = format!(
                    "@{} of {} is composed by different names: @{name} in \"{}\", and @{other_name} in \"{}\"",
                    part.1.origin.published,
                    part.1.origin.identity,
                    self.subgraphs[part.0].name,
                    self.subgraphs[other.0].name
                );
                errors.push(
                    CompositionError::new(Code::DirectiveCompositionError, message)
                        .at_all(self.places_of_composed("schema", &[*part, *other]))
                        .hint("import it by the same name in all subgraphs that compose it"),
                );
            }
        }
        errors
    }

    fn one_definition(
        &self,
        name: &Name,
        parts: &[Part<'_, Composed>],
    ) -> Result<Composed, CompositionError> {
        let refuse = |what: &str, parts: &[Part<'_, Composed>], hint: &str| {
            let names = self.names(parts.iter().map(|(graph, _)| *graph));
            let error = CompositionError::new(
                Code::DirectiveCompositionError,
                format!("@{name} is composed from {names} {what}"),
            );
            error
                .at_all(self.places_of_composed(&format!("@{name}"), parts))
                .hint(hint)
        };
        let (_, first) = parts[0];
        if parts
            .iter()
            .any(|(_, one)| !one.origin.is_same_directive(&first.origin))
        {
            return Err(refuse(
                "and is not the same directive there",
                parts,
                "import one of them by another name",
            ));
        }
        let newest = parts.iter().map(|(_, one)| one.origin.version).max();
        let newest: Vec<Part<'_, Composed>> = parts
            .iter()
            .filter(|(_, one)| Some(one.origin.version) == newest)
            .copied()
            .collect();
        let (_, chosen) = newest[0];
        let mut definition = (*chosen.definition).clone();
        for (_, other) in &newest[1..] {
            if !takes_the_same(&definition, &other.definition) {
                return Err(refuse(
                    "in one version with different arguments",
                    &newest,
                    "define it alike in all subgraphs that compose it, or link a newer minor version where it has more arguments",
                ));
            }
            definition.repeatable |= other.definition.repeatable;
            for location in &other.definition.locations {
                if !definition.locations.contains(location) {
                    definition.locations.push(*location);
                }
            }
        }
        Ok(Composed {
            definition: Node::new(definition),
            ..chosen.clone()
        })
    }

    fn places_of_composed(&self, coordinate: &str, parts: &[Part<'_, Composed>]) -> Vec<crate::error::Place> {
        let place =
            |(graph, composed): &Part<'_, Composed>| self.place(*graph, coordinate, composed.position);
        parts.iter().map(place).collect()
    }
}

/// The same arguments, in whatever order and however they are described.
fn takes_the_same(left: &DirectiveDefinition, right: &DirectiveDefinition) -> bool {
    let arguments = |definition: &DirectiveDefinition| {
        let arguments = definition.arguments.iter().map(|one| {
            let default = one.default_value.as_ref().map(ToString::to_string);
            (one.name.clone(), (one.ty.to_string(), default))
        });
        arguments.collect::<BTreeMap<_, _>>()
    };
    arguments(left) == arguments(right)
}
