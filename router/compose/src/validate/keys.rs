//! `@key`: fields that tell one entity from another, so they are single values without arguments.

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection, SelectionSet};

use crate::error::{Code, CompositionError};
use crate::model::{Federation, FieldSet, Shape, SubgraphModel, TypeModel};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in subgraph.types.values() {
        for key in &ty.keys {
            fields(subgraph, ty, &key.fields, &key.fields.selection, &mut errors);
        }
        if matches!(ty.shape, Shape::Interface(_)) {
            on_interface(subgraph, ty, &mut errors);
        }
    }
    errors
}

fn fields(
    subgraph: &SubgraphModel,
    ty: &TypeModel,
    key: &FieldSet,
    set: &SelectionSet,
    errors: &mut Vec<CompositionError>,
) {
    for selection in &set.selections {
        let field = match selection {
            Selection::Field(field) => field,
            Selection::InlineFragment(fragment) => {
                fields(subgraph, ty, key, &fragment.selection_set, errors);
                continue;
            }
            Selection::FragmentSpread(_) => continue,
        };
        let mut refuse = |code: Code, what: String, hint: &str| {
            let message = format!("@key(fields: \"{key}\") of {}: {what}", ty.name);
            let place = subgraph.place(ty.name.as_str(), key.position);
            errors.push(CompositionError::new(code, message).at(place).hint(hint));
        };
        let coordinate = format!("{}.{}", set.ty, field.name);
        if field.alias.is_some() {
            let what = format!("{coordinate} has an alias");
            refuse(Code::KeyInvalidFields, what, "take the alias away");
        }
        if !field.definition.arguments.is_empty() {
            let what = format!("{coordinate} takes arguments");
            refuse(
                Code::KeyFieldsHasArgs,
                what,
                "use a field without arguments: a key must be the same for everyone",
            );
        }
        let inner = field.definition.ty.inner_named_type();
        let is_abstract = subgraph
            .schema
            .types
            .get(inner)
            .is_some_and(|ty| ty.is_interface() || ty.is_union());
        if is_abstract || matches!(field.definition.ty, Type::List(_) | Type::NonNullList(_)) {
            let what = format!(
                "{coordinate} is {}, and a key can't have lists, interfaces or unions",
                field.definition.ty
            );
            refuse(
                Code::KeyFieldsSelectInvalidType,
                what,
                "use fields that are scalars, enums or objects",
            );
        }
        fields(subgraph, ty, key, &field.selection_set, errors);
    }
}

fn on_interface(subgraph: &SubgraphModel, interface: &TypeModel, errors: &mut Vec<CompositionError>) {
    for key in &interface.keys {
        match subgraph.federation {
            // Federation 1 allowed it and gave it no meaning.
            Federation::One => continue,
            Federation::Two { minor } if minor < 3 => {
                let message = format!(
                    "@key(fields: \"{}\") on the interface {}: interfaces have keys since federation 2.3, and this is 2.{minor}",
                    key.fields, interface.name
                );
                errors.push(
                    CompositionError::new(Code::KeyUnsupportedOnInterface, message)
                        .at(subgraph.place(interface.name.as_str(), key.fields.position))
                        .hint("link https://specs.apollo.dev/federation/v2.3 or later"),
                );
                continue;
            }
            Federation::Two { .. } => {}
        }
        let text = key.fields.to_string();
        let implementations = subgraph.types.values().filter(
            |ty| matches!(&ty.shape, Shape::Object(object) if object.implements.contains(&interface.name)),
        );
        for object in implementations {
            let same = object
                .keys
                .iter()
                .any(|own| own.fields.to_string() == text && (own.resolvable || !key.resolvable));
            if !same {
                let message = format!(
                    "{} implements {}, which has @key(fields: \"{text}\"), but it doesn't have this key",
                    object.name, interface.name
                );
                errors.push(
                    CompositionError::new(Code::InterfaceKeyNotOnImplementation, message)
                        .at(subgraph.place(object.name.as_str(), object.position))
                        .hint(format!("add @key(fields: \"{text}\") to {}", object.name)),
                );
            }
        }
    }
}
