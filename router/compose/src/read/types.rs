//! Types into the model.

use std::collections::BTreeMap;

use apollo_compiler::ast::Directive;
use apollo_compiler::schema::{Component, ComponentOrigin, DirectiveList, ExtendedType};
use apollo_compiler::{Name, Node};

use super::Reader;
use super::directives::{boolean, position};
use super::field_set::KEY;
use crate::model::{Composite, EnumValue, Key, Shape, TypeModel};

impl Reader<'_> {
    pub(super) fn types(&mut self) -> BTreeMap<Name, TypeModel> {
        let types: Vec<ExtendedType> = self
            .schema
            .types
            .values()
            .filter(|ty| !ty.is_built_in() && !self.links.is_machinery(ty.name()))
            .cloned()
            .collect();
        let mut read = BTreeMap::new();
        for ty in &types {
            let model = self.read_type(ty);
            // Every subgraph has a query root, since federation's own fields are in it; an empty other root is none.
            let empty = model
                .composite()
                .is_some_and(|composite| composite.fields.is_empty());
            if !(empty && matches!(model.name.as_str(), "Mutation" | "Subscription")) {
                read.insert(model.name.clone(), model);
            }
        }
        read
    }

    fn read_type(&mut self, ty: &ExtendedType) -> TypeModel {
        let local = ty.name();
        let directives = ty.directives();
        let shape = match ty {
            ExtendedType::Scalar(_) => Shape::Scalar,
            ExtendedType::Object(object) => {
                let implements = object.implements_interfaces.iter();
                Shape::Object(Composite {
                    implements: implements.map(|name| name.name.clone()).collect(),
                    fields: self.fields(local, directives, &object.fields),
                })
            }
            ExtendedType::Interface(interface) => {
                let implements = interface.implements_interfaces.iter();
                Shape::Interface(Composite {
                    implements: implements.map(|name| name.name.clone()).collect(),
                    fields: self.fields(local, directives, &interface.fields),
                })
            }
            ExtendedType::Union(union) => Shape::Union {
                members: union.members.iter().map(|name| self.roots.rename(name)).collect(),
            },
            ExtendedType::Enum(definition) => {
                let values = definition
                    .values
                    .iter()
                    .map(|(name, value)| (name.clone(), self.enum_value(value)));
                Shape::Enum {
                    values: values.collect(),
                }
            }
            ExtendedType::InputObject(input) => {
                let fields = input.fields.iter();
                let fields = fields
                    .map(|(name, field)| (name.clone(), self.input_value(&field.node)))
                    .collect();
                Shape::Input { fields }
            }
        };
        let extends = self.has(directives.iter().map(|one| &one.node), "extends");
        TypeModel {
            name: self.roots.rename(local),
            description: description(ty),
            position: position(&self.schema, local.location().or_else(|| ty.location())),
            marks: self.marks(directives.iter().map(|one| &one.node)),
            keys: self.keys(local, directives, extends),
            extension: extends || is_only_extended(ty),
            interface_object: self.has(directives.iter().map(|one| &one.node), "interfaceObject"),
            contexts: self.contexts(directives.iter().map(|one| &one.node)),
            shape,
        }
    }

    fn keys(&mut self, ty: &Name, directives: &DirectiveList, extends: bool) -> Vec<Key> {
        let applied: Vec<Component<Directive>> = directives
            .iter()
            .filter(|directive| self.links.canonical(&directive.name) == Some("key"))
            .cloned()
            .collect();
        let mut keys = Vec::new();
        for directive in applied {
            if let Some(fields) = self.field_set(ty.as_str(), ty, &directive.node, &KEY) {
                keys.push(Key {
                    fields,
                    resolvable: boolean(&directive, "resolvable").unwrap_or(true),
                    extension: extends || directive.origin != ComponentOrigin::Definition,
                });
            }
        }
        keys
    }

    fn enum_value(&self, value: &Component<apollo_compiler::ast::EnumValueDefinition>) -> EnumValue {
        EnumValue {
            description: value.description.clone(),
            position: position(&self.schema, value.location()),
            marks: self.marks(value.directives.iter()),
        }
    }

    /// Whether one of federation's directives is among these.
    pub(super) fn has<'d>(
        &self,
        mut directives: impl Iterator<Item = &'d Node<Directive>>,
        name: &str,
    ) -> bool {
        directives.any(|directive| self.links.canonical(&directive.name) == Some(name))
    }
}

fn description(ty: &ExtendedType) -> Option<Node<str>> {
    match ty {
        ExtendedType::Scalar(ty) => ty.description.clone(),
        ExtendedType::Object(ty) => ty.description.clone(),
        ExtendedType::Interface(ty) => ty.description.clone(),
        ExtendedType::Union(ty) => ty.description.clone(),
        ExtendedType::Enum(ty) => ty.description.clone(),
        ExtendedType::InputObject(ty) => ty.description.clone(),
    }
}

/// Whether every part of a type came from `extend type`: then it was adopted, and nothing of it is from a definition.
fn is_only_extended(ty: &ExtendedType) -> bool {
    let extended = |origin: &ComponentOrigin| *origin != ComponentOrigin::Definition;
    match ty {
        ExtendedType::Object(ty) => {
            !ty.fields.is_empty()
                && ty.fields.values().all(|field| extended(&field.origin))
                && ty.directives.iter().all(|directive| extended(&directive.origin))
        }
        ExtendedType::Interface(ty) => {
            !ty.fields.is_empty()
                && ty.fields.values().all(|field| extended(&field.origin))
                && ty.directives.iter().all(|directive| extended(&directive.origin))
        }
        _ => false,
    }
}
