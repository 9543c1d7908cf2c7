//! Fields, their arguments, and the interfaces that a type implements.

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{Component, ComponentName, FieldDefinition};

use super::Found;
use super::references::{input_is_safe, output_is_safe};

pub(super) fn interfaces(
    name: &Name,
    before: &IndexSet<ComponentName>,
    after: &IndexSet<ComponentName>,
    found: &mut Found,
) {
    let lacks =
        |all: &IndexSet<ComponentName>, one: &ComponentName| all.iter().all(|other| other.name != one.name);
    for interface in before.iter().filter(|one| lacks(after, one)) {
        let message = format!("{name} doesn't implement {} any more", interface.name);
        found.breaking("IMPLEMENTED_INTERFACE_REMOVED", name.as_str(), message);
    }
    for interface in after.iter().filter(|one| lacks(before, one)) {
        let message = format!("{name} now implements {}", interface.name);
        found.dangerous("IMPLEMENTED_INTERFACE_ADDED", name.as_str(), message);
    }
}

pub(super) fn fields(
    name: &Name,
    before: &IndexMap<Name, Component<FieldDefinition>>,
    after: &IndexMap<Name, Component<FieldDefinition>>,
    found: &mut Found,
) {
    for (field, before) in before {
        let coordinate = format!("{name}.{field}");
        let Some(after) = after.get(field) else {
            let deprecated = if before.directives.has("deprecated") {
                " (it was deprecated)"
            } else {
                ""
            };
            let message = format!("{coordinate} was removed{deprecated}");
            found.breaking("FIELD_REMOVED", coordinate, message);
            continue;
        };
        if !output_is_safe(&before.ty, &after.ty) {
            let message = format!("{coordinate} was {} and is {}", before.ty, after.ty);
            found.breaking("FIELD_CHANGED_KIND", coordinate.as_str(), message);
        }
        arguments(&coordinate, before, after, found);
    }
}

fn arguments(coordinate: &str, before: &FieldDefinition, after: &FieldDefinition, found: &mut Found) {
    for argument in &before.arguments {
        let coordinate = format!("{coordinate}({}:)", argument.name);
        let Some(now) = after.argument_by_name(&argument.name) else {
            let message = format!("{coordinate} was removed");
            found.breaking("ARG_REMOVED", coordinate, message);
            continue;
        };
        if !input_is_safe(&argument.ty, &now.ty) {
            let message = format!("{coordinate} was {} and is {}", argument.ty, now.ty);
            found.breaking("ARG_CHANGED_KIND", coordinate, message);
        } else if argument.default_value.is_some() && argument.default_value != now.default_value {
            let text = |value: &Option<apollo_compiler::Node<apollo_compiler::ast::Value>>| {
                value
                    .as_ref()
                    .map_or_else(|| "none".to_owned(), ToString::to_string)
            };
            let message = format!(
                "the default of {coordinate} was {} and is {}",
                text(&argument.default_value),
                text(&now.default_value)
            );
            found.dangerous("ARG_DEFAULT_VALUE_CHANGE", coordinate, message);
        }
    }
    for argument in &after.arguments {
        if before.argument_by_name(&argument.name).is_some() {
            continue;
        }
        let coordinate = format!("{coordinate}({}:)", argument.name);
        if argument.is_required() {
            let message = format!("{coordinate} was added, and must be given");
            found.breaking("REQUIRED_ARG_ADDED", coordinate, message);
        } else {
            let message = format!("{coordinate} was added");
            found.dangerous("OPTIONAL_ARG_ADDED", coordinate, message);
        }
    }
}
