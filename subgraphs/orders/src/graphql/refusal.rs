//! Refusals in words, in both languages.

use async_graphql::ID;
use lavka_kit::locale::Locale;

use super::payload::{
    CheckoutError, CheckoutErrorCode as Checkout, OrderError, OrderErrorCode, VariantError, VariantErrorCode,
};
use crate::orders::{PlaceRefusal, Refused, SetStockRefusal};
use crate::{payment_method, recipient};

fn path(fields: &[&str]) -> Option<Vec<String>> {
    Some(
        std::iter::once("input")
            .chain(fields.iter().copied())
            .map(str::to_owned)
            .collect(),
    )
}

pub fn of_checkout(refusal: PlaceRefusal, locale: Locale) -> CheckoutError {
    let say = |ru: &str, en: &str| locale.pick(ru, en).to_owned();
    let plain = |code, message, fields: &[&str]| CheckoutError {
        code,
        message,
        field: path(fields),
        sku: None,
        available: None,
    };
    match refusal {
        PlaceRefusal::CartEmpty => plain(
            Checkout::CartEmpty,
            say("Корзина пуста", "The cart is empty"),
            &["cartId"],
        ),
        PlaceRefusal::CartNotFound => plain(
            Checkout::CartNotFound,
            say("Такой корзины нет", "There is no such cart"),
            &["cartId"],
        ),
        PlaceRefusal::CartBusy => plain(
            Checkout::CartBusy,
            say(
                "Эта корзина как раз оформляется, попробуйте через минуту",
                "This cart is being ordered right now, try again in a minute",
            ),
            &["cartId"],
        ),
        PlaceRefusal::OutOfStock {
            sku,
            title,
            available,
        } => CheckoutError {
            sku: Some(ID(sku)),
            available: Some(available),
            ..plain(
                Checkout::OutOfStock,
                out_of_stock(&title, available, locale),
                &["cartId"],
            )
        },
        PlaceRefusal::VariantGone { sku } => CheckoutError {
            sku: Some(ID(sku)),
            ..plain(
                Checkout::VariantGone,
                say(
                    "Этого товара больше нет в продаже",
                    "This item is not for sale any more",
                ),
                &["cartId"],
            )
        },
        PlaceRefusal::Recipient(flaw) => plain(
            Checkout::RecipientInvalid,
            recipient_flaw(flaw.problem, locale),
            &["recipient", flaw.field],
        ),
        PlaceRefusal::ShippingUnavailable => plain(
            Checkout::ShippingUnavailable,
            say(
                "Такой доставки в эту страну нет",
                "This delivery doesn't go to that country",
            ),
            &["shippingMethod"],
        ),
        PlaceRefusal::PaymentMethod(problem) => {
            let (message, field) = payment_problem(problem, locale);
            plain(Checkout::PaymentMethodInvalid, message, &["payment", field])
        }
        PlaceRefusal::KeyReused => plain(
            Checkout::IdempotencyKeyReused,
            key_reused(locale),
            &["idempotencyKey"],
        ),
    }
}

pub fn of_order(refused: Refused, locale: Locale) -> OrderError {
    let say = |ru: &str, en: &str| locale.pick(ru, en).to_owned();
    let (code, message, field) = match refused {
        Refused::OrderNotFound => (
            OrderErrorCode::OrderNotFound,
            say("Такого заказа нет", "There is no such order"),
            path(&["orderId"]),
        ),
        Refused::StatusConflict => (
            OrderErrorCode::StatusConflict,
            say(
                "С заказом в этом состоянии так поступить нельзя",
                "That is not possible where the order stands now",
            ),
            path(&["orderId"]),
        ),
        Refused::PaymentMethod(problem) => {
            let (message, field) = payment_problem(problem, locale);
            (
                OrderErrorCode::PaymentMethodInvalid,
                message,
                path(&["payment", field]),
            )
        }
        Refused::TrackingNumberRequired => (
            OrderErrorCode::TrackingNumberRequired,
            say(
                "Нужен номер отправления, от 1 до 100 знаков",
                "A tracking number of 1 to 100 characters is needed",
            ),
            path(&["trackingNumber"]),
        ),
        Refused::KeyReused => (
            OrderErrorCode::IdempotencyKeyReused,
            key_reused(locale),
            path(&["idempotencyKey"]),
        ),
    };
    OrderError { code, message, field }
}

pub fn of_stock(refused: SetStockRefusal, locale: Locale) -> VariantError {
    let (code, field, ru, en) = match refused {
        SetStockRefusal::QuantityInvalid => (
            VariantErrorCode::QuantityInvalid,
            "quantity",
            "На складе может быть от 0 до 1 000 000 штук",
            "There can be 0 to 1,000,000 in stock",
        ),
        SetStockRefusal::UnknownVariant => (
            VariantErrorCode::UnknownVariant,
            "sku",
            "Такого товара нет",
            "There is no such item",
        ),
    };
    VariantError {
        code,
        message: locale.pick(ru, en).to_owned(),
        field: path(&[field]),
    }
}

fn key_reused(locale: Locale) -> String {
    let (ru, en) = (
        "Этот ключ уже использован для другого запроса",
        "This key was used for another request",
    );
    locale.pick(ru, en).to_owned()
}

fn out_of_stock(title: &str, available: i32, locale: Locale) -> String {
    match (locale, available) {
        (Locale::Ru, 0) => format!("«{title}»: закончилось"),
        (Locale::Ru, left) => format!("«{title}»: осталось только {left}"),
        (Locale::En, 0) => format!("“{title}” is sold out"),
        (Locale::En, left) => format!("Only {left} of “{title}” left"),
    }
}

fn recipient_flaw(problem: recipient::Problem, locale: Locale) -> String {
    use recipient::Problem;
    let (ru, en) = match problem {
        Problem::Missing => ("Заполните это поле", "Fill this in"),
        Problem::TooLong => ("Не больше 200 знаков", "At most 200 characters"),
        Problem::NotATelephone => (
            "Это не похоже на номер телефона",
            "This doesn't look like a telephone number",
        ),
        Problem::NotAnEmail => (
            "Это не похоже на адрес почты",
            "This doesn't look like an e-mail address",
        ),
        Problem::NotACountry => (
            "Нужен код страны из двух букв",
            "A country's code of two letters is needed",
        ),
    };
    locale.pick(ru, en).to_owned()
}

fn payment_problem(problem: payment_method::Problem, locale: Locale) -> (String, &'static str) {
    use payment_method::Problem;
    let (ru, en, field) = match problem {
        Problem::NotOffered => (
            "Так заплатить здесь нельзя",
            "This way of paying is not offered here",
            "gateway",
        ),
        Problem::TokenMissing => (
            "Для этого способа оплаты нужен токен",
            "This way of paying needs a token",
            "token",
        ),
        Problem::TokenTooLong => (
            "Токен длиннее 500 знаков",
            "The token is longer than 500 characters",
            "token",
        ),
    };
    (locale.pick(ru, en).to_owned(), field)
}
