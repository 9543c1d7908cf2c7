//! Money: integer minor units inside, a decimal string outside. Nothing here rounds and nothing here overflows silently.

mod decimal;

use std::fmt;

use async_graphql::{Enum, SimpleObject};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use decimal::{Decimal, NotADecimal};

/// A currency that a store can sell in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, Enum)]
#[graphql(name = "CurrencyCode")]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Russian rouble.
    Rub,
    /// US dollar.
    Usd,
    /// Euro.
    Eur,
}

impl Currency {
    /// How many decimal places the currency has (ISO 4217).
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Rub | Self::Usd | Self::Eur => 2,
        }
    }

    /// The ISO 4217 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rub => "RUB",
            Self::Usd => "USD",
            Self::Eur => "EUR",
        }
    }

    /// The currency of an ISO 4217 code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Rub, Self::Usd, Self::Eur]
            .into_iter()
            .find(|currency| currency.code() == code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in one currency. In GraphQL and JSON: `{"amount": "1290.50", "currency": "RUB"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: kopecks, cents.
    pub minor: i64,
    /// Of what.
    pub currency: Currency,
}

/// Why an amount could not be read or reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not `-?digits[.digits]`.
    #[error("not a decimal number")]
    NotADecimal,
    /// More decimal places than the currency has.
    #[error("more decimal places than {0} has")]
    TooPrecise(Currency),
    /// Beyond what 64 bits hold.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("{0} and {1} don't add up")]
    Currencies(Currency, Currency),
}

impl Money {
    /// An amount in minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Reads "1290.50", "1290.5" or "1290".
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let decimal: Decimal = text.parse().map_err(|_| MoneyError::NotADecimal)?;
        decimal.to_money(currency)
    }

    /// The sum.
    #[expect(
        clippy::should_implement_trait,
        reason = "it can fail, which an operator could not say"
    )]
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// The difference.
    pub fn subtract(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// So many of it.
    pub fn times(self, quantity: i64) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(quantity).ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// The sum of many; `currency` names the zero for none.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::add)
    }

    /// The amount without its currency, as the schema's `Decimal`.
    pub fn amount(self) -> Decimal {
        Decimal::of(self)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currencies(self.currency, other.currency))
        }
    }
}

impl fmt::Display for Money {
    /// "1290.50": always all decimal places of the currency.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.currency.exponent();
        let unit = 10_u64.pow(places);
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        let width = places as usize;
        write!(f, "{sign}{}.{:0width$}", minor / unit, minor % unit)
    }
}

/// An amount in one currency.
#[derive(Serialize, Deserialize, JsonSchema, SimpleObject)]
#[graphql(name = "Money", shareable)]
#[schemars(rename = "Money")]
#[serde(deny_unknown_fields)]
struct Wire {
    /// The amount, with all decimal places of the currency.
    amount: Decimal,
    /// The currency.
    currency: Currency,
}

impl From<Money> for Wire {
    fn from(money: Money) -> Self {
        Self {
            amount: money.amount(),
            currency: money.currency,
        }
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        wire.amount
            .to_money(wire.currency)
            .map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Money {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Wire::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Wire::json_schema(generator)
    }
}

impl async_graphql::OutputType for Money {
    fn type_name() -> std::borrow::Cow<'static, str> {
        <Wire as async_graphql::OutputType>::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <Wire as async_graphql::OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &async_graphql::ContextSelectionSet<'_>,
        field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
    ) -> async_graphql::ServerResult<async_graphql::Value> {
        async_graphql::OutputType::resolve(&Wire::from(*self), ctx, field).await
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        let rub = |text| Money::parse(text, Currency::Rub).map(|money| money.minor);
        assert_eq!(rub("1290.50"), Ok(129_050));
        assert_eq!(rub("1290.5"), Ok(129_050));
        assert_eq!(rub("-0.01"), Ok(-1));
        assert_eq!(rub("007"), Ok(700));
        assert_eq!(rub("1.5000"), Err(MoneyError::TooPrecise(Currency::Rub)));
        assert_eq!(rub("92233720368547758.07"), Ok(i64::MAX));
        assert_eq!(rub("92233720368547758.08"), Err(MoneyError::TooLarge));
        for bad in [
            "", "-", ".", "1.", ".5", "+1", "1e3", "1,5", " 1", "١", "NaN", "--1",
        ] {
            assert_eq!(rub(bad), Err(MoneyError::NotADecimal), "{bad:?}");
        }
    }

    #[test]
    fn sums_refuse_to_overflow_or_to_mix() {
        let most = Money::new(i64::MAX, Currency::Rub);
        assert_eq!(most.add(Money::new(1, Currency::Rub)), Err(MoneyError::TooLarge));
        assert_eq!(most.times(2), Err(MoneyError::TooLarge));
        assert_eq!(
            most.add(Money::zero(Currency::Eur)),
            Err(MoneyError::Currencies(Currency::Rub, Currency::Eur))
        );
        assert_eq!(Money::sum([], Currency::Usd), Ok(Money::zero(Currency::Usd)));
    }

    #[test]
    fn json_is_a_decimal_string_beside_a_code() {
        let money = Money::new(129_050, Currency::Rub);
        let json = serde_json::to_string(&money).unwrap();
        assert_eq!(json, r#"{"amount":"1290.50","currency":"RUB"}"#);
        assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        let error = serde_json::from_str::<Money>(r#"{"amount":"1.001","currency":"RUB"}"#).unwrap_err();
        assert_eq!(error.to_string(), "more decimal places than RUB has");
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(minor: i64) {
            let money = Money::new(minor, Currency::Usd);
            prop_assert_eq!(Money::parse(&money.to_string(), Currency::Usd), Ok(money));
        }
    }
}
