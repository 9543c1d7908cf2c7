//! Publishes the events that documents carry, the oldest documents' first and each document's in their order, and takes them out.
//!
//! One replica does it at a time, by a lease that it renews; were two to do it at once (a clock that is wrong, a pause longer
//! than the lease), events would be published twice, which consumers bear.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use lavka_kit::bus::EventBus;
use lavka_kit::clock::Clock;
use lavka_kit::context::Context;
use lavka_kit::errors::Unavailable;
use lavka_kit::events::CloudEvent;
use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};

use super::{MongoStore, outcome};

/// So many documents are taken at once.
const BATCH: i64 = 100;
/// How often to look without having been told: for what another process has written, or a crash left behind.
const POLL: Duration = Duration::from_secs(1);
/// The longest wait between two tries while the bus or the store is away.
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);
/// How long a replica that was killed is waited for.
const LEASE: Duration = Duration::from_secs(5);

/// How long a turn may take before it is given up: the store or the bus says nothing.
const LONGEST_TURN: Duration = Duration::from_secs(60);

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct Relay {
    store: MongoStore,
    leases: Collection<Document>,
    bus: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    /// Who we are, for the lease.
    name: String,
}

pub(super) fn start(store: &MongoStore, context: &Context) {
    let relay = Relay {
        store: store.clone(),
        leases: store.database.collection("leases"),
        bus: context.bus.clone(),
        clock: context.clock.clone(),
        name: context.ids.next().to_string(),
    };
    context.tasks.spawn("catalog: outbox relay", relay.run());
}

impl Relay {
    async fn run(self) {
        let mut failures = 0_u32;
        loop {
            let publishing = tokio::time::timeout(LONGEST_TURN, self.publish_some());
            let published = publishing
                .await
                .unwrap_or_else(|_| Err(Unavailable::silent(LONGEST_TURN).into()));
            match published {
                Ok(0) => {
                    failures = 0;
                    tokio::select! {
                        () = self.store.notify.notified() => {}
                        () = self.clock.sleep(POLL) => {}
                    }
                }
                Ok(_) => failures = 0,
                Err(error) => {
                    failures = failures.saturating_add(1);
                    let wait = Duration::from_millis(100).saturating_mul(1 << failures.min(10));
                    let error = lavka_kit::errors::chain(&*error);
                    tracing::warn!(failures, error, "catalog: events can't be published");
                    self.clock.sleep(wait.min(LONGEST_BACKOFF)).await;
                }
            }
        }
    }

    /// How many events were published.
    async fn publish_some(&self) -> Result<usize, Failure> {
        let mut count = 0;
        for collection in [&self.store.categories, &self.store.products] {
            let carrying = doc! { "outbox.at": { "$gt": 0_i64 } };
            let found = collection
                .find(carrying)
                .sort(doc! { "outbox.at": 1 })
                .limit(BATCH)
                .await?;
            let found: Vec<Document> = found.try_collect().await?;
            if found.is_empty() {
                continue;
            }
            if !self.leads().await? {
                return Ok(0);
            }
            let mut events = Vec::new();
            for document in &found {
                events.extend(self.carried(collection, document).await?);
            }
            self.bus.publish(&events).await?;
            for document in &found {
                take_out(collection, document).await?;
            }
            count += events.len();
        }
        Ok(count)
    }

    /// The document's events. What is none is put aside, still in the document: it would hold up all that comes behind it.
    async fn carried(
        &self,
        collection: &Collection<Document>,
        document: &Document,
    ) -> Result<Vec<CloudEvent>, Failure> {
        let mut events = Vec::new();
        for item in outbox(document) {
            match event(item) {
                Ok(event) => events.push(event),
                Err(error) => {
                    let (id, error) = (document.get_str("_id")?, lavka_kit::errors::chain(&*error));
                    tracing::error!(
                        document = id,
                        error,
                        "catalog: what a document carries is no event, and is put aside"
                    );
                    let aside = doc! { "$pull": { "outbox": item }, "$push": { "aside": item } };
                    collection.update_one(doc! { "_id": id }, aside).await?;
                }
            }
        }
        Ok(events)
    }

    /// Whether the lease is ours, taken or renewed now.
    async fn leads(&self) -> Result<bool, Failure> {
        let now = self.clock.now();
        let until = lavka_kit::clock::later(now, LEASE).timestamp_micros();
        let free = doc! {
            "_id": "relay",
            "$or": [{ "holder": &self.name }, { "until": { "$lt": now.timestamp_micros() } }],
        };
        let ours = doc! { "$set": { "holder": &self.name, "until": until } };
        let taken = self.leases.update_one(free, ours).await?;
        if taken.matched_count == 1 {
            return Ok(true);
        }
        let first = doc! { "_id": "relay", "holder": &self.name, "until": until };
        match self.leases.insert_one(first).await {
            Ok(_) => Ok(true),
            Err(error) if outcome::is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn outbox(document: &Document) -> impl Iterator<Item = &Document> {
    let all = document
        .get_array("outbox")
        .map(Vec::as_slice)
        .unwrap_or_default();
    all.iter().filter_map(Bson::as_document)
}

fn event(item: &Document) -> Result<CloudEvent, Failure> {
    Ok(serde_json::from_str(item.get_str("event")?)?)
}

/// What was added meanwhile stays. A tombstone that carries nothing any more goes.
async fn take_out(collection: &Collection<Document>, document: &Document) -> Result<(), Failure> {
    let id = document.get_str("_id")?;
    let published: Vec<&str> = outbox(document).filter_map(|it| it.get_str("id").ok()).collect();
    let update = doc! { "$pull": { "outbox": { "id": { "$in": published } } } };
    collection.update_one(doc! { "_id": id }, update).await?;
    if document.contains_key("deleted") {
        let empty =
            doc! { "_id": id, "deleted": true, "outbox": { "$size": 0 }, "aside": { "$exists": false } };
        collection.delete_one(empty).await?;
    }
    Ok(())
}
