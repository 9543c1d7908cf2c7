//! What can be bought of many variants, asked for one at a time and read together: a page of products is one statement.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use tokio::task::yield_now;

use crate::store::{OrderStore, StoreError};

/// How often others are let go first, so that they can join.
const PATIENCE: usize = 3;

/// Reads the stock in batches. Keeps nothing: what is asked for later is read anew.
pub struct StockLoader {
    store: Arc<dyn OrderStore>,
    gathering: Mutex<Option<Arc<Batch>>>,
}

#[derive(Default)]
struct Batch {
    skus: Mutex<Vec<String>>,
    /// Cancel-safe: where the first who asks goes away, the next one reads.
    available: OnceCell<HashMap<String, i32>>,
}

impl StockLoader {
    pub fn new(store: Arc<dyn OrderStore>) -> Self {
        Self {
            store,
            gathering: Mutex::default(),
        }
    }

    /// What can be bought of this; nothing of what was never counted.
    pub async fn available(&self, sku: &str) -> Result<i32, StoreError> {
        let batch = self.join(sku);
        for _ in 0..PATIENCE {
            yield_now().await;
        }
        let available = batch.available.get_or_try_init(|| async {
            self.close(&batch);
            let skus = batch.skus.lock().unwrap_or_else(PoisonError::into_inner).clone();
            self.store.available(&skus).await
        });
        Ok(available.await?.get(sku).copied().unwrap_or(0))
    }

    fn join(&self, sku: &str) -> Arc<Batch> {
        let mut gathering = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = gathering.get_or_insert_default().clone();
        // Within the lock: a batch that is closed is no longer found here.
        let mut skus = batch.skus.lock().unwrap_or_else(PoisonError::into_inner);
        if !skus.iter().any(|known| known == sku) {
            skus.push(sku.to_owned());
        }
        drop(skus);
        batch
    }

    fn close(&self, batch: &Arc<Batch>) {
        let mut gathering = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
        if gathering.as_ref().is_some_and(|open| Arc::ptr_eq(open, batch)) {
            *gathering = None;
        }
    }
}
