//! What was read from the store a moment ago, so that a page which everybody looks at is not read for each of them.
//!
//! The difficulty is not to show what is over. What this replica saves itself, and what it has heard of from the others, is never
//! shown as it was before: a product counts only in the version that the search shows ([`Finder::version`]), which every save and every
//! event moves; the categories are forgotten with each of their changes. What another replica has saved and no event has told of yet
//! may be shown as it was for a [`MOMENT`], also while the bus is away; on a page that is itself remembered (the kit's answers) for another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::ids::Id;
use quick_cache::sync::Cache;

use crate::catalog::Catalog;
use crate::domain::{CategoryTree, Product};
use crate::store::{Keys, StoreError};

/// How old what is shown may be.
pub const MOMENT: TimeDelta = TimeDelta::seconds(2);
/// So many keys are remembered; a product is some kilobytes.
const REMEMBERED: usize = 10_000;

/// By what a product is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Id(Id),
    Slug(String),
    Sku(String),
}

/// What was read, and when.
pub struct Recent {
    products: Cache<Key, (Arc<Product>, DateTime<Utc>)>,
    categories: Mutex<Categories>,
}

#[derive(Default)]
struct Categories {
    read: Option<(Arc<CategoryTree>, DateTime<Utc>)>,
    /// How often they have changed: what was read before a change and comes after it is not kept.
    changes: u64,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            products: Cache::new(REMEMBERED),
            categories: Mutex::default(),
        }
    }
}

impl Recent {
    /// They have changed.
    pub fn forget_categories(&self) {
        let mut categories = self.categories();
        categories.read = None;
        categories.changes += 1;
    }

    fn categories(&self) -> MutexGuard<'_, Categories> {
        self.categories.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Catalog {
    /// The products of these keys to look at; not to be saved again.
    pub(crate) async fn shown_products(
        &self,
        keys: &[Key],
    ) -> Result<HashMap<Key, Arc<Product>>, StoreError> {
        let mut shown = HashMap::with_capacity(keys.len());
        let now = self.clock.now();
        let (mut ids, mut slugs, mut skus) = (Vec::new(), Vec::new(), Vec::new());
        for key in keys {
            match self.recent.products.get(key) {
                Some((product, read)) if now - read < MOMENT && self.is_newest(&product) => {
                    shown.insert(key.clone(), product);
                }
                _ => match key {
                    Key::Id(id) => ids.push(*id),
                    Key::Slug(slug) => slugs.push(slug.clone()),
                    Key::Sku(sku) => skus.push(sku.clone()),
                },
            }
        }
        for asked in [Keys::Ids(&ids), Keys::Slugs(&slugs), Keys::Skus(&skus)] {
            for product in self.readable(asked).await?.products {
                let product = Arc::new(product);
                for key in keys_of(asked, &product) {
                    self.recent.products.insert(key.clone(), (product.clone(), now));
                    shown.insert(key, product.clone());
                }
            }
        }
        Ok(shown)
    }

    /// The number of what is shown: another one after each change that this replica has made or heard of.
    pub(crate) fn state(&self) -> u64 {
        self.finder.changes() + self.recent.categories().changes
    }

    /// The categories to look at; not to decide by what is saved.
    pub(crate) async fn shown_categories(&self) -> Result<Arc<CategoryTree>, StoreError> {
        let now = self.clock.now();
        let changes = {
            let categories = self.recent.categories();
            match &categories.read {
                Some((tree, read)) if now - *read < MOMENT => return Ok(tree.clone()),
                _ => categories.changes,
            }
        };
        let tree = Arc::new(self.categories().await?);
        let mut categories = self.recent.categories();
        if categories.changes == changes {
            categories.read = Some((tree.clone(), now));
        }
        Ok(tree)
    }

    fn is_newest(&self, product: &Product) -> bool {
        self.finder.version(product.id) == Some(product.version)
    }
}

fn keys_of(asked: Keys<'_>, product: &Product) -> Vec<Key> {
    match asked {
        Keys::Ids(_) | Keys::Categories(_) => vec![Key::Id(product.id)],
        Keys::Slugs(_) => vec![Key::Slug(product.slug.clone())],
        Keys::Skus(_) => product.skus().into_iter().map(Key::Sku).collect(),
    }
}
