//! What catalog publishes, on `lavka.catalog`: for search indexes on every replica.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_data;
use crate::ids::Id;

/// A product is new or has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductSaved {
    /// The product.
    pub product_id: Id,
    /// Its slug.
    pub slug: String,
    /// The document's version: older news than what one has are no news.
    pub version: i64,
    /// The variants it has now.
    pub skus: Vec<String>,
}

/// A product is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductDeleted {
    /// The product.
    pub product_id: Id,
}

/// A category is new or has changed: products are found by its title too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CategorySaved {
    /// The category.
    pub category_id: Id,
    /// Its slug.
    pub slug: String,
    /// Counts its saves.
    pub version: i64,
}

event_data! {
    CategorySaved => CATALOG, "lavka.catalog.category_saved.v1";
    ProductSaved => CATALOG, "lavka.catalog.product_saved.v1";
    ProductDeleted => CATALOG, "lavka.catalog.product_deleted.v1";
}
