//! The event is saved with the change, in one commit; then a relay publishes it and takes it out.
//!
//! A crash between publishing and taking out publishes again: consumers have an [`crate::inbox`]. The relay publishes in
//! the order of the table and never overtakes: what was written first arrives first, also after failures.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{Row as _, SqliteConnection};
use tokio::sync::Notify;

use crate::bus::EventBus;
use crate::clock::Clock;
use crate::context::Context;
use crate::errors::chain;
use crate::events::CloudEvent;
use crate::sql::Database;

/// How many events are published at once.
const BATCH: i64 = 100;
/// How often to look without having been told: for what another process has written, or a crash left behind.
const POLL: Duration = Duration::from_secs(1);
/// The longest wait between two tries while the bus is away.
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);

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
    Sql(#[from] sqlx::Error),
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
    pub async fn add(tx: &mut SqliteConnection, event: &CloudEvent) -> Result<(), OutboxError> {
        sqlx::query("INSERT INTO outbox (event_id, event, created_at) VALUES ($1, $2, $3)")
            .bind(event.id)
            .bind(serde_json::to_string(event)?)
            .bind(event.time)
            .execute(tx)
            .await?;
        Ok(())
    }

    /// Wakes the relay. Forgetting it costs a second, not an event.
    pub fn notify(&self) {
        self.notify.notify_one();
    }
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
                Ok(0) => {
                    failures = 0;
                    tokio::select! {
                        () = self.notify.notified() => {}
                        () = self.clock.sleep(POLL) => {}
                    }
                }
                Ok(_) => failures = 0,
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

    /// Publishes the oldest events; how many.
    async fn publish_some(&self) -> Result<usize, Box<dyn std::error::Error + Send + Sync>> {
        let rows = sqlx::query("SELECT position, event FROM outbox ORDER BY position LIMIT $1")
            .bind(BATCH)
            .fetch_all(self.database.read())
            .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            let json: &str = row.try_get("event")?;
            events.push(serde_json::from_str::<CloudEvent>(json)?);
        }
        let Some(last) = rows.last() else { return Ok(0) };
        let last: i64 = last.try_get("position")?;
        self.bus.publish(&events).await?;
        let mut tx = self.database.write().await?;
        // Positions are given within the write lock: nothing lower can appear behind our back.
        sqlx::query("DELETE FROM outbox WHERE position <= $1")
            .bind(last)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(events.len())
    }
}
