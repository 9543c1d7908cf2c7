//! What an operator may say about carts.

use schemars::JsonSchema;
use serde::Deserialize;

/// Carts. Nothing to configure yet: the limits (999 of a sku, 100 lines) are part of the contract with clients.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {}
