//! An operation that shows the way to a field.

use apollo_compiler::Schema;
use apollo_compiler::ast::{OperationType, Type};
use apollo_compiler::schema::{ExtendedType, FieldDefinition};

use super::walk::Walk;

/// Inputs may nest without end, but only through what is optional.
const DEEPEST_VALUE: usize = 8;

impl Walk<'_, '_> {
    /// A valid operation of the client's schema that leads through the states to a field.
    pub fn example(&self, at: usize, last: &FieldDefinition) -> String {
        let api = self.holds.supergraph.api_schema();
        let is_composite = |ty: &Type| {
            let known = api.types.get(ty.inner_named_type());
            known.is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union())
        };
        let mut lines: Vec<String> = vec![format!("{}{}", last.name, arguments(api, last))];
        if is_composite(&last.ty) {
            lines = wrapped(&lines[0].clone(), vec!["__typename".to_owned()]);
        }
        let mut at = at;
        while let Some((from, field)) = self.states[at].came {
            let state = &self.states[at];
            let inner = field.ty.inner_named_type();
            if state.shown != inner.as_str() {
                lines = wrapped(&format!("... on {}", state.shown), lines);
            }
            lines = wrapped(&format!("{}{}", field.name, arguments(api, field)), lines);
            at = from;
        }
        let root = self.states[at].ty;
        let operation = [
            (OperationType::Query, "query"),
            (OperationType::Mutation, "mutation"),
            (OperationType::Subscription, "subscription"),
        ]
        .into_iter()
        .find(|(kind, _)| api.root_operation(*kind).is_some_and(|name| name == root))
        .map_or("query", |(_, text)| text);
        wrapped(operation, lines).join("\n")
    }
}

fn wrapped(head: &str, inner: Vec<String>) -> Vec<String> {
    let inner = inner.into_iter().map(|line| format!("  {line}"));
    std::iter::once(format!("{head} {{"))
        .chain(inner)
        .chain(["}".to_owned()])
        .collect()
}

/// The arguments that must be given.
fn arguments(api: &Schema, field: &FieldDefinition) -> String {
    let given: Vec<String> = field
        .arguments
        .iter()
        .filter(|argument| argument.is_required())
        .map(|argument| format!("{}: {}", argument.name, value(api, &argument.ty, 0)))
        .collect();
    if given.is_empty() {
        String::new()
    } else {
        format!("({})", given.join(", "))
    }
}

/// Some value of a type.
fn value(api: &Schema, ty: &Type, depth: usize) -> String {
    if ty.is_list() {
        return format!("[{}]", value(api, ty.item_type(), depth));
    }
    let name = ty.inner_named_type();
    match (name.as_str(), api.types.get(name)) {
        ("Int", _) => "1".to_owned(),
        ("Float", _) => "1.5".to_owned(),
        ("Boolean", _) => "true".to_owned(),
        (_, Some(ExtendedType::Enum(values))) => {
            let first = values.values.keys().next();
            first.map_or_else(|| "null".to_owned(), ToString::to_string)
        }
        (_, Some(ExtendedType::InputObject(input))) if depth < DEEPEST_VALUE => {
            let is_one_of = input.directives.has("oneOf");
            let fields = input.fields.values();
            let given: Vec<String> = fields
                .filter(|field| is_one_of || field.is_required())
                .take(if is_one_of { 1 } else { usize::MAX })
                .map(|field| format!("{}: {}", field.name, value(api, &field.ty, depth + 1)))
                .collect();
            format!("{{{}}}", given.join(", "))
        }
        _ => "\"1\"".to_owned(),
    }
}
