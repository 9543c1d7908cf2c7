//! What an operator may say about orders.

use lavka_kit::locale::Text;
use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::payment_method::Gateway;

/// Orders: checkout, stock, delivery.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where orders and stock are kept: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, there in the schema `orders` unless
    /// `?schema=` says otherwise. By default `orders.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<DatabaseUrl>,
    /// After how many minutes an order that nobody has paid is given up and its stock goes back. Another payment attempt begins
    /// them anew.
    pub unpaid_minutes: u32,
    /// The payment gateways that a shopper may choose; each must be configured in payments too.
    pub gateways: Vec<Gateway>,
    /// How orders can travel. Without it: pickup, courier and post within Russia, post to everywhere else.
    pub shipping: Option<Vec<ShippingMethodConfig>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            unpaid_minutes: 30,
            gateways: vec![Gateway::Sandbox],
            shipping: None,
        }
    }
}

/// One way of delivery.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippingMethodConfig {
    /// What `checkout` calls it: `COURIER`.
    pub code: String,
    /// What shoppers see.
    pub title: Text,
    /// Its price in the store's currency: `"390"`.
    pub price: String,
    /// About how many days it takes.
    pub estimated_days: u16,
    /// Where it goes: `["RU", "BY"]`. Empty: to every country that no other method names.
    #[serde(default)]
    pub countries: Vec<String>,
    /// The subtotal from which on it costs nothing.
    #[serde(default)]
    pub free_from: Option<String>,
}
