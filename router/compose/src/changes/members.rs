//! What unions, enums and inputs are made of.

use apollo_compiler::Name;
use apollo_compiler::schema::{EnumType, InputObjectType, UnionType};

use super::Found;
use super::references::input_is_safe;

pub(super) fn union(name: &Name, before: &UnionType, after: &UnionType, found: &mut Found) {
    let lacks = |union: &UnionType, member: &Name| union.members.iter().all(|one| one.name != *member);
    for member in before.members.iter().filter(|member| lacks(after, &member.name)) {
        let message = format!("{} was removed from {name}", member.name);
        found.breaking("TYPE_REMOVED_FROM_UNION", name.as_str(), message);
    }
    for member in after.members.iter().filter(|member| lacks(before, &member.name)) {
        let message = format!("{} was added to {name}", member.name);
        found.dangerous("TYPE_ADDED_TO_UNION", name.as_str(), message);
    }
}

pub(super) fn enumeration(name: &Name, before: &EnumType, after: &EnumType, found: &mut Found) {
    for value in before
        .values
        .keys()
        .filter(|value| !after.values.contains_key(*value))
    {
        let message = format!("{name}.{value} was removed");
        found.breaking("VALUE_REMOVED_FROM_ENUM", format!("{name}.{value}"), message);
    }
    for value in after
        .values
        .keys()
        .filter(|value| !before.values.contains_key(*value))
    {
        let message = format!("{name}.{value} was added");
        found.dangerous("VALUE_ADDED_TO_ENUM", format!("{name}.{value}"), message);
    }
}

pub(super) fn input(name: &Name, before: &InputObjectType, after: &InputObjectType, found: &mut Found) {
    for (field, before) in &before.fields {
        let coordinate = format!("{name}.{field}");
        match after.fields.get(field) {
            None => {
                let message = format!("{coordinate} was removed");
                found.breaking("FIELD_REMOVED", coordinate, message);
            }
            Some(after) if !input_is_safe(&before.ty, &after.ty) => {
                let message = format!("{coordinate} was {} and is {}", before.ty, after.ty);
                found.breaking("FIELD_CHANGED_KIND", coordinate, message);
            }
            Some(_) => {}
        }
    }
    for (field, added) in after
        .fields
        .iter()
        .filter(|(field, _)| !before.fields.contains_key(*field))
    {
        let coordinate = format!("{name}.{field}");
        if added.is_required() {
            let message = format!("{coordinate} was added, and must be given");
            found.breaking("REQUIRED_INPUT_FIELD_ADDED", coordinate, message);
        } else {
            let message = format!("{coordinate} was added");
            found.dangerous("OPTIONAL_INPUT_FIELD_ADDED", coordinate, message);
        }
    }
    let (was, is) = (before.directives.has("oneOf"), after.directives.has("oneOf"));
    if was != is {
        let now = if is {
            "must now be given"
        } else {
            "need no longer be given"
        };
        let message = format!("exactly one field of {name} {now} (@oneOf)");
        if is {
            found.breaking("TYPE_CHANGED_KIND", name.as_str(), message);
        } else {
            found.dangerous("TYPE_CHANGED_KIND", name.as_str(), message);
        }
    }
}
