//! The table `log_in_failure`.

use chrono::{DateTime, Utc};
use lavka_kit::sql::{self, Connection, Database, Executor, Row};

use crate::throttle::Failures;

pub(crate) async fn of(reader: impl Executor, email_key: &str) -> Result<Option<Failures>, sql::Error> {
    let row = sql::query("SELECT failures, last_at, blocked_until FROM log_in_failure WHERE email_key = $1")
        .bind(email_key)
        .fetch_optional(reader)
        .await?;
    let failures = |row: Row| {
        Ok(Failures {
            count: row.try_get("failures")?,
            last_at: row.try_get("last_at")?,
            blocked_until: row.try_get("blocked_until")?,
        })
    };
    row.map(failures).transpose()
}

pub(crate) async fn save(tx: &mut Connection, email_key: &str, failures: Failures) -> Result<(), sql::Error> {
    sql::query(
        "INSERT INTO log_in_failure (email_key, failures, last_at, blocked_until) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (email_key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, \
         blocked_until = excluded.blocked_until",
    )
    .bind(email_key)
    .bind(failures.count)
    .bind(failures.last_at)
    .bind(failures.blocked_until)
    .execute(tx)
    .await?;
    Ok(())
}

/// The slate is clean.
pub(crate) async fn clear(tx: &mut Connection, email_key: &str) -> Result<(), sql::Error> {
    sql::query("DELETE FROM log_in_failure WHERE email_key = $1")
        .bind(email_key)
        .execute(tx)
        .await?;
    Ok(())
}

/// Drops what happened last before `moment`.
pub(crate) async fn forget(database: &Database, moment: DateTime<Utc>) -> Result<(), sql::Error> {
    let delete = "DELETE FROM log_in_failure WHERE email_key IN (SELECT email_key FROM log_in_failure WHERE last_at < $1 LIMIT $2)";
    database.forget(delete, moment).await.map(drop)
}
