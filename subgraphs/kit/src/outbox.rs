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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::bus::{HandlerError, handler};
    use crate::events::catalog::ProductDeleted;
    use crate::events::topics;
    use crate::ids::Id;
    use crate::inbox::Inbox;
    use crate::sql::Migrator;
    use crate::testing::TestWorld;

    static MIGRATIONS: Migrator = Migrator::DEFAULT;

    fn deleted(world: &TestWorld, product: u128) -> CloudEvent {
        let data = ProductDeleted {
            product_id: Id::from_u128(product),
        };
        CloudEvent::new(&*world.context.ids, &*world.clock, data.product_id, &data).unwrap()
    }

    async fn save(database: &Database, events: &[CloudEvent]) {
        let mut tx = database.write().await.unwrap();
        for event in events {
            Outbox::add(&mut tx, event).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn what_is_committed_is_published_in_order_and_what_is_not_is_not() {
        use futures_util::StreamExt as _;
        let world = TestWorld::of("catalog").await;
        let database = Database::open(&world.context.database, &MIGRATIONS)
            .await
            .unwrap();
        let mut heard = world.listen(topics::CATALOG).await;
        let outbox = Outbox::start(&world.context, &database);
        let mut tx = database.write().await.unwrap();
        Outbox::add(&mut tx, &deleted(&world, 99)).await.unwrap();
        tx.rollback().await.unwrap();
        let events: Vec<_> = (0..250).map(|n| deleted(&world, n)).collect();
        save(&database, &events).await;
        outbox.notify();
        for event in &events {
            assert_eq!(heard.next().await.as_deref(), Some(event));
        }
    }

    /// The whole way: saved, published twice because of a crash, handled by a handler that fails twice: one effect.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_handler_that_fails_twice_has_one_effect() {
        let world = TestWorld::of("catalog").await;
        let database = Database::open(&world.context.database, &MIGRATIONS)
            .await
            .unwrap();
        let event = deleted(&world, 1);
        let (tries, effects) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let handle = {
            let (database, clock) = (database.clone(), world.clock.clone());
            let (tries, effects) = (tries.clone(), effects.clone());
            handler(move |event: CloudEvent| {
                let (database, clock) = (database.clone(), clock.clone());
                let (tries, effects) = (tries.clone(), effects.clone());
                async move {
                    let mut tx = database.write().await?;
                    if !Inbox::first_time(&mut tx, "counter", event.id, clock.now()).await? {
                        return Ok(());
                    }
                    if tries.fetch_add(1, Ordering::SeqCst) < 2 {
                        // The transaction goes with it: the inbox forgets.
                        return Err(HandlerError::retry("not yet"));
                    }
                    tx.commit().await?;
                    effects.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                }
            })
        };
        let (bus, tasks) = (&world.bus, &world.context.tasks);
        bus.consume("a", &[topics::CATALOG], handle.clone(), tasks)
            .await
            .unwrap();
        bus.consume("b", &[topics::CATALOG], handle, tasks).await.unwrap();
        save(&database, std::slice::from_ref(&event)).await;
        // A relay that was killed before it could take the event out has published it already.
        bus.publish(std::slice::from_ref(&event)).await.unwrap();
        let _outbox = Outbox::start(&world.context, &database);
        while effects.load(Ordering::SeqCst) == 0 {
            world.clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
        world.settle("a").await;
        world.settle("b").await;
        assert_eq!(
            (tries.load(Ordering::SeqCst), effects.load(Ordering::SeqCst)),
            (3, 1)
        );
    }
}
