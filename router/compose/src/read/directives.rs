//! Reading the arguments of directives.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::parser::SourceSpan;

use crate::error::Position;
use crate::model::{Alternatives, ListSize};

pub(super) fn string<'a>(directive: &'a Directive, argument: &str) -> Option<&'a str> {
    directive.specified_argument_by_name(argument)?.as_str()
}

pub(super) fn boolean(directive: &Directive, argument: &str) -> Option<bool> {
    directive.specified_argument_by_name(argument)?.to_bool()
}

/// `[["a", "b"], ["c"]]`; a lone value counts as a list of one, as GraphQL coerces.
pub(super) fn alternatives(directive: &Directive, argument: &str) -> Alternatives {
    let Some(value) = directive.specified_argument_by_name(argument) else {
        return Alternatives::new();
    };
    let all_of = |value: &Value| -> BTreeSet<String> {
        match value {
            Value::List(items) => items
                .iter()
                .filter_map(|item| item.as_str())
                .map(str::to_owned)
                .collect(),
            other => other.as_str().map(str::to_owned).into_iter().collect(),
        }
    };
    match &**value {
        Value::List(items) => items.iter().map(|item| all_of(item)).collect(),
        other => BTreeSet::from([all_of(other)]),
    }
}

/// `["a", "b"]`.
fn strings(directive: &Directive, argument: &str) -> Option<BTreeSet<String>> {
    let value = directive.specified_argument_by_name(argument)?;
    let items = value.as_list()?.iter();
    Some(
        items
            .filter_map(|item| item.as_str())
            .map(str::to_owned)
            .collect(),
    )
}

pub(super) fn list_size(directive: &Directive) -> ListSize {
    ListSize {
        assumed: directive
            .specified_argument_by_name("assumedSize")
            .and_then(|value| value.to_i32()),
        slicing: strings(directive, "slicingArguments"),
        sized: strings(directive, "sizedFields"),
        require_one: boolean(directive, "requireOneSlicingArgument"),
    }
}

pub(super) fn position(schema: &Schema, span: Option<SourceSpan>) -> Option<Position> {
    let span = span?;
    span.line_column_range(&schema.sources)
        .map(|range| range.start.into())
}
