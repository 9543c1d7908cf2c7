//! Pieces of GraphQL in strings: field sets and types. The parser takes whole documents well, and panics at some pieces.

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

/// Lists in lists beyond this are an attack.
const DEEPEST: usize = 50;

/// A field set without what GraphQL ignores in front of it (blanks, commas, comments): the parser can't take them there, and panics.
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
    use super::{field_set_text, parse_type};

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
