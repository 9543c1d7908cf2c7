//! Reading what a gateway sent, without repeating it.
//!
//! Gateways write into their errors what they were sent: keys, cards, whole requests. serde's errors quote what they stumbled
//! over, and codes and names end up in our logs. So of what can't be read only its place is told, and a code or a name is taken
//! only where it looks like one.

use serde::Deserialize as _;
use serde::de::{DeserializeOwned, Deserializer, Error as _};

/// The longest code or name.
const LONGEST: usize = 128;

/// It isn't what the gateway's documentation promises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} (line {line}, column {column})")]
pub struct Unreadable {
    what: &'static str,
    line: usize,
    column: usize,
}

impl Unreadable {
    /// Not even text.
    pub const NOT_UTF8: Self = Self {
        what: "not UTF-8",
        line: 0,
        column: 0,
    };
}

/// Reads JSON.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    use serde_json::error::Category;
    serde_json::from_slice(body).map_err(|error| Unreadable {
        what: match error.classify() {
            Category::Syntax | Category::Io => "not JSON",
            Category::Eof => "it ends too early",
            Category::Data => "JSON of another form",
        },
        line: error.line(),
        column: error.column(),
    })
}

/// A gateway's code, for programs: `card_declined`, `INSTRUMENT_DECLINED`. Keys and tokens mix their cases, and are none.
pub(super) fn code(text: &str) -> Option<&str> {
    let is = |letter: fn(&u8) -> bool| {
        text.bytes()
            .all(|byte| letter(&byte) || byte.is_ascii_digit() || byte == b'_')
    };
    let right = is(u8::is_ascii_lowercase) || is(u8::is_ascii_uppercase);
    Some(text).filter(|text| right && !text.is_empty() && text.len() <= LONGEST)
}

/// An amount or a currency as a gateway writes it, for staff to see.
pub(super) fn figure(text: &str) -> &str {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    if plain && text.len() <= 16 { text } else { "?" }
}

/// A gateway's name of an object. What is behind `_secret_` in Stripe's client secrets is no part of one.
pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if text.is_empty() || text.len() > LONGEST || text.contains("_secret_") || !text.bytes().all(plain) {
        return Err(D::Error::custom("not a name"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Named {
        #[serde(deserialize_with = "name")]
        id: String,
    }

    #[test]
    fn what_can_not_be_read_is_not_repeated() {
        for body in [
            r#"{"id":["sk_live_x"]}"#,
            "sk_live_x",
            r#"{"id":"sk_live_x"#,
            r#"{"id":"sk live"}"#,
        ] {
            let told = read::<Named>(body.as_bytes()).unwrap_err().to_string();
            assert!(!told.contains("live"), "{told}");
        }
        assert_eq!(read::<Named>(br#"{"id":"pi_3N-x"}"#).unwrap().id, "pi_3N-x");
        assert!(read::<Named>(br#"{"id":"pi_3N_secret_x"}"#).is_err());
    }

    #[test]
    fn a_code_has_one_case() {
        assert_eq!(code("card_declined"), Some("card_declined"));
        assert_eq!(code("INSTRUMENT_DECLINED"), Some("INSTRUMENT_DECLINED"));
        for none in [
            "",
            "sk_live_51Abc",
            "A21AA000001x",
            "Bearer x",
            "two words",
            &"x".repeat(129),
        ] {
            assert_eq!(code(none), None, "{none}");
        }
        assert_eq!(
            (figure("1.50"), figure("gbp"), figure("Bearer A21AA000001x")),
            ("1.50", "gbp", "?")
        );
    }
}
