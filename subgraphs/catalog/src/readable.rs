//! One document that can't be read (an older shape, a hand that slipped) must not close the shop: to shoppers and to the
//! search it is as if it weren't there, the log says so each time, and all others go on. Whoever wants to change it is told.

use lavka_kit::errors::chain;
use lavka_kit::ids::Id;

use crate::catalog::Catalog;
use crate::domain::Product;
use crate::store::{Keys, StoreError};

/// So many are read at once where all have to be looked through.
const PAGE: u32 = 1_000;

/// What was asked for, without what can't be read.
pub(crate) struct Readable {
    pub(crate) products: Vec<Product>,
    /// They are there all the same.
    pub(crate) unreadable: Vec<Id>,
}

/// A page, and where the next one begins: `None` behind the last.
pub(crate) struct Page {
    pub(crate) products: Vec<Product>,
    pub(crate) next: Option<Id>,
}

impl Catalog {
    /// Those of these products that can be read.
    pub(crate) async fn readable(&self, keys: Keys<'_>) -> Result<Readable, StoreError> {
        let (mut products, mut unreadable) = (Vec::new(), Vec::new());
        match self.store.products(keys).await {
            Err(StoreError::Corrupt { .. }) => {}
            found => {
                products = found?;
                return Ok(Readable { products, unreadable });
            }
        }
        // One after the other, to see which it is.
        let mut alone = async |key: Keys<'_>| match self.store.products(key).await {
            Ok(found) => {
                products.extend(found);
                Ok(())
            }
            Err(error) => passed_over(error).map(|id| unreadable.push(id)),
        };
        match keys {
            Keys::Ids(all) => {
                for key in all.chunks(1) {
                    alone(Keys::Ids(key)).await?;
                }
            }
            Keys::Categories(categories) => {
                let mut after = None;
                loop {
                    let page = self.page_after(after, PAGE).await?;
                    if page.next == after || page.next.is_none() {
                        break;
                    }
                    after = page.next;
                    let ours = page
                        .products
                        .into_iter()
                        .filter(|it| categories.contains(&it.category));
                    products.extend(ours);
                }
            }
            Keys::Slugs(all) => {
                for key in all.chunks(1) {
                    alone(Keys::Slugs(key)).await?;
                }
            }
            Keys::Skus(all) => {
                for key in all.chunks(1) {
                    alone(Keys::Skus(key)).await?;
                }
            }
        }
        products.sort_by_key(|product| product.id);
        products.dedup_by_key(|product| product.id);
        Ok(Readable { products, unreadable })
    }

    /// At most so many products behind `after`, without those that can't be read.
    pub(crate) async fn page_after(&self, after: Option<Id>, limit: u32) -> Result<Page, StoreError> {
        match self.store.products_after(after, limit).await {
            Err(StoreError::Corrupt { .. }) => {}
            found => {
                let products = found?;
                let next = products.last().map(|it| it.id);
                return Ok(Page { products, next });
            }
        }
        let (mut products, mut next) = (Vec::new(), after);
        for _ in 0..limit {
            match self.store.products_after(next, 1).await {
                Ok(found) if found.is_empty() => break,
                Ok(found) => {
                    next = found.last().map(|it| it.id);
                    products.extend(found);
                }
                Err(error) => next = Some(passed_over(error)?),
            }
        }
        Ok(Page { products, next })
    }
}

/// The id of what can't be read; the error itself, where it says something else.
fn passed_over(error: StoreError) -> Result<Id, StoreError> {
    let StoreError::Corrupt { row, .. } = &error else {
        return Err(error);
    };
    let Ok(id) = row.parse() else {
        return Err(error);
    };
    tracing::error!(product = %id, error = chain(&error), "a product can't be read and is passed over");
    Ok(id)
}

#[cfg(test)]
mod tests;
