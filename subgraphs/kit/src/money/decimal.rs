//! The schema's `Decimal`: text that is certainly a plain decimal number, kept as it came.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Currency, Money, MoneyError};

/// A decimal number as text: `-?digits[.digits]`, at most 40 characters. No exponent, no sign "+", no spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Decimal(String);

/// The text isn't a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number like \"1290.50\"")]
pub struct NotADecimal;

impl Decimal {
    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn of(money: Money) -> Self {
        Self(money.to_string())
    }

    /// The same number as an amount, exactly: more places than the currency has are refused, also when they are zeros.
    pub fn to_money(&self, currency: Currency) -> Result<Money, MoneyError> {
        let places = currency.exponent() as usize;
        let negative = self.0.starts_with('-');
        let digits = self.0.strip_prefix('-').unwrap_or(&self.0);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if fraction.len() > places {
            return Err(MoneyError::TooPrecise(currency));
        }
        let padding = std::iter::repeat_n('0', places - fraction.len());
        let mut minor: i64 = 0;
        for digit in whole.chars().chain(fraction.chars()).chain(padding) {
            let digit = i64::from(digit.to_digit(10).ok_or(MoneyError::NotADecimal)?);
            // Reckoned below zero, where there is room for one more: i64::MIN is an amount too.
            minor = minor
                .checked_mul(10)
                .and_then(|minor| minor.checked_sub(digit))
                .ok_or(MoneyError::TooLarge)?;
        }
        let minor = if negative {
            minor
        } else {
            minor.checked_neg().ok_or(MoneyError::TooLarge)?
        };
        Ok(Money { minor, currency })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let well_formed = match unsigned.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(unsigned),
        };
        if well_formed && text.len() <= 40 {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotADecimal)
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "maxLength": 40 })
    }
}

/// A decimal number as text, for example "1290.50": no exponent, no thousands separator.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => text.parse().map_err(InputValueError::custom),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
