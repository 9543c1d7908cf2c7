//! The table `log_in_failure`.

use chrono::{DateTime, Utc};
use sqlx::{Row as _, SqliteConnection};

use super::Reader;
use crate::throttle::Failures;

pub(crate) async fn of<'e>(
    reader: impl Reader<'e>,
    email_key: &str,
) -> Result<Option<Failures>, sqlx::Error> {
    let row = sqlx::query("SELECT failures, last_at, blocked_until FROM log_in_failure WHERE email_key = $1")
        .bind(email_key)
        .fetch_optional(reader)
        .await?;
    let failures = |row: sqlx::sqlite::SqliteRow| {
        Ok(Failures {
            count: row.try_get("failures")?,
            last_at: row.try_get("last_at")?,
            blocked_until: row.try_get("blocked_until")?,
        })
    };
    row.map(failures).transpose()
}

pub(crate) async fn save(
    tx: &mut SqliteConnection,
    email_key: &str,
    failures: Failures,
) -> Result<(), sqlx::Error> {
    sqlx::query(
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
pub(crate) async fn clear(tx: &mut SqliteConnection, email_key: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM log_in_failure WHERE email_key = $1")
        .bind(email_key)
        .execute(tx)
        .await?;
    Ok(())
}

/// Drops what happened last before `moment`.
pub(crate) async fn forget(tx: &mut SqliteConnection, moment: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM log_in_failure WHERE last_at < $1")
        .bind(moment)
        .execute(tx)
        .await?;
    Ok(())
}
