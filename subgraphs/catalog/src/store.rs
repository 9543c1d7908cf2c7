//! The port: what the catalogue asks of the place where it is kept. SQLite (`store/sqlite.rs`) or MongoDB
//! (`store/mongodb.rs`) is below it; both pass [`scenes`].
//!
//! A write carries the event that tells of it, and the adapter saves both in one atomic step. A write that can't be done is not
//! an error but an outcome; an error means that the store itself failed, and then nothing was written.

#[cfg(feature = "mongodb")]
mod mongodb;
#[cfg(test)]
pub(crate) mod scenes;
mod sqlite;

use lavka_kit::{BoxFuture, events::CloudEvent, ids::Id};

#[cfg(feature = "mongodb")]
pub use self::mongodb::connect;
pub use sqlite::SqliteStore;

use crate::domain::{Category, Product};

/// By what to look products up.
#[derive(Clone, Copy, Debug)]
pub enum Keys<'a> {
    Ids(&'a [Id]),
    Slugs(&'a [String]),
    Skus(&'a [String]),
    Categories(&'a [Id]),
}

/// A document to save, with its event.
#[derive(Clone, Debug)]
pub struct Write<T> {
    pub document: T,
    /// The version that this one replaces; None for a new document.
    pub replaces: Option<i64>,
    pub event: CloudEvent,
}

/// What became of one write. Only `Saved` has changed anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Saved,
    SlugTaken,
    /// Of this sku; it belongs to another product.
    SkuTaken(String),
    /// It is of another version than the one to replace, or gone.
    Stale,
}

pub trait Store: Send + Sync + 'static {
    /// The products that are there, in no order, each once.
    fn products<'a>(&'a self, keys: Keys<'a>) -> BoxFuture<'a, Result<Vec<Product>, StoreError>>;

    /// At most `limit` products in the order of their ids, behind `after`.
    fn products_after(
        &self,
        after: Option<Id>,
        limit: u32,
    ) -> BoxFuture<'_, Result<Vec<Product>, StoreError>>;

    /// Saves each on its own, in order: one that can't be saved doesn't stop the others. An outcome for each, in order. After
    /// an error some may be saved, where the engine has no transaction for all of them.
    fn save_products<'a>(
        &'a self,
        writes: &'a [Write<Product>],
    ) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>>;

    /// Whether it was there.
    fn delete_product<'a>(&'a self, id: Id, event: &'a CloudEvent)
    -> BoxFuture<'a, Result<bool, StoreError>>;

    fn categories(&self) -> BoxFuture<'_, Result<Vec<Category>, StoreError>>;

    fn save_category<'a>(&'a self, write: &'a Write<Category>) -> BoxFuture<'a, Result<Outcome, StoreError>>;
}

/// The categories without those that can't be read: there are few, the whole shop hangs on them, and one that is missing is missed.
fn readable(all: impl Iterator<Item = Result<Category, StoreError>>) -> Result<Vec<Category>, StoreError> {
    let (mut readable, mut unreadable) = (Vec::new(), 0_usize);
    for one in all {
        match one {
            Ok(category) => readable.push(category),
            Err(error @ StoreError::Corrupt { .. }) => {
                unreadable += 1;
                tracing::error!(
                    unreadable,
                    error = lavka_kit::errors::chain(&error),
                    "a category can't be read and is passed over"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok(readable)
}

/// The store failed, or holds what can't be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{doing}")]
    Failed {
        doing: &'static str,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("{table}.{column} of row {row} can't be read")]
    Corrupt {
        table: &'static str,
        column: &'static str,
        row: String,
        source: serde_json::Error,
    },
}
