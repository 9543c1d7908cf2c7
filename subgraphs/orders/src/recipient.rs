//! Who gets it, and where: what a shopper typed, tidied and checked. All that is wrong is told at once.

use lavka_kit::events::orders::OrderRecipient;

use crate::countries::country;

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Missing,
    TooLong,
    NotATelephone,
    NotAnEmail,
    NotACountry,
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// As GraphQL spells it.
    pub field: &'static str,
    pub problem: Problem,
}

const LONGEST: usize = 200;

/// The recipient without spaces around things and with its country in capitals, or everything that is wrong with it.
pub fn check(typed: OrderRecipient) -> Result<OrderRecipient, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut flaw = |field, problem| flaws.push(Flaw { field, problem });
    let mut needed = |field, text: String| {
        let text = text.trim().to_owned();
        if text.is_empty() {
            flaw(field, Problem::Missing);
        } else if text.chars().count() > LONGEST {
            flaw(field, Problem::TooLong);
        }
        text
    };
    let name = needed("name", typed.name);
    let phone = needed("phone", typed.phone);
    let email = needed("email", typed.email);
    let line1 = needed("line1", typed.line1);
    let city = needed("city", typed.city);
    let postal_code = needed("postalCode", typed.postal_code);
    let given_country = needed("country", typed.country);
    let mut optional = |field, text: Option<String>| {
        let text = text
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
            flaw(field, Problem::TooLong);
        }
        text
    };
    let line2 = optional("line2", typed.line2);
    let region = optional("region", typed.region);
    if !phone.is_empty() && !is_phone(&phone) {
        flaw("phone", Problem::NotATelephone);
    }
    if !email.is_empty() && !is_email(&email) {
        flaw("email", Problem::NotAnEmail);
    }
    let code = country(&given_country);
    if !given_country.is_empty() && code.is_none() {
        flaw("country", Problem::NotACountry);
    }
    let country = code.unwrap_or_default();
    if flaws.is_empty() {
        Ok(OrderRecipient {
            name,
            phone,
            email,
            line1,
            line2,
            city,
            region,
            postal_code,
            country,
        })
    } else {
        Err(flaws)
    }
}

/// Five to fifteen digits (E.164), however they are grouped.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (5..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c))
}

/// Something @ something . something. Whether it exists only a message can tell.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let clean = !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    let labels = domain.split('.').collect::<Vec<_>>();
    clean
        && !local.is_empty()
        && !local.contains('@')
        && labels.len() >= 2
        && labels.iter().all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> OrderRecipient {
        OrderRecipient {
            name: " Ann ".into(),
            phone: "+7 (921) 555-01-01".into(),
            email: "ann@lavka.test".into(),
            line1: "Невский пр., 1".into(),
            line2: Some(" ".into()),
            city: "Санкт-Петербург".into(),
            region: None,
            postal_code: "191025".into(),
            country: "ru".into(),
        }
    }

    #[test]
    fn what_was_typed_is_tidied() {
        let recipient = check(ann()).unwrap();
        assert_eq!(
            (&*recipient.name, recipient.line2, &*recipient.country),
            ("Ann", None, "RU")
        );
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let typed = OrderRecipient {
            name: "  ".into(),
            phone: "call me".into(),
            email: "ann@lavka".into(),
            city: "x".repeat(201),
            region: Some("x".repeat(201)),
            country: "Россия".into(),
            ..ann()
        };
        let flaws: Vec<_> = check(typed)
            .unwrap_err()
            .iter()
            .map(|flaw| (flaw.field, flaw.problem))
            .collect();
        assert_eq!(
            flaws,
            [
                ("name", Problem::Missing),
                ("city", Problem::TooLong),
                ("region", Problem::TooLong),
                ("phone", Problem::NotATelephone),
                ("email", Problem::NotAnEmail),
                ("country", Problem::NotACountry),
            ]
        );
    }

    #[test]
    fn an_address_must_look_like_one() {
        for good in ["a@b.c", "anna.k+shop@mail.example.ru", "анна@почта.рф"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a b@c.d",
            "a@b..c",
            "a@b.c\nBcc: x",
            "a@@b.c",
            "<a@b.c>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        for bad in ["", "1234", "1234567890123456", "12345a", "+", "++7 921 555 01 01"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
