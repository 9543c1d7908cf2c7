//! Fields, arguments and what is said about them.

use apollo_compiler::ast::{Directive, FieldDefinition, InputValueDefinition};
use apollo_compiler::schema::{Component, DirectiveList};
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;

use super::Reader;
use super::directives::{alternatives, list_size, position, string};
use super::field_set::{PROVIDES, REQUIRES};
use crate::error::{Code, CompositionError, Place};
use crate::model::{Federation, Field, InputValue, Marks, Override, Use};

impl Reader<'_> {
    pub(super) fn fields(
        &mut self,
        owner: &Name,
        of_type: &DirectiveList,
        fields: &apollo_compiler::collections::IndexMap<Name, Component<FieldDefinition>>,
    ) -> IndexMap<Name, Field> {
        let root = self.roots.is_root(owner);
        fields
            .values()
            .filter(|field| !(root && matches!(field.name.as_str(), "_service" | "_entities")))
            .map(|field| (field.name.clone(), self.field(owner, of_type, field)))
            .collect()
    }

    fn field(&mut self, owner: &Name, of_type: &DirectiveList, field: &Component<FieldDefinition>) -> Field {
        let coordinate = format!("{owner}.{}", field.name);
        // `@shareable` and `@external` on a type speak for the fields beside them, not for other pieces of the type.
        let beside = |name: &str| {
            let mut of_type = of_type
                .iter()
                .filter(|directive| directive.origin == field.origin);
            of_type.any(|directive| self.links.canonical(&directive.name) == Some(name))
        };
        let shareable = self.links.federation == Federation::One
            || beside("shareable")
            || self.has(field.directives.iter(), "shareable");
        let external = beside("external") || self.has(field.directives.iter(), "external");
        let own = |name: &str| {
            field
                .directives
                .iter()
                .find(|one| self.links.canonical(&one.name) == Some(name))
                .cloned()
        };
        let (requires, provides, overrides) = (own("requires"), own("provides"), own("override"));
        let inner = field.ty.inner_named_type().clone();
        let is_composite = self
            .schema
            .types
            .get(&inner)
            .is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union());
        let provides = provides.filter(|directive| {
            if !is_composite {
                let place = Place {
                    subgraph: self.subgraph.name.clone(),
                    coordinate: coordinate.clone(),
                    position: position(&self.schema, directive.location()),
                };
                let message = format!("@provides on {coordinate}, which gives {inner} and so has no fields");
                self.errors.push(
                    CompositionError::new(Code::ProvidesOnNonObjectField, message)
                        .at(place)
                        .hint("take @provides away"),
                );
            }
            is_composite
        });
        Field {
            name: field.name.clone(),
            description: field.description.clone(),
            position: position(&self.schema, field.name.location().or_else(|| field.location())),
            ty: self.roots.rename_in(&field.ty),
            arguments: field
                .arguments
                .iter()
                .map(|argument| (argument.name.clone(), self.input_value(argument)))
                .collect(),
            marks: self.marks(field.directives.iter()),
            external,
            shareable,
            requires: requires
                .and_then(|directive| self.field_set(&coordinate, owner, &directive, &REQUIRES)),
            provides: provides
                .and_then(|directive| self.field_set(&coordinate, &inner, &directive, &PROVIDES)),
            overrides: overrides.and_then(|directive| {
                let from = string(&directive, "from")?.to_owned();
                Some(Override {
                    from,
                    label: string(&directive, "label").map(str::to_owned),
                })
            }),
            used: Use::default(),
        }
    }

    pub(super) fn input_value(&self, value: &Node<InputValueDefinition>) -> InputValue {
        InputValue {
            name: value.name.clone(),
            description: value.description.clone(),
            position: position(&self.schema, value.location()),
            ty: (*value.ty).clone(),
            default: value.default_value.clone(),
            marks: self.marks(value.directives.iter()),
            context: self.context_of(value),
        }
    }

    /// What travels to the supergraph with an element.
    pub(super) fn marks<'d>(&self, directives: impl Iterator<Item = &'d Node<Directive>>) -> Marks {
        let mut marks = Marks::default();
        for directive in directives {
            match self.links.canonical(&directive.name) {
                Some("inaccessible") => marks.inaccessible = true,
                Some("tag") => marks.tags.extend(string(directive, "name").map(str::to_owned)),
                Some("authenticated") => marks.authenticated = true,
                Some("requiresScopes") => {
                    marks
                        .scopes
                        .get_or_insert_default()
                        .extend(alternatives(directive, "scopes"));
                }
                Some("policy") => {
                    marks
                        .policies
                        .get_or_insert_default()
                        .extend(alternatives(directive, "policies"));
                }
                Some("cost") => {
                    marks.cost = directive
                        .specified_argument_by_name("weight")
                        .and_then(|value| value.to_i32());
                }
                Some("listSize") => marks.list_size = Some(list_size(directive)),
                Some(_) => {}
                None => match directive.name.as_str() {
                    "deprecated" => marks.deprecated = Some(string(directive, "reason").map(str::to_owned)),
                    "specifiedBy" => marks.specified_by = string(directive, "url").map(str::to_owned),
                    "oneOf" => marks.one_of = true,
                    name if self.composed.contains_key(name) => marks.composed.push(directive.clone()),
                    _ => {}
                },
            }
        }
        marks
    }
}
