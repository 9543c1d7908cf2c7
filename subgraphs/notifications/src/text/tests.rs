use chrono_tz::Tz;
use lavka_kit::locale::Locale;
use serde_json::json;

use super::*;

fn write(kind: Kind, locale: Locale, name: &str) -> Words {
    let to = Recipient {
        user_id: None,
        name: name.to_owned(),
        email: "ann@lavka.test".into(),
        phone: None,
        locale,
    };
    let price = |amount: &str| json!({ "amount": amount, "currency": "RUB" });
    let facts = json!({
        "number": "L-100042",
        "total": price("1590.50"),
        "amount": price("290.50"),
        "whole": false,
        "reason": locale.pick("Банк отклонил платёж.", "The bank declined the payment."),
        "note": locale.pick("передумал", "changed my mind"),
        "tracking": "RA123",
        "email": "ann@lavka.test",
        "expires": "2026-01-15T22:05:00Z",
        "shipping": { "title": locale.pick("Почта", "Post"), "price": price("300.00") },
        "lines": if kind == Kind::OrderPlaced {
            json!([{ "title": "Лампа <b>«Луна»</b>", "quantity": 2, "unitPrice": price("645.25"), "sum": price("1290.50") }])
        } else {
            json!([])
        },
    });
    let texts = Texts::new("http://shop.test").unwrap();
    let link = "http://shop.test/orders/1?key=a&b=c";
    texts
        .write(&Subject {
            kind,
            to: &to,
            zone: Tz::Europe__Moscow,
            link,
            facts,
        })
        .unwrap()
}

#[test]
fn every_kind_says_something_in_both_languages() {
    let mut all = String::new();
    for locale in [Locale::Ru, Locale::En] {
        for kind in Kind::ALL {
            let words = write(*kind, locale, "Анна");
            all.push_str(&format!("{} {}\n  {}\n", locale.code(), words.title, words.body));
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn an_order_as_a_mail_in_russian() {
    insta::assert_snapshot!(write(Kind::OrderPlaced, Locale::Ru, "Анна").mail.text);
}

#[test]
fn an_order_as_a_mail_in_html() {
    insta::assert_snapshot!(write(Kind::OrderPlaced, Locale::En, "Ann").mail.html);
}

#[test]
fn what_people_typed_can_not_break_out_of_the_html() {
    let words = write(Kind::OrderPlaced, Locale::En, "<script>alert(1)</script>");
    assert!(
        !words.mail.html.contains("<script>") && !words.mail.html.contains("<b>"),
        "{}",
        words.mail.html
    );
    assert!(
        words.mail.text.contains("<b>«Луна»</b>"),
        "plain text is not escaped: {}",
        words.mail.text
    );
}
