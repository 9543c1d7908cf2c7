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
//!    its own that sees what was committed by then, reads their events. The lock is let go by the commit that takes them
//!    out. So a shard is published by one relay at a time, in order, while other relays publish others.
//! 3. A relay that dies lets go of its lock with its connection; what it has published and not taken out is published
//!    again by the next one, from the first on: no event arrives for the first time after a later one of its subject. The
//!    same holds for a relay that only lost its connection and goes on publishing: what it still publishes is a repetition or
//!    comes before its successor's.
//!
//! Claiming single rows with SKIP LOCKED would not do: the relay that skips an order's first event takes its second.
//! Neither would the lowest running transaction's id as a mark up to which to read: one long transaction anywhere in the
//! cluster would hold up every event.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::bus::EventBus;
use crate::clock::Clock;
use crate::context::Context;
use crate::errors::chain;
use crate::events::CloudEvent;
use crate::ids::Id;
use crate::sql::{self, Connection, Database, Dialect, Json, QueryBuilder, Transaction};

/// How many events are published at once.
const BATCH: i64 = 100;
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
        let insert = match tx.dialect() {
            Dialect::Sqlite => {
                sql::query("INSERT INTO outbox (event_id, event, created_at) VALUES ($1, $2, $3)")
            }
            // The position is given when the row comes out of `turn`, which waits for the lock.
            Dialect::Postgres => sql::query(
                "WITH turn AS MATERIALIZED ( \
                     SELECT pg_advisory_xact_lock(hashtextextended(current_schema()::text || $4::text, 0))) \
                 INSERT INTO outbox (event_id, event, created_at, shard) SELECT $1, $2, $3, $5 FROM turn",
            ),
        };
        let insert = insert.bind(event.id).bind(Json(event)).bind(event.time);
        let insert = match tx.dialect() {
            Dialect::Sqlite => insert,
            Dialect::Postgres => insert.bind(event.subject).bind(shard_of(event.subject)),
        };
        insert.execute(tx).await?;
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
    event: Json<CloudEvent>,
}

/// What a relay has to itself: on PostgreSQL, by the locks of this transaction.
struct Claim {
    lock: Option<Transaction>,
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
        loop {
            match self.publish_some().await {
                Ok(false) => {
                    failures = 0;
                    tokio::select! {
                        () = self.notify.notified() => {}
                        () = self.clock.sleep(POLL) => {}
                    }
                }
                Ok(true) => failures = 0,
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

    /// Publishes the oldest events. False when there was nothing to claim, and so nothing to come back for.
    async fn publish_some(&self) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let Some(Claim { lock, waiting }) = self.claim().await? else {
            return Ok(false);
        };
        let positions: Vec<i64> = waiting.iter().map(|row| row.position).collect();
        let events: Vec<CloudEvent> = waiting.into_iter().map(|row| row.event.0).collect();
        if !events.is_empty() {
            self.bus.publish(&events).await?;
            crate::fault::point("outbox: published").await;
        }
        let mut tx = match lock {
            Some(lock) => lock,
            None => self.database.write().await?,
        };
        let mut delete = QueryBuilder::new("DELETE FROM outbox WHERE position IN ");
        delete.push_list(positions);
        delete.build().execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn claim(&self) -> Result<Option<Claim>, sql::Error> {
        if self.database.dialect() == Dialect::Sqlite {
            let oldest = sql::query_as("SELECT position, event FROM outbox ORDER BY position LIMIT $1");
            let waiting: Vec<Waiting> = oldest.bind(BATCH).fetch_all(self.database.read()).await?;
            return Ok((!waiting.is_empty()).then_some(Claim { lock: None, waiting }));
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
        let mut query = QueryBuilder::new("SELECT position, event FROM outbox WHERE shard IN ");
        query
            .push_list(shards.into_iter().map(i32::from))
            .push(" ORDER BY position LIMIT ")
            .push_bind(BATCH);
        let waiting = query.build_query_as().fetch_all(&mut *tx).await?;
        Ok(Some(Claim {
            lock: Some(tx),
            waiting,
        }))
    }
}

#[cfg(test)]
mod tests;
