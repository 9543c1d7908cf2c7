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
    bus::EventBus,
    events::{
        CloudEvent,
        catalog::{CategorySaved, ProductDeleted, ProductSaved},
        topics,
    },
    ids::Id,
};

use crate::catalog::{Catalog, CatalogError};
use crate::readable::Readable;
use crate::store::Keys;

/// As many events as are taken together when many have come: one commit of the index for all of them.
const TOGETHER: usize = 500;
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Default)]
struct News {
    products: BTreeSet<Id>,
    categories: BTreeSet<Id>,
}

/// Follows for as long as the bus lasts. Where the stream ends before, something was missed: then another is begun, and the
/// whole store read again.
pub async fn follow(
    catalog: Catalog,
    bus: Arc<dyn EventBus>,
    mut events: BoxStream<'static, Arc<CloudEvent>>,
) {
    loop {
        listen(&catalog, events).await;
        tracing::warn!("the catalogue missed changes and is read anew");
        events = loop {
            match catch_up(&catalog, &*bus).await {
                Ok(events) => break events,
                Err(error) => {
                    let error = lavka_kit::errors::chain(&*error);
                    tracing::warn!(error, "can't catch up with the catalogue's changes, trying again");
                    catalog.clock.sleep(PAUSE).await;
                }
            }
        };
    }
}

async fn catch_up(
    catalog: &Catalog,
    bus: &dyn EventBus,
) -> Result<BoxStream<'static, Arc<CloudEvent>>, Box<dyn std::error::Error + Send + Sync>> {
    // Before the store is read: what is saved meanwhile is heard of.
    let events = bus.tail(topics::CATALOG).await?;
    catalog.load().await?;
    catalog.forget_deleted().await?;
    // Products of a version that we have may stand under another title of their category.
    for category in catalog.store.categories().await? {
        catalog.category_changed(category.id).await?;
    }
    Ok(events)
}

async fn listen(catalog: &Catalog, mut events: BoxStream<'static, Arc<CloudEvent>>) {
    while let Some(event) = events.next().await {
        let mut news = News::default();
        news.hear(&event, catalog);
        for _ in 1..TOGETHER {
            match events.next().now_or_never().flatten() {
                Some(event) => news.hear(&event, catalog),
                None => break,
            }
        }
        // The store may be away for a while; what we have heard must not be forgotten.
        while let Err(error) = news.take_effect(catalog).await {
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
        let Readable { products, unreadable } = catalog.readable(Keys::Ids(&ids)).await?;
        // What can't be read stays as it was known.
        let gone: Vec<Id> = ids
            .into_iter()
            .filter(|id| products.iter().all(|product| product.id != *id) && !unreadable.contains(id))
            .collect();
        let categories = Arc::new(catalog.categories().await?);
        catalog.show(products, categories).await?;
        catalog.find(move |finder| finder.remove(&gone)).await
    }
}

#[cfg(test)]
mod tests;
