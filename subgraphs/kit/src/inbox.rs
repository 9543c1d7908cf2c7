//! The bus delivers at least once; an effect happens once. A consumer remembers the event's id in the same transaction
//! as the effect: whichever of two deliveries commits second finds it and does nothing.

use crate::ids::Id;
use crate::sql::{self, Connection};
use chrono::{DateTime, Utc};

/// The table `inbox` of a service's database.
#[derive(Debug, Clone, Copy)]
pub struct Inbox;

impl Inbox {
    /// Whether `consumer` sees this event for the first time; from now on it has seen it, once the transaction commits.
    ///
    /// `now` is kept so that very old entries can be dropped by [`Inbox::forget`].
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

    /// Drops what was received before `moment`. The bus must not redeliver anything that old any more.
    pub async fn forget(tx: &mut Connection, moment: DateTime<Utc>) -> Result<u64, sql::Error> {
        let done = sql::query("DELETE FROM inbox WHERE received_at < $1")
            .bind(moment)
            .execute(tx)
            .await?;
        Ok(done.rows_affected())
    }
}
