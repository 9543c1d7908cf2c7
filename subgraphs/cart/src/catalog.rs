//! What things cost now, from the peer that knows: the catalog.
//!
//! Its answers are remembered for a [`MOMENT`], and forgotten as soon as an event says that a product has changed: most of what
//! shoppers do with a cart needs no question. Nothing is sold by a remembered price: checkout asks for itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use lavka_kit::bus::EventBus;
use lavka_kit::clock::Clock;
use lavka_kit::errors::chain;
use lavka_kit::events::topics;
use lavka_kit::money::Money;
use lavka_kit::peers::{EntityLoader, PeerError, Peers, RequestLoaders};
use serde::Deserialize;
use serde_json::{Value, json};

/// How long to wait before the bus is asked again.
const PAUSE: Duration = Duration::from_secs(1);
const SELECTION: &str = "orderable price { amount currency }";

/// The catalog did not say what something costs.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("ask the catalog for prices")]
    Peer(#[from] PeerError),
    #[error("read the catalog's answer about {sku}")]
    Answer {
        sku: String,
        #[source]
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Offer {
    orderable: bool,
    price: Money,
}

/// What was answered; `None` for what nobody can order.
type Answer = Option<Money>;

/// How old a price that is shown may be, where no event tells of its change.
const MOMENT: TimeDelta = TimeDelta::seconds(2);
/// So many are remembered.
const REMEMBERED: usize = 10_000;

/// The catalog's prices. Cloning shares what is remembered.
#[derive(Clone)]
pub struct Prices {
    peers: Peers,
    clock: Arc<dyn Clock>,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    prices: HashMap<String, (Answer, DateTime<Utc>)>,
    /// How often all was forgotten: what was asked before that and comes after it is not kept.
    forgotten: u64,
}

impl Prices {
    pub fn new(peers: Peers, clock: Arc<dyn Clock>) -> Self {
        Self {
            peers,
            clock,
            known: Arc::default(),
        }
    }

    /// What one variant costs; `None` when nobody can order it (any more).
    pub async fn of(&self, loaders: &RequestLoaders, sku: &str) -> Result<Option<Money>, CatalogError> {
        Ok(self.of_all(loaders, [sku]).await?.remove(sku))
    }

    /// What several cost, asked for together. What nobody can order (any more) is not in it.
    pub async fn of_all(
        &self,
        loaders: &RequestLoaders,
        skus: impl IntoIterator<Item = &str>,
    ) -> Result<HashMap<String, Money>, CatalogError> {
        let now = self.clock.now();
        let (mut prices, mut unknown) = (HashMap::new(), Vec::new());
        let forgotten = {
            let known = self.known();
            for sku in skus {
                match known.prices.get(sku) {
                    Some((answer, at)) if now - *at < MOMENT => {
                        prices.extend(answer.map(|price| (sku.to_owned(), price)));
                    }
                    _ => unknown.push(sku),
                }
            }
            known.forgotten
        };
        if unknown.is_empty() {
            return Ok(prices);
        }
        let loader = loaders.of(&self.peers, "catalog", "Variant", SELECTION);
        let asked = unknown.iter().map(|sku| one(&loader, sku));
        let answers = try_join_all(asked).await?;
        let mut known = self.known();
        let keeps = known.forgotten == forgotten;
        if known.prices.len() + unknown.len() > REMEMBERED {
            known.prices.clear();
        }
        for (sku, answer) in unknown.into_iter().zip(answers) {
            if keeps {
                known.prices.insert(sku.to_owned(), (answer, now));
            }
            prices.extend(answer.map(|price| (sku.to_owned(), price)));
        }
        Ok(prices)
    }

    /// Forgets them with every change of the catalog, for as long as the bus lasts.
    pub async fn follow(self, bus: Arc<dyn EventBus>) {
        loop {
            match bus.tail(topics::CATALOG).await {
                Ok(mut events) => {
                    self.forget();
                    while events.next().await.is_some() {
                        self.forget();
                    }
                }
                Err(error) => {
                    let error = chain(&error);
                    tracing::warn!(error, "can't follow the catalog's changes, trying again");
                }
            }
            self.clock.sleep(PAUSE).await;
        }
    }

    fn forget(&self) {
        let mut known = self.known();
        known.prices.clear();
        known.forgotten += 1;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn one(loader: &EntityLoader, sku: &str) -> Result<Answer, CatalogError> {
    let Some(answer): Option<Value> = loader.load(&json!({ "sku": sku })).await? else {
        return Ok(None);
    };
    let offer: Offer = serde_json::from_value(answer).map_err(|source| CatalogError::Answer {
        sku: sku.to_owned(),
        source,
    })?;
    Ok(offer.orderable.then_some(offer.price))
}
