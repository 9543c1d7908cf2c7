//! An account, and what makes its fields valid.

use chrono::{DateTime, Utc};
use lavka_kit::caller::Role;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

/// Somebody's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: Id,
    pub(crate) email: Email,
    pub(crate) email_verified: bool,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) locale: Locale,
    pub(crate) roles: Vec<Role>,
    pub(crate) password_hash: String,
    pub(crate) created_at: DateTime<Utc>,
}

/// An e-mail address that mail can plausibly be sent to.
///
/// Kept as it was written; two addresses are the same when they differ in case only. (The part before the @ may by
/// RFC 5321 be case-sensitive; nobody's is, and two accounts that look alike would be a trap.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

impl Email {
    /// Whether it works is found out by writing to it; here only what certainly can't work is refused.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let plausible = |c: char| !c.is_whitespace() && !c.is_control() && !"@<>()[],;:\\\"".contains(c);
        let good = text.len() <= 254
            && (1..=64).contains(&local.len())
            && local.chars().all(plausible)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && domain.split('.').count() >= 2
            && domain.split('.').all(label);
        good.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of the same address have in common.
    pub(crate) fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// An address that was valid when it was stored.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

/// A name to address somebody by: trimmed, 1 to 100 characters, no control characters.
pub(crate) fn name(text: &str) -> Option<String> {
    line(text, 100)
}

/// A telephone number as people write them: 5 to 20 digits, perhaps a plus, spaces, hyphens, brackets. `Ok(None)` for
/// an empty text.
pub(crate) fn phone(text: &str) -> Result<Option<String>, InvalidPhone> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    let plain = rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c));
    if plain && (5..=20).contains(&digits) && text.len() <= 40 {
        Ok(Some(text.to_owned()))
    } else {
        Err(InvalidPhone)
    }
}

/// Not a telephone number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidPhone;

/// One line of text: trimmed, not empty, no control characters, at most so many characters.
pub(crate) fn line(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control);
    good.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_work_are_refused() {
        for good in [
            "ann@lavka.test",
            " Ann.O'Neil+shop@mail.example.org ",
            "анна@почта.рф",
            "a@b-c.de",
        ] {
            assert_eq!(
                Email::parse(good).map(|email| email.0),
                Some(good.trim().to_owned())
            );
        }
        let long = format!("{}@lavka.test", "a".repeat(65));
        for bad in [
            "",
            "ann",
            "@lavka.test",
            "ann@",
            "ann@lavka",
            "ann@.test",
            "ann@lavka..test",
            "a b@lavka.test",
            ".ann@lavka.test",
            "a..b@lavka.test",
            "ann@-lavka.test",
            "<ann@lavka.test>",
            "a@b@lavka.test",
            "ann@lavka.test\nbcc: all@lavka.test",
            &long,
        ] {
            assert_eq!(Email::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_same_address_in_capitals_is_the_same() {
        let keys =
            ["Ann@Lavka.Test", "ann@lavka.test"].map(|text| Email::parse(text).map(|email| email.key()));
        assert_eq!(keys[0], keys[1]);
    }

    #[test]
    fn phones_are_read_as_people_write_them() {
        assert_eq!(
            phone(" +7 (495) 123-45-67 "),
            Ok(Some("+7 (495) 123-45-67".to_owned()))
        );
        assert_eq!(phone("  "), Ok(None));
        for bad in ["12", "call me", "+7+495", "1234567890123456789012"] {
            assert_eq!(phone(bad), Err(InvalidPhone), "{bad:?}");
        }
    }

    #[test]
    fn names_are_one_line() {
        assert_eq!(name("  Анна "), Some("Анна".to_owned()));
        assert_eq!(name(" \t"), None);
        assert_eq!(name("Ann\u{0}"), None);
        assert_eq!(name(&"a".repeat(101)), None);
    }
}
