//! Reading the store in batches. Fifty entities in one request are one read, not fifty: each asks its request's loader, and
//! the loader waits until all have asked.
//!
//! A loader lives for one request and remembers nothing; what is remembered, and why a mutation's answer doesn't show what was before
//! it all the same, is in [`crate::recent`].

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest};
use async_graphql::{Context, Request, Result, ServerResult};
use dataloader::{BatchFn, non_cached::Loader};
use lavka_kit::errors::fault;
use tokio::sync::OnceCell;

use crate::catalog::Catalog;
use crate::domain::{CategoryTree, Product};
pub use crate::recent::Key;
use crate::store::StoreError;

type Loaded = Result<Option<Arc<Product>>, Arc<StoreError>>;

/// What one request reads with.
pub struct Loaders {
    products: Loader<Key, Loaded, Batch>,
    categories: OnceCell<Arc<CategoryTree>>,
    catalog: Catalog,
}

impl Loaders {
    fn new(catalog: Catalog) -> Loaders {
        let batch = Batch(catalog.clone());
        Loaders {
            products: Loader::new(batch),
            categories: OnceCell::new(),
            catalog,
        }
    }

    pub fn of<'a>(ctx: &Context<'a>) -> Result<&'a Loaders> {
        ctx.data::<Loaders>()
    }

    pub async fn product(&self, key: Key) -> Result<Option<Arc<Product>>> {
        match self.products.try_load(key).await {
            Ok(loaded) => loaded.map_err(fault),
            Err(error) => Err(fault(error)),
        }
    }

    /// The tree as it was when this request first asked.
    pub async fn categories(&self) -> Result<Arc<CategoryTree>> {
        Ok(self
            .categories
            .get_or_try_init(|| self.catalog.shown_categories())
            .await
            .map_err(fault)?
            .clone())
    }
}

struct Batch(Catalog);

impl BatchFn<Key, Loaded> for Batch {
    async fn load(&mut self, keys: &[Key]) -> HashMap<Key, Loaded> {
        let answer = self.0.shown_products(keys).await.map_err(Arc::new);
        let loaded = |key: &Key| match &answer {
            Ok(shown) => Ok(shown.get(key).cloned()),
            Err(error) => Err(error.clone()),
        };
        keys.iter().map(|key| (key.clone(), loaded(key))).collect()
    }
}

/// Gives each request its loaders.
pub struct LoadersForEachRequest(pub Catalog);

impl ExtensionFactory for LoadersForEachRequest {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Prepare(self.0.clone()))
    }
}

struct Prepare(Catalog);

#[async_trait]
impl Extension for Prepare {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        next.run(ctx, request.data(Loaders::new(self.0.clone()))).await
    }
}
