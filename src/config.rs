//! The store's configuration: one file, one section a part, every key optional. A misspelt key stops the start.
//! docs/configuration.md is generated from these types.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use lavka_kit::bus::BusConfig;
use lavka_kit::config::Secret;
use lavka_kit::money::Currency;
use lavka_kit::sql::PostgresConfig;
use lavka_kit::telemetry;
use schemars::JsonSchema;
use serde::Deserialize;

/// The store's configuration.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address that clients connect to.
    pub listen: SocketAddr,
    /// The data directory of the embedded engines.
    pub data: PathBuf,
    /// Where people reach the store, for links in letters: "https://shop.example". Absent: the address that it listens on.
    pub public_url: Option<String>,
    /// The currency that the store sells in.
    pub currency: Currency,
    /// What subgraphs sign their calls to each other with, 32 characters or more. Absent: `lavka up` makes one up at each
    /// start; separate processes must be given the same.
    pub service_secret: Option<Secret<String>>,
    /// Where the other subgraphs are, by name, for a subgraph that runs on its own: cart = "http://127.0.0.1:4003/graphql".
    pub peers: BTreeMap<String, String>,
    /// Where the users service publishes its keys, for a subgraph or a router that runs on its own.
    pub jwks_url: Option<String>,
    /// What is logged, and how.
    pub log: telemetry::Config,
    /// The event bus.
    pub bus: BusConfig,
    /// How services talk to PostgreSQL, where their `database` names it.
    pub postgres: PostgresConfig,
    /// The federation router.
    pub router: lavka_router::Config,
    /// Accounts, sessions and tokens.
    pub users: lavka_users::Config,
    /// Products and search.
    pub catalog: lavka_catalog::Config,
    /// Carts.
    pub cart: lavka_cart::Config,
    /// Checkout, orders and stock.
    pub orders: lavka_orders::Config,
    /// Payments and refunds.
    pub payments: lavka_payments::Config,
    /// Letters and the inbox.
    pub notifications: lavka_notifications::Config,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 4000)),
            data: PathBuf::from("data"),
            public_url: None,
            currency: Currency::Rub,
            service_secret: None,
            peers: BTreeMap::new(),
            jwks_url: None,
            log: telemetry::Config::default(),
            bus: BusConfig::default(),
            postgres: PostgresConfig::default(),
            router: lavka_router::Config::default(),
            users: lavka_users::Config::default(),
            catalog: lavka_catalog::Config::default(),
            cart: lavka_cart::Config::default(),
            orders: lavka_orders::Config::default(),
            payments: lavka_payments::Config::default(),
            notifications: lavka_notifications::Config::default(),
        }
    }
}

impl Config {
    /// Reads the file, if one is named, overlaid by the environment's `LAVKA__…` variables.
    ///
    /// # Errors
    /// When the file can't be read, or something in it is not as it should be: the error names file, line and key.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let (name, text) = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("read the configuration {}", file.display()))?;
                (file.display().to_string(), text)
            }
            None => ("lavka.toml".to_owned(), String::new()),
        };
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(lavka_kit::config::load(&name, &text, environment)?)
    }
}
