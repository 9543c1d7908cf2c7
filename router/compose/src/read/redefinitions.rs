//! Definitions of federation's directives that a subgraph gives itself. It may leave out of them what it never uses: an argument that needn't be given, a
//! location, the repetition. It may not add to them, or say that an argument is something else.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, DirectiveDefinition, Document, InputValueDefinition, Type};

use super::Reader;
use super::definitions::text_of;
use super::directives::position;
use crate::error::{Code, CompositionError, Place};
use crate::model::Federation;

impl Reader<'_> {
    pub(super) fn redefinitions(&mut self) {
        let mut errors = Vec::new();
        for given in self.schema.directive_definitions.values() {
            let Some(name) = self.links.canonical(&given.name) else {
                continue;
            };
            let Some(published) = published(name) else {
                continue;
            };
            for (what, hint) in self.differences(given, &published) {
                let place = Place {
                    subgraph: self.subgraph.name.clone(),
                    coordinate: format!("@{}", given.name),
                    position: position(&self.schema, given.location()),
                };
                let message = format!("the definition of @{} {what}", given.name);
                let error = CompositionError::new(Code::DirectiveDefinitionInvalid, message);
                errors.push(error.at(place).hint(hint));
            }
        }
        self.errors.extend(errors);
    }

    fn differences(
        &self,
        given: &DirectiveDefinition,
        published: &DirectiveDefinition,
    ) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for argument in &published.arguments {
            let Some(own) = given.argument_by_name(&argument.name) else {
                if argument.is_required() {
                    let text = format!("{}: {}", argument.name, argument.ty).replace(PREFIX, "");
                    found.push((
                        format!("lacks the argument {}", argument.name),
                        format!("add {text}, or take the definition out: it is known"),
                    ));
                }
                continue;
            };
            found.extend(self.other_argument(own, argument));
        }
        for own in &given.arguments {
            if published.argument_by_name(&own.name).is_none() {
                found.push((
                    format!("has an argument {}, which the directive hasn't", own.name),
                    "take the argument out".to_owned(),
                ));
            }
        }
        if given.repeatable && !published.repeatable {
            found.push((
                "is repeatable, which the directive isn't".to_owned(),
                "take `repeatable` out".to_owned(),
            ));
        }
        let allowed: Vec<String> = published.locations.iter().map(ToString::to_string).collect();
        let elsewhere = given
            .locations
            .iter()
            .filter(|location| !published.locations.contains(location));
        let elsewhere: Vec<String> = elsewhere.map(ToString::to_string).collect();
        // Definitions for Federation 1 were written down by many hands, and nobody checked them.
        let tolerated = self.links.federation == Federation::One && elsewhere.len() < given.locations.len();
        if !elsewhere.is_empty() && !tolerated {
            found.push((
                format!(
                    "says that it may stand on {}, where it means nothing",
                    elsewhere.join(", ")
                ),
                format!("it may stand on {}", allowed.join(", ")),
            ));
        }
        found
    }

    fn other_argument(
        &self,
        own: &InputValueDefinition,
        published: &InputValueDefinition,
    ) -> Option<(String, String)> {
        if !self.is_type(&own.ty, &published.ty) {
            let text = published.ty.to_string().replace(PREFIX, "");
            return Some((
                format!("gives its argument {} the type {}", own.name, own.ty),
                format!("it is {text}"),
            ));
        }
        let default = |value: &InputValueDefinition| value.default_value.as_ref().map(ToString::to_string);
        if !own.ty.is_non_null() && default(own) != default(published) {
            let said = |value: Option<String>| {
                value.map_or_else(|| "no default".to_owned(), |value| format!("the default {value}"))
            };
            return Some((
                format!("gives its argument {} {}", own.name, said(default(own))),
                format!("it has {}", said(default(published))),
            ));
        }
        None
    }

    /// Whether a subgraph's type for an argument takes what the published one takes; it may demand what needn't be given. A scalar of federation's has many names.
    fn is_type(&self, own: &Type, published: &Type) -> bool {
        match (own, published) {
            (Type::NonNullNamed(own), Type::Named(published) | Type::NonNullNamed(published))
            | (Type::Named(own), Type::Named(published)) => self.is_named(own, published),
            (Type::NonNullList(own), Type::List(published) | Type::NonNullList(published))
            | (Type::List(own), Type::List(published)) => self.is_type(own, published),
            // Before federation had its scalar, subgraphs said `String` or a list of them.
            (Type::Named(own), Type::NonNullNamed(published)) => {
                self.links.federation == Federation::One && self.is_named(own, published)
            }
            (Type::NonNullList(own), Type::NonNullNamed(published)) => {
                *published == *format!("{PREFIX}FieldSet") && self.is_named(own.inner_named_type(), published)
            }
            _ => false,
        }
    }

    fn is_named(&self, own: &str, published: &str) -> bool {
        let Some(scalar) = published.strip_prefix(PREFIX) else {
            return own == published;
        };
        // What is added where a definition is left out has the published name, whatever the prefix is here.
        own == published
            || own == "String"
            || own == scalar
            || own.strip_prefix('_') == Some(scalar)
            || self.links.scalar_names(scalar).iter().any(|name| name == own)
    }
}

/// What stands before a scalar of federation's own in the published definitions here.
const PREFIX: &str = "federation__";

fn published(name: &str) -> Option<Node<DirectiveDefinition>> {
    let text = text_of(name)?;
    let document = Document::parse(format!("directive @{name}{text}"), "federation.graphql").ok()?;
    document
        .definitions
        .into_iter()
        .find_map(|definition| match definition {
            Definition::DirectiveDefinition(directive) => Some(directive),
            _ => None,
        })
}
