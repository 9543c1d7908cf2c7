//! Pieces of GraphQL in strings: field sets and types. The parser takes whole documents well, and panics at some pieces.

use apollo_compiler::Name;
use apollo_compiler::ast::{Definition, Document, Selection, Type};

/// Lists in lists beyond this are an attack.
const DEEPEST: usize = 50;

/// A field set in braces. The parser of field sets panics at one that begins with what GraphQL ignores or doesn't know, and takes no notice of
/// what stands behind one; the parser of documents does neither.
///
/// # Errors
/// Why it is none.
pub fn braced(field_set: &str) -> Result<String, String> {
    read(field_set).map(|(text, _)| text)
}

/// What a field set selects, not compared with any schema.
///
/// # Errors
/// Why it is none.
pub fn selections(field_set: &str) -> Result<Vec<Selection>, String> {
    read(field_set).map(|(_, selections)| selections)
}

fn read(field_set: &str) -> Result<(String, Vec<Selection>), String> {
    let text = field_set_text(field_set);
    let text = if text.starts_with('{') {
        text.to_owned()
    } else {
        // On a line of its own: the text may end with a comment.
        format!("{{{text}\n}}")
    };
    match Document::parse(&*text, "field set") {
        Ok(document) => match &*document.definitions {
            [Definition::OperationDefinition(only)] => {
                let selections = only.selection_set.clone();
                Ok((text, selections))
            }
            _ => Err("it is more than one selection".to_owned()),
        },
        Err(invalid) => {
            let reasons: Vec<String> = invalid.errors.iter().map(|it| it.error.to_string()).collect();
            Err(reasons.join("; "))
        }
    }
}

/// A text without what GraphQL ignores in front of it: blanks, commas, comments.
pub fn field_set_text(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
        let Some(comment) = rest.strip_prefix('#') else {
            return rest;
        };
        let end = comment.find(['\n', '\r']).unwrap_or(comment.len());
        rest = &comment[end..];
    }
}

/// `[Product!]`.
pub(crate) fn parse_type(text: &str) -> Option<Type> {
    let (ty, rest) = leading_type(text, 0)?;
    field_set_text(rest).is_empty().then_some(ty)
}

fn leading_type(text: &str, depth: usize) -> Option<(Type, &str)> {
    if depth > DEEPEST {
        return None;
    }
    let text = field_set_text(text);
    let (ty, rest) = if let Some(item) = text.strip_prefix('[') {
        let (item, rest) = leading_type(item, depth + 1)?;
        (
            Type::List(Box::new(item)),
            field_set_text(rest).strip_prefix(']')?,
        )
    } else {
        let end = text
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        (Type::Named(Name::new(name).ok()?), rest)
    };
    Some(match field_set_text(rest).strip_prefix('!') {
        Some(rest) => (ty.non_null(), rest),
        None => (ty, rest),
    })
}

#[cfg(test)]
mod tests {
    use apollo_compiler::executable::FieldSet;
    use apollo_compiler::{Schema, name};

    use super::{braced, field_set_text, parse_type};

    #[test]
    fn field_sets_are_read_or_refused_whatever_they_begin_with() {
        let schema = Schema::parse_and_validate("type Query { id: ID sku: ID }", "schema.graphql");
        let schema = schema.expect("a schema");
        let read = |text: &str| {
            let text = braced(text)?;
            let parsed = FieldSet::parse_and_validate(&schema, name!("Query"), text, "fields");
            parsed.map_err(|invalid| invalid.errors.to_string())
        };
        for right in [
            "id",
            " # one\n id",
            "id # one",
            "id, sku",
            "{ id sku }",
            "\u{feff}{id}",
        ] {
            assert!(read(right).is_ok(), "{right:?}");
        }
        for wrong in [
            "",
            " ",
            "\0id",
            "\0\0\0",
            "%id",
            "\"id",
            "é",
            "id }",
            "} id",
            "id } {",
            "{ id } sku",
            "{",
            "#",
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_ignored_in_front_is_left_out() {
        for text in [
            "id",
            " id",
            "\n\t ,id",
            "# all of it\n id",
            "\u{feff}#\r#\rid",
            "#id\nid",
        ] {
            assert_eq!(field_set_text(text), "id", "{text:?}");
        }
        assert_eq!(field_set_text(" # nothing"), "");
        assert_eq!(field_set_text(" a { b } "), "a { b } ");
    }

    #[test]
    fn types_are_read_or_refused() {
        for text in ["Int", "Int!", "[Int]", "[[Int!]]!"] {
            assert_eq!(parse_type(text).map(|ty| ty.to_string()).as_deref(), Some(text));
        }
        assert_eq!(
            parse_type(" [ Int ! ] , ").map(|ty| ty.to_string()).as_deref(),
            Some("[Int!]")
        );
        for wrong in ["", " ", "!", "[", "[Int", "Int]", "Int!!", "1"] {
            assert_eq!(parse_type(wrong), None, "{wrong}");
        }
        assert_eq!(parse_type(&"[".repeat(100_000)), None);
    }
}
