//! The event is saved with the change, in one commit; then a relay publishes it and takes it out.
//!
//! A crash between publishing and taking out publishes again: consumers have an [`crate::inbox`]. What one subject's
//! events must keep is their order: what was committed first arrives first, also after failures.
//!
//! **One file, one writer.** In SQLite a position is given within the write lock, so positions are the order of the commits. The
//! relay reads the oldest, publishes them, takes them out.
//!
//! **Many writers, many relays.** On PostgreSQL neither holds by itself. A position comes from a sequence when the row is
//! written, not when it is committed: of two transactions the one with the lower position may commit later, and a relay that
//! has been there meanwhile has published the higher one. And two relays that share the rows between them publish at
//! the same time. So:
//!
//! 1. [`Outbox::add`] first takes a lock of the event's subject (an advisory lock, which lasts until the end of the
//!    transaction) and only then a position. Within one subject positions are the order of the commits, whoever wrote them. Between
//!    subjects they are not, and needn't be: a relay takes out what it has published by position, and not "everything
//!    up to there".
//! 2. A subject's events are all in one of [`SHARDS`] shards. A relay locks the rows of some shards that have something to
//!    publish, passing over those that others have locked (`FOR UPDATE SKIP LOCKED`), and only then, in a statement of
//!    its own that sees what was committed by then, takes their events out. The lock is let go by the commit, which comes when
//!    the bus has them. So a shard is published by one relay at a time, in order, while other relays publish others.
//! 3. A relay that dies lets go of its lock with its connection; what it has published and not taken out is published
//!    again by the next one, from the first on: no event arrives for the first time after a later one of its subject. The
//!    same holds for a relay that only lost its connection and goes on publishing: what it still publishes is a repetition or
//!    comes before its successor's.
//!
//! Claiming single rows with SKIP LOCKED would not do: the relay that skips an order's first event takes its second.
//! Neither would the lowest running transaction's id as a mark up to which to read: one long transaction anywhere in the
//! cluster would hold up every event.

mod aside;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::bus::EventBus;
use crate::clock::Clock;
use crate::context::Context;
use crate::errors::chain;
use crate::events::CloudEvent;
use crate::ids::Id;
use crate::sql::{self, Connection, Database, Dialect, Json, QueryBuilder, Rows, Transaction, pieces};
use aside::Sorted;

/// How many events are published at once.
const BATCH: i64 = 500;
/// Turns begin this far apart, so that more is published at once where much is written; the first after a pause begins at once. The
/// computer's time: it is about the engines' load, which no test's clock moves.
const PACE: Duration = Duration::from_millis(10);
/// How often to look without having been told: for what another process has written, or a crash left behind.
const POLL: Duration = Duration::from_secs(1);
/// The longest wait between two tries while the bus is away.
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);
/// How many shards there are: as many rows as the table `outbox_shard` has.
const SHARDS: i32 = 16;
/// How many shards a relay takes at once: others find something too.
const CLAIM: i64 = 8;

/// The table `outbox` of a service's database, and its relay. Cloning shares the relay.
#[derive(Clone)]
pub struct Outbox {
    notify: Arc<Notify>,
}

/// An event could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// It can't be written as JSON.
    #[error("write an event as JSON")]
    Json(#[from] serde_json::Error),
    /// The database refused it.
    #[error("save an event in the outbox")]
    Sql(#[from] sql::Error),
}

impl Outbox {
    /// Starts the relay of this database in the context's tasks.
    pub fn start(context: &Context, database: &Database) -> Self {
        let notify = Arc::new(Notify::new());
        let relay = Relay {
            service: context.service,
            database: database.clone(),
            bus: context.bus.clone(),
            clock: context.clock.clone(),
            notify: notify.clone(),
        };
        context
            .tasks
            .spawn(format!("{}: outbox relay", context.service), relay.run());
        Self { notify }
    }

    /// Saves an event in the transaction of the change that it tells of. After the commit, [`Outbox::notify`].
    pub async fn add(tx: &mut Connection, event: &CloudEvent) -> Result<(), OutboxError> {
        Self::add_all(tx, std::slice::from_ref(event)).await
    }

    /// Saves several, which are published in this order.
    pub async fn add_all(tx: &mut Connection, events: &[CloudEvent]) -> Result<(), OutboxError> {
        if events.is_empty() {
            return Ok(());
        }
        if tx.dialect() == Dialect::Sqlite {
            let mut rows = Rows::new("INSERT INTO outbox (event_id, event, created_at) VALUES ");
            for event in events {
                rows.row().bind(event.id).bind(Json(event)).bind(event.time);
            }
            rows.execute(tx).await?;
            return Ok(());
        }
        for some in pieces(events) {
            let mut subjects: Vec<Id> = some.iter().map(|event| event.subject).collect();
            // Two that save events of the same subjects must not wait for each other in a circle.
            subjects.sort_unstable();
            // The positions are given when the rows come out of `turn`, which waits for the locks.
            let mut insert = QueryBuilder::new(
                "WITH turn AS MATERIALIZED (SELECT count(pg_advisory_xact_lock(hashtextextended(current_schema()::text || subject::text, 0))) \
                 FROM (VALUES ",
            );
            for (at, subject) in subjects.into_iter().enumerate() {
                insert
                    .push(if at == 0 { "(" } else { ", (" })
                    .push_bind(subject)
                    .push(")");
            }
            insert.push(
                ") AS subjects (subject)) INSERT INTO outbox (event_id, event, created_at, shard) \
                 SELECT event_id, event, created_at, shard FROM turn, (VALUES ",
            );
            for (at, event) in some.iter().enumerate() {
                insert
                    .push(if at == 0 { "(" } else { ", (" })
                    .push_bind(i32::try_from(at).unwrap_or(i32::MAX))
                    .push(", ")
                    .push_bind(event.id)
                    .push(", ")
                    .push_bind(Json(event))
                    .push(", ")
                    .push_bind(event.time)
                    .push(", ")
                    .push_bind(shard_of(event.subject))
                    .push(")");
            }
            insert.push(") AS added (at, event_id, event, created_at, shard) ORDER BY at");
            insert.build().execute(&mut *tx).await?;
        }
        Ok(())
    }

    /// Wakes the relay. Forgetting it costs a second, not an event.
    pub fn notify(&self) {
        self.notify.notify_one();
    }
}

/// FNV-1a of the subject: the same in every version of this program, which may run beside another.
fn shard_of(subject: Id) -> i32 {
    let hash = subject.to_string().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    // The low bits of this hash are its weakest.
    i32::try_from((hash >> 8) % SHARDS.unsigned_abs()).unwrap_or(0)
}

/// An event that waits.
#[derive(sqlx::FromRow)]
struct Waiting {
    position: i64,
    /// A CloudEvent as JSON, if nothing has happened to it.
    event: String,
}

/// What a relay has to itself: on PostgreSQL, taken out in this transaction already.
struct Claim {
    taken: Option<Transaction>,
    waiting: Vec<Waiting>,
}

struct Relay {
    service: &'static str,
    database: Database,
    bus: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    notify: Arc<Notify>,
}

impl Relay {
    async fn run(self) {
        let mut failures = 0_u32;
        let mut told = true;
        loop {
            let began = Instant::now();
            match self.publish_some(told).await {
                Ok(false) => {
                    failures = 0;
                    told = tokio::select! {
                        () = self.notify.notified() => true,
                        () = self.clock.sleep(POLL) => false,
                    };
                }
                Ok(true) => {
                    failures = 0;
                    tokio::time::sleep_until(began + PACE).await;
                    told = self.notify.notified().now_or_never().is_some();
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    let wait = Duration::from_millis(100).saturating_mul(1 << failures.min(10));
                    let error = chain(&*error);
                    tracing::warn!(
                        service = self.service,
                        failures,
                        error,
                        "events can't be published"
                    );
                    self.clock.sleep(wait.min(LONGEST_BACKOFF)).await;
                }
            }
        }
    }

    /// Publishes the oldest events. False when there was nothing to claim, and so nothing to come back for. `told`: that there are some.
    async fn publish_some(&self, told: bool) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let Some(Claim { taken, waiting }) = self.claim(told).await? else {
            return Ok(false);
        };
        let positions: Vec<i64> = waiting.iter().map(|row| row.position).collect();
        let Sorted { events, aside } = aside::sort(waiting);
        if !events.is_empty() {
            self.bus.publish(&events).await?;
            crate::fault::point("outbox: published").await;
        }
        let mut taken = match taken {
            Some(taken) => taken,
            None => {
                let mut tx = self.database.write().await?;
                let mut delete = QueryBuilder::new("DELETE FROM outbox WHERE position IN ");
                delete.push_list(positions);
                delete.build().execute(&mut *tx).await?;
                tx
            }
        };
        aside::keep(&mut taken, self.service, aside).await?;
        taken.commit().await?;
        Ok(true)
    }

    async fn claim(&self, told: bool) -> Result<Option<Claim>, sql::Error> {
        if self.database.dialect() == Dialect::Sqlite {
            let oldest = sql::query_as("SELECT position, event FROM outbox ORDER BY position LIMIT $1");
            let waiting: Vec<Waiting> = oldest.bind(BATCH).fetch_all(self.database.read()).await?;
            return Ok((!waiting.is_empty()).then_some(Claim { taken: None, waiting }));
        }
        // Most looks that nobody asked for find nothing: they are cheaper without a transaction.
        if !told {
            let first = sql::query_scalar::<i64>("SELECT position FROM outbox ORDER BY position LIMIT 1");
            if first.fetch_optional(self.database.read()).await?.is_none() {
                return Ok(None);
            }
        }
        let mut tx = self.database.write().await?;
        let shards: Vec<i16> = sql::query_scalar(
            "SELECT shard FROM outbox_shard s WHERE EXISTS (SELECT FROM outbox o WHERE o.shard = s.shard) \
             ORDER BY (SELECT min(position) FROM outbox o WHERE o.shard = s.shard) LIMIT $1",
        )
        .bind(CLAIM)
        .for_update_skip_locked()
        .fetch_all(&mut *tx)
        .await?;
        if shards.is_empty() {
            // Whoever has them looks again when he is done, and finds what he didn't see.
            tx.rollback().await?;
            return Ok(None);
        }
        let mut query = QueryBuilder::new(
            // An array, so that the rows are found by their index, however many dead ones the table holds.
            "DELETE FROM outbox WHERE position = ANY (ARRAY (SELECT position FROM outbox WHERE shard IN ",
        );
        query
            .push_list(shards.into_iter().map(i32::from))
            .push(" ORDER BY position LIMIT ")
            .push_bind(BATCH)
            .push(")) RETURNING position, event::text AS event");
        let mut waiting: Vec<Waiting> = query.build_query_as().fetch_all(&mut *tx).await?;
        waiting.sort_unstable_by_key(|row| row.position);
        Ok(Some(Claim {
            taken: Some(tx),
            waiting,
        }))
    }
}

#[cfg(test)]
mod tests;
