//! Why a write was refused. The server says only that some unique index objects, in words that differ from one to another; so
//! the indexes are asked.

use mongodb::Collection;
use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind, WriteFailure};

use super::super::Outcome;
use crate::domain::{Category, Product};

/// A write that changed nothing.
pub(super) enum Refused {
    /// What it was to replace isn't there.
    Stale,
    /// A unique index objects.
    Duplicate,
}

const DUPLICATE_KEY: i32 = 11_000;

pub(super) fn is_duplicate(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE_KEY,
        ErrorKind::Command(error) => error.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// Who stands in a product's way; `None` when nobody does any more.
pub(super) async fn of_product(
    products: &Collection<Document>,
    product: &Product,
    replaces: Option<i64>,
) -> Result<Option<Outcome>, Error> {
    let id = product.id.to_string();
    let other = doc! { "$ne": &id };
    if replaces.is_none() {
        let itself = doc! { "_id": &id, "deleted": { "$exists": false } };
        if products.find_one(itself).await?.is_some() {
            return Ok(Some(Outcome::Stale));
        }
    }
    let namesake = doc! { "slug": &product.slug, "_id": &other };
    if products.find_one(namesake).await?.is_some() {
        return Ok(Some(Outcome::SlugTaken));
    }
    for variant in &product.variants {
        let owner = doc! { "skus": &variant.sku, "_id": &other };
        if products.find_one(owner).await?.is_some() {
            return Ok(Some(Outcome::SkuTaken(variant.sku.clone())));
        }
    }
    Ok(None)
}

/// A category's way is barred by itself or by a namesake.
pub(super) async fn of_category(
    categories: &Collection<Document>,
    category: &Category,
) -> Result<Outcome, Error> {
    let namesake = doc! { "slug": &category.slug, "_id": { "$ne": category.id.to_string() } };
    Ok(match categories.find_one(namesake).await? {
        Some(_) => Outcome::SlugTaken,
        None => Outcome::Stale,
    })
}
