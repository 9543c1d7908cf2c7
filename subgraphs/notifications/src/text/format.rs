//! Amounts, dates and sentences as people write them.

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;
use lavka_kit::locale::Locale;
use minijinja::value::Value;
use minijinja::{Error, ErrorKind, State};

fn unusable(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("not {what}"))
}

/// "1 290,50 ₽", "$1,290.50"; without the fraction where it is nothing. The value is `{amount, currency}`.
pub fn money(value: &Value, locale: Locale) -> Result<String, Error> {
    let (amount, currency) = (value.get_attr("amount")?, value.get_attr("currency")?);
    let plain = amount.as_str().ok_or_else(|| unusable("an amount"))?;
    let (sign, digits) = plain
        .strip_prefix('-')
        .map_or(("", plain), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (between, point) = match locale {
        Locale::Ru => ("\u{a0}", ","),
        Locale::En => (",", "."),
    };
    let mut written = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            written.push_str(between);
        }
        written.push(digit);
    }
    if fraction.bytes().any(|digit| digit != b'0') {
        written.push_str(point);
        written.push_str(fraction);
    }
    let symbol = match currency.as_str() {
        Some("RUB") => "₽",
        Some("USD") => "$",
        Some("EUR") => "€",
        Some(other) => other,
        None => return Err(unusable("a currency")),
    };
    Ok(match locale {
        Locale::Ru => format!("{sign}{written}\u{a0}{symbol}"),
        Locale::En => format!("{sign}{symbol}{written}"),
    })
}

const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// "16 января 2026 г., 15:00 (MSK)", "16 January 2026, 15:00 (MSK)": by the clock of the template's `zone`.
pub fn date(state: &State<'_, '_>, moment: &str, locale: Locale) -> Result<String, Error> {
    let moment: DateTime<Utc> = moment.parse().map_err(|_| unusable("a moment"))?;
    let zone = state.lookup("zone").unwrap_or_default();
    let zone: Tz = zone
        .as_str()
        .and_then(|zone| zone.parse().ok())
        .unwrap_or(Tz::UTC);
    Ok(written(moment, zone, locale))
}

fn written(moment: DateTime<Utc>, zone: Tz, locale: Locale) -> String {
    let local = moment.with_timezone(&zone);
    match locale {
        Locale::Ru => {
            let month = MONTHS_RU
                .get(local.month0() as usize)
                .copied()
                .unwrap_or_default();
            format!(
                "{} {month} {} г., {}",
                local.day(),
                local.year(),
                local.format("%H:%M (%Z)")
            )
        }
        Locale::En => local.format("%-d %B %Y, %H:%M (%Z)").to_string(),
    }
}

/// Somebody's words, ended with a full stop if they left it out.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_do() {
        let money = |amount: &str, currency: &str, locale| {
            money(&minijinja::context! { amount, currency }, locale).unwrap()
        };
        assert_eq!(money("1290.50", "RUB", Locale::Ru), "1\u{a0}290,50\u{a0}₽");
        assert_eq!(money("1290.00", "RUB", Locale::Ru), "1\u{a0}290\u{a0}₽");
        assert_eq!(money("999.99", "RUB", Locale::Ru), "999,99\u{a0}₽");
        assert_eq!(money("1234567.80", "USD", Locale::En), "$1,234,567.80");
        assert_eq!(money("-0.05", "EUR", Locale::En), "−€0.05");
    }

    #[test]
    fn moments_are_written_by_the_clock_of_the_place() {
        let moment = "2026-01-15T22:05:00Z".parse().unwrap();
        assert_eq!(
            written(moment, Tz::Europe__Moscow, Locale::Ru),
            "16 января 2026 г., 01:05 (MSK)"
        );
        assert_eq!(
            written(moment, Tz::UTC, Locale::En),
            "15 January 2026, 22:05 (UTC)"
        );
    }

    #[test]
    fn a_sentence_ends() {
        assert_eq!(sentence(" не нужен "), "не нужен.");
        assert_eq!(sentence("why?"), "why?");
    }
}
