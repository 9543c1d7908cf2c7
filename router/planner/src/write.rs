//! GraphQL text without a character too many.

use std::fmt::Write;

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Value};
use apollo_compiler::executable::{Selection, SelectionSet};

/// `(a:1,b:$x)`, or nothing.
pub(crate) fn write_arguments(arguments: &[Node<Argument>]) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    let mut sorted: Vec<_> = arguments.iter().collect();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));
    let mut text = String::from("(");
    for (index, argument) in sorted.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        let _ = write!(text, "{}:", argument.name);
        write_value(&mut text, &argument.value);
    }
    text.push(')');
    text
}

/// A value as GraphQL writes it.
pub(crate) fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Enum(name) => text.push_str(name),
        Value::Variable(name) => {
            let _ = write!(text, "${name}");
        }
        Value::String(value) => write_string(text, value),
        Value::Float(value) => text.push_str(value.as_str()),
        Value::Int(value) => text.push_str(value.as_str()),
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (index, (name, value)) in fields.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                let _ = write!(text, "{name}:");
                write_value(text, value);
            }
            text.push('}');
        }
    }
}

fn write_string(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

/// The names of the variables in a value.
pub(crate) fn variables_of(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Variable(name) => found(name),
        Value::List(items) => items.iter().for_each(|item| variables_of(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(_, value)| variables_of(value, found)),
        _ => {}
    }
}

/// A field set as text, to compare by.
pub(crate) fn write_selection_set(set: &SelectionSet) -> String {
    let mut text = String::new();
    write_selections(&mut text, set);
    text
}

fn write_selections(text: &mut String, set: &SelectionSet) {
    for selection in &set.selections {
        if !text.is_empty() && !text.ends_with('{') {
            text.push(' ');
        }
        let inner = match selection {
            Selection::Field(field) => {
                let _ = write!(text, "{}{}", field.name, write_arguments(&field.arguments));
                &field.selection_set
            }
            Selection::InlineFragment(fragment) => {
                let _ = write!(text, "...on {}", fragment.selection_set.ty);
                &fragment.selection_set
            }
            Selection::FragmentSpread(spread) => {
                let _ = write!(text, "...{}", spread.fragment_name);
                continue;
            }
        };
        if !inner.selections.is_empty() {
            text.push('{');
            write_selections(text, inner);
            text.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        let mut text = String::new();
        write_value(&mut text, &Value::String("a\"\\\n\u{1}ж".into()));
        assert_eq!(text, r#""a\"\\\n\u0001ж""#);
    }
}
