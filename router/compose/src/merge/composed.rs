//! Directives that `@composeDirective` keeps.
//!
//! A supergraph links each specification once: of several minor versions the newest, whose definitions hold. A subgraph may have left out of its own
//! definition what it doesn't use, so that the others' arguments and locations are added. Whether all that was said can still be said shows when the
//! supergraph is read back.

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
        let mut parts: Vec<Part<'_, Composed>> = parts.to_vec();
        parts.sort_by_key(|(graph, one)| (std::cmp::Reverse(one.origin.version), *graph));
        let (_, newest) = parts[0];
        let mut definition = (*newest.definition).clone();
        for (_, other) in &parts[1..] {
            if !add(&mut definition, &other.definition) && other.origin.version == newest.origin.version {
                return Err(refuse(
                    "in one version with different arguments",
                    &parts,
                    "define its arguments alike in all subgraphs that compose it, or link a newer minor version where they changed",
                ));
            }
        }
        Ok(Composed {
            definition: Node::new(definition),
            ..newest.clone()
        })
    }

    fn places_of_composed(&self, coordinate: &str, parts: &[Part<'_, Composed>]) -> Vec<crate::error::Place> {
        let place =
            |(graph, composed): &Part<'_, Composed>| self.place(*graph, coordinate, composed.position);
        parts.iter().map(place).collect()
    }
}

/// Adds what another definition of a directive has and this one hasn't. False: they have an argument that isn't the same.
fn add(definition: &mut DirectiveDefinition, other: &DirectiveDefinition) -> bool {
    let mut alike = true;
    for argument in &other.arguments {
        match definition.argument_by_name(&argument.name) {
            Some(own) => alike &= own.ty == argument.ty && own.default_value == argument.default_value,
            None => definition.arguments.push(argument.clone()),
        }
    }
    for location in &other.locations {
        if !definition.locations.contains(location) {
            definition.locations.push(*location);
        }
    }
    definition.repeatable |= other.repeatable;
    alike
}
