//! Directives that clients may write in operations.

use apollo_compiler::Schema;
use apollo_compiler::ast::DirectiveDefinition;

use super::Found;
use super::references::input_is_safe;

pub(super) fn compare(old: &Schema, new: &Schema, found: &mut Found) {
    let own = old
        .directive_definitions
        .iter()
        .filter(|(_, one)| !one.is_built_in());
    for (name, before) in own {
        match new.directive_definitions.get(name) {
            Some(after) => definition(before, after, found),
            None => found.breaking(
                "DIRECTIVE_REMOVED",
                format!("@{name}"),
                format!("@{name} was removed"),
            ),
        }
    }
}

fn definition(before: &DirectiveDefinition, after: &DirectiveDefinition, found: &mut Found) {
    let name = &before.name;
    for argument in &before.arguments {
        let coordinate = format!("@{name}({}:)", argument.name);
        match after.argument_by_name(&argument.name) {
            None => {
                let message = format!("{coordinate} was removed");
                found.breaking("DIRECTIVE_ARG_REMOVED", coordinate, message);
            }
            Some(now) if !input_is_safe(&argument.ty, &now.ty) => {
                let message = format!("{coordinate} was {} and is {}", argument.ty, now.ty);
                found.breaking("DIRECTIVE_ARG_CHANGED_KIND", coordinate, message);
            }
            Some(_) => {}
        }
    }
    for argument in after.arguments.iter().filter(|argument| argument.is_required()) {
        if before.argument_by_name(&argument.name).is_none() {
            let coordinate = format!("@{name}({}:)", argument.name);
            let message = format!("{coordinate} was added, and must be given");
            found.breaking("REQUIRED_DIRECTIVE_ARG_ADDED", coordinate, message);
        }
    }
    if before.repeatable && !after.repeatable {
        let message = format!("@{name} can't be repeated any more");
        found.breaking("DIRECTIVE_REPEATABLE_REMOVED", format!("@{name}"), message);
    }
    for location in before
        .locations
        .iter()
        .filter(|location| !after.locations.contains(location))
    {
        let message = format!("@{name} can't stand on {location} any more");
        found.breaking("DIRECTIVE_LOCATION_REMOVED", format!("@{name}"), message);
    }
}
