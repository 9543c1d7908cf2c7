//! An amount as people write it: "1 290,50 ₽", "$1,290.50".

use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};

/// An amount in a person's way of writing.
pub(crate) fn spoken(money: Money, locale: Locale) -> String {
    let plain = money.to_string();
    let (sign, digits) = plain
        .strip_prefix('-')
        .map_or(("", plain.as_str()), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    // No-break space and comma in Russian; comma and point in English.
    let (between, point) = locale
        .pick("\u{a0}|,", ",|.")
        .split_once('|')
        .unwrap_or((" ", "."));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push_str(between);
        }
        grouped.push(digit);
    }
    if fraction.bytes().any(|digit| digit != b'0') {
        grouped = format!("{grouped}{point}{fraction}");
    }
    let symbol = match money.currency {
        Currency::Rub => "₽",
        Currency::Usd => "$",
        Currency::Eur => "€",
    };
    match locale {
        Locale::Ru => format!("{sign}{grouped}\u{a0}{symbol}"),
        Locale::En => format!("{sign}{symbol}{grouped}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_do() {
        let spoken = |minor, currency, locale| spoken(Money::new(minor, currency), locale);
        assert_eq!(spoken(129_050, Currency::Rub, Locale::Ru), "1\u{a0}290,50\u{a0}₽");
        assert_eq!(spoken(129_000, Currency::Rub, Locale::Ru), "1\u{a0}290\u{a0}₽");
        assert_eq!(spoken(123_456_789, Currency::Usd, Locale::En), "$1,234,567.89");
        assert_eq!(spoken(-5, Currency::Eur, Locale::En), "−€0.05");
    }
}
