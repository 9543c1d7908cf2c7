//! The catalogue at work: the store, what finds in it, and the readings that everybody needs.

use std::collections::HashSet;
use std::sync::Arc;

use lavka_kit::{
    clock::Clock,
    events::{CloudEvent, EventData},
    ids::{Id, Ids},
    money::Currency,
};

use crate::domain::{CategoryTree, Product};
use crate::recent::Recent;
use crate::search::{Finder, SearchError};
use crate::store::{Keys, Store, StoreError};

/// So many products are read at once when the search index is made.
const LOAD_AT_ONCE: u32 = 1_000;

#[derive(Clone)]
pub struct Catalog {
    pub store: Arc<dyn Store>,
    pub finder: Arc<Finder>,
    pub recent: Arc<Recent>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub currency: Currency,
}

#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error("write the event {event}")]
    Event {
        event: &'static str,
        source: serde_json::Error,
    },
    #[error("read the lines to import")]
    Lines(#[source] std::io::Error),
    #[error("the search index gave up")]
    Gone,
    /// Somebody else saves the same document faster than we can.
    #[error("save {0}: it changes all the time")]
    Contended(Id),
}

impl Catalog {
    pub async fn categories(&self) -> Result<CategoryTree, StoreError> {
        Ok(CategoryTree::new(self.store.categories().await?))
    }

    pub async fn product(&self, id: Id) -> Result<Option<Product>, StoreError> {
        Ok(self.store.products(Keys::Ids(&[id])).await?.pop())
    }

    pub(crate) fn event<T: EventData>(&self, subject: Id, data: &T) -> Result<CloudEvent, CatalogError> {
        CloudEvent::new(&*self.ids, &*self.clock, subject, data).map_err(|source| CatalogError::Event {
            event: T::TYPE,
            source,
        })
    }

    /// Puts the whole store up for search. How many products there are.
    pub async fn load(&self) -> Result<usize, CatalogError> {
        let categories = Arc::new(self.categories().await?);
        let (mut after, mut count) = (None, 0);
        loop {
            let page = self.page_after(after, LOAD_AT_ONCE).await?;
            if page.next == after || page.next.is_none() {
                return Ok(count);
            }
            after = page.next;
            count += page.products.len();
            self.show(page.products, categories.clone()).await?;
        }
    }

    /// Takes down what the store doesn't have any more.
    pub(crate) async fn forget_deleted(&self) -> Result<(), CatalogError> {
        for ids in self.finder.ids().chunks(LOAD_AT_ONCE as usize) {
            let there: HashSet<Id> = {
                let found = self.readable(Keys::Ids(ids)).await?;
                let there = found.products.into_iter().map(|it| it.id);
                there.chain(found.unreadable).collect()
            };
            let gone: Vec<Id> = ids.iter().copied().filter(|id| !there.contains(id)).collect();
            self.find(move |finder| finder.remove(&gone)).await?;
        }
        Ok(())
    }

    /// Puts products that the store has up for search. Off the async threads: a commit of the index takes milliseconds.
    pub(crate) async fn show(
        &self,
        products: Vec<Product>,
        categories: Arc<CategoryTree>,
    ) -> Result<(), CatalogError> {
        self.find(move |finder| finder.put(&products, &categories)).await
    }

    /// Something with the finder that may block.
    pub(crate) async fn find<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Finder) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, CatalogError> {
        let finder = self.finder.clone();
        let done = tokio::task::spawn_blocking(move || work(&finder)).await;
        Ok(done.map_err(|_| CatalogError::Gone)??)
    }
}
