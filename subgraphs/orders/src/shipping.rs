//! How an order can travel: a small table, by country.

use lavka_kit::locale::{Locale, Text};
use lavka_kit::money::{Currency, Money, MoneyError};

use crate::config::ShippingMethodConfig;
use crate::countries::country;
use crate::order::Shipping;

/// The store's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Methods(Vec<Method>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Method {
    code: String,
    title: Text,
    price: Money,
    estimated_days: i32,
    /// Empty: every country that no other method names.
    countries: Vec<String>,
    /// From this subtotal on it costs nothing.
    free_from: Option<Money>,
}

/// A table that can't be used. Each is one sentence that names the method.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("shipping method `{code}`: `{field}` is not an amount")]
    Amount {
        code: String,
        field: &'static str,
        #[source]
        source: MoneyError,
    },
    #[error("shipping method `{code}`: `{country}` is not a country's code")]
    Country { code: String, country: String },
    #[error("shipping method `{code}`: {problem}")]
    Method { code: String, problem: &'static str },
}

impl Methods {
    /// The configured table, or the default one of this currency.
    pub fn new(configured: Option<&[ShippingMethodConfig]>, currency: Currency) -> Result<Self, TableError> {
        let default;
        let rows = match configured {
            Some(rows) => rows,
            None => {
                default = default_table(currency);
                &default
            }
        };
        let methods = rows
            .iter()
            .map(|row| method(row, currency))
            .collect::<Result<Vec<_>, _>>()?;
        for (n, method) in methods.iter().enumerate() {
            if methods[..n].iter().any(|other| other.code == method.code) {
                let problem = "the code is used twice";
                return Err(TableError::Method {
                    code: method.code.clone(),
                    problem,
                });
            }
        }
        Ok(Self(methods))
    }

    /// What can be chosen for this country, in the table's order. `subtotal`: of the cart, where there is one.
    pub fn offered(&self, country_code: &str, subtotal: Option<Money>, locale: Locale) -> Vec<Shipping> {
        let Some(country) = country(country_code) else {
            return Vec::new();
        };
        let named = self.0.iter().any(|method| method.countries.contains(&country));
        let goes_there =
            |method: &&Method| method.countries.contains(&country) || (!named && method.countries.is_empty());
        self.0
            .iter()
            .filter(goes_there)
            .map(|method| method.offer(subtotal, locale))
            .collect()
    }

    /// The method of this code, if it goes to this country.
    pub fn choose(&self, code: &str, country: &str, subtotal: Money, locale: Locale) -> Option<Shipping> {
        self.offered(country, Some(subtotal), locale)
            .into_iter()
            .find(|offer| offer.code == code)
    }
}

impl Method {
    fn offer(&self, subtotal: Option<Money>, locale: Locale) -> Shipping {
        let is_free = match (self.free_from, subtotal) {
            (Some(from), Some(subtotal)) => {
                subtotal.currency == from.currency && subtotal.minor >= from.minor
            }
            _ => false,
        };
        Shipping {
            code: self.code.clone(),
            title: self.title.get(locale).to_owned(),
            price: if is_free {
                Money::zero(self.price.currency)
            } else {
                self.price
            },
            estimated_days: self.estimated_days,
        }
    }
}

fn method(row: &ShippingMethodConfig, currency: Currency) -> Result<Method, TableError> {
    let code = row.code.trim().to_owned();
    let amount = |field, text: &str| {
        let amount = Money::parse(text, currency);
        amount.map_err(|source| TableError::Amount {
            code: code.clone(),
            field,
            source,
        })
    };
    let wrong = |problem| {
        Err(TableError::Method {
            code: code.clone(),
            problem,
        })
    };
    let price = amount("price", &row.price)?;
    let free_from = row
        .free_from
        .as_deref()
        .map(|text| amount("free_from", text))
        .transpose()?;
    if code.is_empty() {
        return wrong("it has no code");
    }
    if price.minor < 0 {
        return wrong("the price is below zero");
    }
    if row.title.is_empty() {
        return wrong("it has no title");
    }
    let countries = row.countries.iter().map(|text| {
        country(text).ok_or_else(|| TableError::Country {
            code: code.clone(),
            country: text.clone(),
        })
    });
    Ok(Method {
        title: row.title.clone(),
        price,
        estimated_days: i32::from(row.estimated_days),
        countries: countries.collect::<Result<_, _>>()?,
        free_from,
        code: code.clone(),
    })
}

/// Pickup, courier and post within Russia, post to everywhere else.
fn default_table(currency: Currency) -> Vec<ShippingMethodConfig> {
    let (courier, free_from, post, abroad) = match currency {
        Currency::Rub => ("390", "10000", "290", "1500"),
        Currency::Usd | Currency::Eur => ("5", "100", "4", "18"),
    };
    let row =
        |code: &str, ru: &str, en: &str, price: &str, estimated_days, russia: bool| ShippingMethodConfig {
            code: code.to_owned(),
            title: Text::new(ru, en),
            price: price.to_owned(),
            estimated_days,
            countries: if russia { vec!["RU".to_owned()] } else { Vec::new() },
            free_from: None,
        };
    let courier = row(
        "COURIER",
        "Курьером до двери",
        "Courier to the door",
        courier,
        2,
        true,
    );
    vec![
        row(
            "PICKUP",
            "Самовывоз из лавки",
            "Pick up at the shop",
            "0",
            1,
            true,
        ),
        ShippingMethodConfig {
            free_from: Some(free_from.to_owned()),
            ..courier
        },
        row("POST", "Почтой России", "Post", post, 6, true),
        row(
            "INTERNATIONAL_POST",
            "Международной почтой",
            "International post",
            abroad,
            21,
            false,
        ),
    ]
}

#[cfg(test)]
mod tests;
