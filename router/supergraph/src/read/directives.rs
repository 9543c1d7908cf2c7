//! Reading the arguments of directives.

use apollo_compiler::ast::Directive;
use apollo_compiler::{Name, Node, Schema};

/// The value of a string argument.
pub(super) fn string<'a>(directive: &'a Directive, argument: &str) -> Option<&'a str> {
    directive.specified_argument_by_name(argument)?.as_str()
}

/// The value of an enum argument.
pub(super) fn enum_value<'a>(directive: &'a Directive, argument: &str) -> Option<&'a Name> {
    directive.specified_argument_by_name(argument)?.as_enum()
}

/// The value of a boolean argument, or what it is when not given.
pub(super) fn boolean(directive: &Directive, argument: &str, default: bool) -> bool {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.to_bool())
        .unwrap_or(default)
}

/// Line and column of a node.
pub(super) fn position<T>(schema: &Schema, node: &Node<T>) -> Option<(usize, usize)> {
    let start = node.line_column_range(&schema.sources)?.start;
    Some((start.line, start.column))
}
