//! Reading the store in batches. Fifty entities in one request are one read, not fifty: each asks its request's loader, and
//! the loader waits until all have asked.
//!
//! A loader lives for one request and remembers nothing: a mutation's answer must not show what was before it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest};
use async_graphql::{Context, Request, Result, ServerResult};
use dataloader::{BatchFn, non_cached::Loader};
use lavka_kit::{errors::fault, ids::Id};
use tokio::sync::OnceCell;

use crate::catalog::Catalog;
use crate::domain::{CategoryTree, Product};
use crate::store::{Keys, Store, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Id(Id),
    Slug(String),
    Sku(String),
}

type Loaded = Result<Option<Arc<Product>>, Arc<StoreError>>;

/// What one request reads with.
pub struct Loaders {
    products: Loader<Key, Loaded, Batch>,
    categories: OnceCell<Arc<CategoryTree>>,
    catalog: Catalog,
}

impl Loaders {
    fn new(catalog: Catalog) -> Loaders {
        let batch = Batch(catalog.store.clone());
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
        let read = || async { self.catalog.categories().await.map(Arc::new) };
        Ok(self
            .categories
            .get_or_try_init(read)
            .await
            .map_err(fault)?
            .clone())
    }
}

struct Batch(Arc<dyn Store>);

impl BatchFn<Key, Loaded> for Batch {
    async fn load(&mut self, keys: &[Key]) -> HashMap<Key, Loaded> {
        let (mut ids, mut slugs, mut skus) = (Vec::new(), Vec::new(), Vec::new());
        for key in keys {
            match key {
                Key::Id(id) => ids.push(*id),
                Key::Slug(slug) => slugs.push(slug.clone()),
                Key::Sku(sku) => skus.push(sku.clone()),
            }
        }
        let mut loaded: HashMap<Key, Loaded> = keys.iter().map(|key| (key.clone(), Ok(None))).collect();
        for asked in [Keys::Ids(&ids), Keys::Slugs(&slugs), Keys::Skus(&skus)] {
            match self.0.products(asked).await {
                Ok(products) => products
                    .into_iter()
                    .for_each(|product| answer(&mut loaded, asked, product)),
                Err(error) => {
                    let error = Arc::new(error);
                    loaded
                        .values_mut()
                        .for_each(|answer| *answer = Err(error.clone()));
                    return loaded;
                }
            }
        }
        loaded
    }
}

fn answer(loaded: &mut HashMap<Key, Loaded>, asked: Keys<'_>, product: Product) {
    let product = Arc::new(product);
    let keys = match asked {
        Keys::Ids(_) | Keys::Categories(_) => vec![Key::Id(product.id)],
        Keys::Slugs(_) => vec![Key::Slug(product.slug.clone())],
        Keys::Skus(_) => product.skus().into_iter().map(Key::Sku).collect(),
    };
    for key in keys {
        if let Some(answer) = loaded.get_mut(&key) {
            *answer = Ok(Some(product.clone()));
        }
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
