//! How an order is to be paid: a gateway that this store has, and what that gateway's client gave.

use async_graphql::Enum;
use lavka_kit::events::orders::PaymentMethod;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who takes the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, Enum)]
#[graphql(name = "PaymentGateway")]
#[serde(rename_all = "UPPERCASE")]
pub enum Gateway {
    /// Built in: no money moves.
    Sandbox,
    /// Stripe.
    Stripe,
    /// PayPal.
    Paypal,
}

/// What is wrong with a payment method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// This store doesn't have that gateway.
    NotOffered,
    /// That gateway needs a token.
    TokenMissing,
    TokenTooLong,
}

const LONGEST_TOKEN: usize = 500;

impl Gateway {
    /// As events write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sandbox => "SANDBOX",
            Self::Stripe => "STRIPE",
            Self::Paypal => "PAYPAL",
        }
    }

    /// Stripe and PayPal let the shopper choose later, in their own form; the sandbox has none.
    const fn needs_token(self) -> bool {
        matches!(self, Self::Sandbox)
    }
}

/// The method as events tell it, or what is wrong with it.
pub fn check(offered: &[Gateway], gateway: Gateway, token: Option<&str>) -> Result<PaymentMethod, Problem> {
    let token = token.map(str::trim).filter(|token| !token.is_empty());
    if !offered.contains(&gateway) {
        return Err(Problem::NotOffered);
    }
    if token.is_none() && gateway.needs_token() {
        return Err(Problem::TokenMissing);
    }
    if token.is_some_and(|token| token.len() > LONGEST_TOKEN) {
        return Err(Problem::TokenTooLong);
    }
    Ok(PaymentMethod {
        gateway: gateway.code().to_owned(),
        token: token.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_offered_with_what_it_needs() {
        let offered = [Gateway::Sandbox, Gateway::Stripe];
        let method = check(&offered, Gateway::Sandbox, Some(" ok ")).unwrap();
        assert_eq!(
            (&*method.gateway, method.token.as_deref()),
            ("SANDBOX", Some("ok"))
        );
        assert_eq!(check(&offered, Gateway::Stripe, None).unwrap().token, None);
        assert_eq!(check(&offered, Gateway::Paypal, None), Err(Problem::NotOffered));
        assert_eq!(
            check(&offered, Gateway::Sandbox, Some(" ")),
            Err(Problem::TokenMissing)
        );
        assert_eq!(
            check(&offered, Gateway::Stripe, Some(&"x".repeat(501))),
            Err(Problem::TokenTooLong)
        );
    }
}
