//! Keeps this replica's search in step with what other replicas save: follows `lavka.catalog`.
//!
//! An event says only *that* something changed; what it is now is read from the store. So events may come late, twice or in
//! any order: the version decides, and news of this replica's own saves are no news. The tail begins before the store is
//! read for the first time, so that nothing falls between the two.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _};
use lavka_kit::{
    BoxStream,
    events::{
        CloudEvent,
        catalog::{CategorySaved, ProductDeleted, ProductSaved},
    },
    ids::Id,
};

use crate::catalog::{Catalog, CatalogError};
use crate::store::Keys;

/// As many events as are taken together when many have come: one commit of the index for all of them.
const TOGETHER: usize = 500;
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct News {
    products: BTreeSet<Id>,
    categories: BTreeSet<Id>,
}

pub async fn follow(catalog: Catalog, mut events: BoxStream<'static, Arc<CloudEvent>>) {
    while let Some(event) = events.next().await {
        let mut news = News::default();
        news.hear(&event, &catalog);
        for _ in 1..TOGETHER {
            match events.next().now_or_never().flatten() {
                Some(event) => news.hear(&event, &catalog),
                None => break,
            }
        }
        // The store may be away for a while; what we have heard must not be forgotten.
        while let Err(error) = news.take_effect(&catalog).await {
            tracing::warn!(
                error = lavka_kit::errors::chain(&error),
                "can't follow the catalogue's changes, trying again"
            );
            catalog.clock.sleep(PAUSE).await;
        }
    }
}

impl News {
    fn hear(&mut self, event: &CloudEvent, catalog: &Catalog) {
        if let Ok(saved) = event.data::<ProductSaved>() {
            if catalog
                .finder
                .version(saved.product_id)
                .is_none_or(|known| known < saved.version)
            {
                self.products.insert(saved.product_id);
            }
        } else if let Ok(deleted) = event.data::<ProductDeleted>() {
            if catalog.finder.version(deleted.product_id).is_some() {
                self.products.insert(deleted.product_id);
            }
        } else if let Ok(saved) = event.data::<CategorySaved>() {
            self.categories.insert(saved.category_id);
        }
    }

    async fn take_effect(&self, catalog: &Catalog) -> Result<(), CatalogError> {
        for &category in &self.categories {
            catalog.category_changed(category).await?;
        }
        if self.products.is_empty() {
            return Ok(());
        }
        let ids: Vec<Id> = self.products.iter().copied().collect();
        let products = catalog.store.products(Keys::Ids(&ids)).await?;
        let gone: Vec<Id> = ids
            .into_iter()
            .filter(|id| products.iter().all(|product| product.id != *id))
            .collect();
        let categories = Arc::new(catalog.categories().await?);
        catalog.show(products, categories).await?;
        catalog.find(move |finder| finder.remove(&gone)).await
    }
}
