//! `@context(name:)` on types, `@fromContext(field: "$name { … }")` on arguments: a value from further up, without passing it down by hand.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, InputValueDefinition};
use lavka_supergraph::{field_set_text, selections};

use super::Reader;
use super::directives::{position, string};
use crate::error::{Code, CompositionError, Place};
use crate::model::FromContext;

impl Reader<'_> {
    /// The contexts that objects of a type set.
    pub(super) fn contexts<'d>(
        &self,
        directives: impl Iterator<Item = &'d Node<Directive>>,
    ) -> BTreeSet<String> {
        directives
            .filter(|directive| self.links.canonical(&directive.name) == Some("context"))
            .filter_map(|directive| string(directive, "name"))
            .map(str::to_owned)
            .collect()
    }

    /// Where an argument's value comes from, if not from who asks.
    pub(super) fn context_of(&self, value: &Node<InputValueDefinition>) -> Option<FromContext> {
        let directive = value
            .directives
            .iter()
            .find(|directive| self.links.canonical(&directive.name) == Some("fromContext"))?;
        let (context, selection) = reference(string(directive, "field").unwrap_or_default());
        Some(FromContext {
            context: context.map(str::to_owned),
            parsed: selections(selection).ok(),
            selection: selection.to_owned(),
            position: position(&self.schema, directive.location()),
        })
    }

    /// A directive's arguments have nothing above them.
    pub(super) fn contexts_of_directives(&mut self) {
        let mut errors = Vec::new();
        for definition in self.schema.directive_definitions.values() {
            for argument in &definition.arguments {
                if !self.has(argument.directives.iter(), "fromContext") {
                    continue;
                }
                let coordinate = format!("@{}({}:)", definition.name, argument.name);
                let message = format!("{coordinate} is @fromContext, but a directive has no context");
                let place = Place {
                    subgraph: self.subgraph.name.clone(),
                    coordinate,
                    position: position(&self.schema, argument.location()),
                };
                errors.push(
                    CompositionError::new(Code::ContextNotSet, message)
                        .at(place)
                        .hint("take @fromContext away: it is for arguments of objects' fields"),
                );
            }
        }
        self.errors.extend(errors);
    }
}

/// `$name selection`.
fn reference(text: &str) -> (Option<&str>, &str) {
    let text = field_set_text(text);
    let Some(rest) = text.strip_prefix('$') else {
        return (None, text);
    };
    let rest = field_set_text(rest);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    let (name, selection) = rest.split_at(end);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (is_name.then_some(name), field_set_text(selection).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_name_and_a_selection() {
        assert_eq!(reference("$user { id }"), (Some("user"), "{ id }"));
        assert_eq!(
            reference(" # why\n $a_1... on A { b } "),
            (Some("a_1"), "... on A { b }")
        );
        assert_eq!(reference("$user"), (Some("user"), ""));
        for wrong in ["user { id }", "$", "$1 { id }", ""] {
            assert_eq!(reference(wrong).0, None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_selection_is_none() {
        for wrong in ["", "{", "a }", "{ a } { b }", "{ a } fragment F on A { a }"] {
            assert!(selections(wrong).is_err(), "{wrong}");
        }
    }
}
