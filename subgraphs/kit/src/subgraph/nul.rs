//! No text of a client holds U+0000: PostgreSQL can't keep it, so it is refused at the door, whatever engine is behind.

use async_graphql::{Request, Value};

/// Whether a string of the request holds it, as a variable or written into the document.
pub(super) fn is_in(request: &Request) -> bool {
    let escaped = ["\\u0000", "\\u{0"]
        .iter()
        .any(|escape| request.query.contains(escape));
    escaped || request.query.contains('\0') || request.variables.values().any(is_in_value)
}

fn is_in_value(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(is_in_value),
        Value::Object(fields) => fields.values().any(is_in_value),
        _ => false,
    }
}
