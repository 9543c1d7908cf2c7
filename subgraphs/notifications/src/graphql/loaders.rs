//! Rows for many parents in one statement: a page of an inbox asks for its deliveries once.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Result;
use dataloader::BatchFn;
use dataloader::non_cached::Loader;
use lavka_kit::errors::fault;
use lavka_kit::ids::Id;

use crate::channel::Delivery;
use crate::store::{Store, StoreError};

type Answer = std::result::Result<Vec<Delivery>, Arc<StoreError>>;

/// A loader that every request shares: it batches, and keeps nothing.
pub(crate) struct Loaders {
    deliveries: Loader<Id, Answer, DeliveriesOf>,
}

impl Loaders {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self {
            deliveries: Loader::new(DeliveriesOf(store)),
        }
    }

    /// The deliveries of a notification, one for each channel.
    pub(crate) async fn deliveries_of(&self, notification: Id) -> Result<Vec<Delivery>> {
        self.deliveries
            .try_load(notification)
            .await
            .map_err(fault)?
            .map_err(fault)
    }
}

struct DeliveriesOf(Arc<dyn Store>);

impl BatchFn<Id, Answer> for DeliveriesOf {
    async fn load(&mut self, notifications: &[Id]) -> HashMap<Id, Answer> {
        match self.0.deliveries_of(notifications).await {
            Ok(rows) => {
                let mut groups: HashMap<Id, Vec<Delivery>> =
                    notifications.iter().map(|id| (*id, Vec::new())).collect();
                for row in rows {
                    groups.entry(row.notification_id).or_default().push(row);
                }
                groups.into_iter().map(|(id, rows)| (id, Ok(rows))).collect()
            }
            Err(error) => {
                let error = Arc::new(error);
                notifications.iter().map(|id| (*id, Err(error.clone()))).collect()
            }
        }
    }
}
