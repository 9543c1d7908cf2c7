//! A product and its variants as the store keeps them: one document.

use chrono::{DateTime, Utc};
use lavka_kit::{ids::Id, locale::Text, money::Money};
use serde::{Deserialize, Serialize};

use super::Attribute;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub id: Id,
    pub slug: String,
    pub title: Text,
    #[serde(default)]
    pub description: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    pub category: Id,
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    #[serde(default)]
    pub images: Vec<Image>,
    /// Never empty: a product that can't be bought in any form is not a product.
    pub variants: Vec<Variant>,
    pub is_published: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Counts the saves, from 1; a write names the version that it replaces.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    pub sku: String,
    /// Empty for the only variant of a product: then the product's title says it all.
    #[serde(default)]
    pub title: Text,
    pub price: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_at_price: Option<Money>,
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    pub url: String,
    #[serde(default)]
    pub alt: Text,
}

impl Product {
    pub fn skus(&self) -> Vec<String> {
        self.variants.iter().map(|variant| variant.sku.clone()).collect()
    }

    /// The cheapest and the dearest variant's price. One currency a store, so minor units compare.
    pub fn price_range(&self) -> Option<(Money, Money)> {
        let prices = || self.variants.iter().map(|variant| variant.price);
        Some((
            prices().min_by_key(|price| price.minor)?,
            prices().max_by_key(|price| price.minor)?,
        ))
    }
}
