//! The bus delivers at least once; an effect happens once. A consumer remembers the event's id in the same transaction
//! as the effect: whichever of two deliveries commits second finds it and does nothing.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Clock;
use crate::context::Context;
use crate::errors::chain;
use crate::ids::Id;
use crate::sql::{self, Connection, Database, Rows};

/// How often old entries are looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// The table `inbox` of a service's database.
#[derive(Debug, Clone, Copy)]
pub struct Inbox;

impl Inbox {
    /// Whether `consumer` sees this event for the first time; from now on it has seen it, once the transaction commits.
    ///
    /// `now` is kept so that very old entries can be dropped by [`Inbox::keep_short`].
    pub async fn first_time(
        tx: &mut Connection,
        consumer: &str,
        event: Id,
        now: DateTime<Utc>,
    ) -> Result<bool, sql::Error> {
        let done = sql::query(
            "INSERT INTO inbox (consumer, event_id, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(consumer)
        .bind(event)
        .bind(now)
        .execute(tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Which of these events `consumer` sees for the first time; as [`Inbox::first_time`].
    pub async fn first_times(
        tx: &mut Connection,
        consumer: &str,
        events: impl IntoIterator<Item = Id>,
        now: DateTime<Utc>,
    ) -> Result<HashSet<Id>, sql::Error> {
        let mut rows = Rows::new("INSERT INTO inbox (consumer, event_id, received_at) VALUES ")
            .then(" ON CONFLICT DO NOTHING RETURNING event_id");
        for event in events {
            rows.row().bind(consumer).bind(event).bind(now);
        }
        Ok(rows.fetch_scalars(tx).await?.into_iter().collect())
    }

    /// Begins to drop, every hour, what was received longer ago than the context [`Context::remembers`].
    pub fn keep_short(context: &Context, database: &Database) {
        let (database, clock) = (database.clone(), context.clock.clone());
        let (remembers, service) = (context.remembers, context.service);
        context.tasks.spawn(format!("{service}: inbox"), async move {
            loop {
                if let Err(error) = tidy_up(&database, &*clock, remembers).await {
                    tracing::warn!(service, error = chain(&error), "the inbox can't be kept short");
                }
                clock.sleep(EVERY).await;
            }
        });
    }
}

async fn tidy_up(database: &Database, clock: &dyn Clock, remembers: TimeDelta) -> Result<(), sql::Error> {
    // The bus must not redeliver anything that old any more.
    let delete = "DELETE FROM inbox WHERE (consumer, event_id) IN (SELECT consumer, event_id FROM inbox WHERE received_at < $1 LIMIT $2)";
    database.forget(delete, clock.now() - remembers).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::on_both_engines;
    use crate::sql::{Dialect, NO_MIGRATIONS};
    use crate::testing::TestDatabase;

    async fn stage(engine: Dialect) -> Option<TestDatabase> {
        TestDatabase::on(engine, "kit", &NO_MIGRATIONS).await
    }

    on_both_engines! { stage:
        what_was_handled_long_ago_is_forgotten_and_the_rest_is_not
        of_several_those_are_new_that_were_not_seen
    }

    async fn of_several_those_are_new_that_were_not_seen(database: TestDatabase) {
        let clock = ManualClock::default();
        let sees = async |events: &[u128]| {
            let mut tx = database.write().await.unwrap();
            let events = events.iter().copied().map(Id::from_u128);
            let new = Inbox::first_times(&mut tx, "orders", events, clock.now())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            new
        };
        let those = |events: &[u128]| events.iter().copied().map(Id::from_u128).collect::<HashSet<_>>();
        assert_eq!(sees(&[1, 2]).await, those(&[1, 2]));
        assert_eq!(sees(&[3, 2, 4, 4, 1]).await, those(&[3, 4]));
    }

    async fn what_was_handled_long_ago_is_forgotten_and_the_rest_is_not(database: TestDatabase) {
        let clock = ManualClock::default();
        let sees_first = async |event: u128| {
            let mut tx = database.write().await.unwrap();
            let first = Inbox::first_time(&mut tx, "orders", Id::from_u128(event), clock.now()).await;
            tx.commit().await.unwrap();
            first.unwrap()
        };
        assert!(sees_first(1).await);
        clock.advance(Duration::from_secs(29 * 24 * 60 * 60));
        assert!(sees_first(2).await);
        clock.advance(Duration::from_secs(2 * 24 * 60 * 60));
        tidy_up(&database, &clock, TimeDelta::days(30)).await.unwrap();
        assert!(!sees_first(2).await, "two days ago");
        assert!(sees_first(1).await, "a month and a day ago");
    }
}
