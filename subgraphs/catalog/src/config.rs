//! What an operator can set for the catalogue.

use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

/// The section `[catalog]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where products are kept: `sqlite:PATH`. By default `catalog.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<DatabaseUrl>,
}
