use super::*;

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::Rub)
}

fn codes(offers: &[Shipping]) -> Vec<&str> {
    offers.iter().map(|offer| offer.code.as_str()).collect()
}

#[test]
fn the_default_table_serves_russia_and_everywhere_else() {
    let methods = Methods::new(None, Currency::Rub).unwrap();
    assert_eq!(
        codes(&methods.offered("RU", None, Locale::En)),
        ["PICKUP", "COURIER", "POST"]
    );
    assert_eq!(
        codes(&methods.offered("de", None, Locale::En)),
        ["INTERNATIONAL_POST"]
    );
    assert_eq!(
        codes(&methods.offered("Russia", None, Locale::En)),
        Vec::<&str>::new()
    );
    assert_eq!(methods.offered("RU", None, Locale::Ru)[2].title, "Почтой России");
}

#[test]
fn a_full_cart_gets_its_courier_for_nothing() {
    let methods = Methods::new(None, Currency::Rub).unwrap();
    let courier = |subtotal| {
        methods
            .choose("COURIER", "RU", subtotal, Locale::En)
            .unwrap()
            .price
    };
    assert_eq!(courier(rub(999_999)), rub(39_000));
    assert_eq!(courier(rub(1_000_000)), rub(0));
    assert_eq!(methods.choose("COURIER", "DE", rub(1), Locale::En), None);
    assert_eq!(methods.choose("courier", "RU", rub(1), Locale::En), None);
}

#[test]
fn every_currency_has_a_default_table() {
    for currency in [Currency::Rub, Currency::Usd, Currency::Eur] {
        assert_eq!(Methods::new(None, currency).unwrap().0.len(), 4, "{currency}");
    }
}

#[test]
fn a_wrong_table_is_one_sentence() {
    let good = || default_table(Currency::Rub).remove(0);
    let error =
        |rows: &[ShippingMethodConfig]| Methods::new(Some(rows), Currency::Rub).unwrap_err().to_string();
    let sentences = [
        error(&[good(), good()]),
        error(&[ShippingMethodConfig {
            price: "-1".into(),
            ..good()
        }]),
        error(&[ShippingMethodConfig {
            price: "1.001".into(),
            ..good()
        }]),
        error(&[ShippingMethodConfig {
            free_from: Some("much".into()),
            ..good()
        }]),
        error(&[ShippingMethodConfig {
            countries: vec!["Russia".into()],
            ..good()
        }]),
        error(&[ShippingMethodConfig {
            title: Text::default(),
            ..good()
        }]),
        error(&[ShippingMethodConfig {
            code: " ".into(),
            ..good()
        }]),
    ];
    insta::assert_snapshot!(sentences.join("\n"), @r"
    shipping method `PICKUP`: the code is used twice
    shipping method `PICKUP`: the price is below zero
    shipping method `PICKUP`: `price` is not an amount
    shipping method `PICKUP`: `free_from` is not an amount
    shipping method `PICKUP`: `Russia` is not a country's code
    shipping method `PICKUP`: it has no title
    shipping method ``: it has no code
    ");
}
