//! The tables `session` and `refresh_token`.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Connection, Database, Executor, Query, Row};

use crate::session::{Device, Session};

/// A refresh token with what its session allows.
pub(crate) struct RefreshToken {
    pub(crate) session: Id,
    pub(crate) account: Id,
    pub(crate) used: bool,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) session_expires_at: DateTime<Utc>,
    pub(crate) session_ended: bool,
}

/// Opens a session.
pub(crate) async fn insert(
    tx: &mut Connection,
    id: Id,
    account: Id,
    device: &Device,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), sql::Error> {
    sql::query(
        "INSERT INTO session (id, account_id, device, ip, created_at, last_used_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $5, $6)",
    )
    .bind(id)
    .bind(account)
    .bind(&device.name)
    .bind(&device.ip)
    .bind(now)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// An account's sessions that go on, the last used first.
pub(crate) async fn of_account(
    reader: impl Executor,
    account: Id,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, sql::Error> {
    let rows = sql::query(
        "SELECT s.id, s.device, s.ip, s.created_at, s.last_used_at FROM session s WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND EXISTS \
         (SELECT 1 FROM refresh_token r WHERE r.session_id = s.id AND r.used_at IS NULL AND r.expires_at > $2) \
         ORDER BY s.last_used_at DESC, s.id DESC",
    )
    .bind(account)
    .bind(now)
    .fetch_all(reader)
    .await?;
    rows.iter().map(session).collect()
}

/// Somebody used the session, from this device.
pub(crate) async fn touch(
    tx: &mut Connection,
    id: Id,
    device: &Device,
    now: DateTime<Utc>,
) -> Result<(), sql::Error> {
    sql::query("UPDATE session SET last_used_at = $2, device = coalesce($3, device), ip = coalesce($4, ip) WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(&device.name)
        .bind(&device.ip)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends one session of an account. False when it has none of this id that goes on.
pub(crate) async fn end(
    tx: &mut Connection,
    account: Id,
    id: Id,
    now: DateTime<Utc>,
) -> Result<bool, sql::Error> {
    let done = sql::query(
        "UPDATE session SET ended_at = $3 WHERE account_id = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3",
    )
    .bind(account)
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of an account but one; how many.
pub(crate) async fn end_all(
    tx: &mut Connection,
    account: Id,
    but: Option<Id>,
    now: DateTime<Utc>,
) -> Result<u64, sql::Error> {
    let done = sql::query(
        "UPDATE session SET ended_at = $3 WHERE account_id = $1 AND ($2 IS NULL OR id <> $2) AND ended_at IS NULL AND expires_at > $3",
    )
    .bind(account)
    .bind(but)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Adds a refresh token to its session.
pub(crate) async fn insert_token(
    tx: &mut Connection,
    hash: &str,
    session: Id,
    expires_at: DateTime<Utc>,
) -> Result<(), sql::Error> {
    sql::query("INSERT INTO refresh_token (hash, session_id, expires_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(session)
        .bind(expires_at)
        .execute(tx)
        .await?;
    Ok(())
}

fn by_hash(hash: &str) -> Query {
    let select = "SELECT r.session_id, r.used_at, r.expires_at, s.account_id, s.expires_at AS session_expires_at, \
                  s.ended_at FROM refresh_token r JOIN session s ON s.id = r.session_id WHERE r.hash = $1";
    sql::query(select).bind(hash)
}

/// The refresh token of this hash.
pub(crate) async fn token(reader: impl Executor, hash: &str) -> Result<Option<RefreshToken>, sql::Error> {
    let row = by_hash(hash).fetch_optional(reader).await?;
    row.as_ref().map(refresh_token).transpose()
}

/// The same, locked with its session until the end of the transaction.
pub(crate) async fn locked_token(
    tx: &mut Connection,
    hash: &str,
) -> Result<Option<RefreshToken>, sql::Error> {
    let row = by_hash(hash).for_update().fetch_optional(tx).await?;
    row.as_ref().map(refresh_token).transpose()
}

fn refresh_token(row: &Row) -> Result<RefreshToken, sql::Error> {
    Ok(RefreshToken {
        session: row.try_get("session_id")?,
        account: row.try_get("account_id")?,
        used: row.try_get::<Option<DateTime<Utc>>>("used_at")?.is_some(),
        expires_at: row.try_get("expires_at")?,
        session_expires_at: row.try_get("session_expires_at")?,
        session_ended: row.try_get::<Option<DateTime<Utc>>>("ended_at")?.is_some(),
    })
}

/// Uses a refresh token up. False when somebody was faster.
pub(crate) async fn use_token(
    tx: &mut Connection,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, sql::Error> {
    let done = sql::query("UPDATE refresh_token SET used_at = $2 WHERE hash = $1 AND used_at IS NULL")
        .bind(hash)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Drops sessions that ended or expired before `moment`, with their tokens.
pub(crate) async fn forget(database: &Database, moment: DateTime<Utc>) -> Result<(), sql::Error> {
    for delete in [
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < $1 LIMIT $2)",
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE ended_at < $1 LIMIT $2)",
        // Of a session that goes on, only tokens that have expired too: a used one must be recognised as long as it could
        // have been good.
        "DELETE FROM refresh_token WHERE hash IN (SELECT hash FROM refresh_token WHERE expires_at < $1 LIMIT $2)",
    ] {
        database.forget(delete, moment).await?;
    }
    Ok(())
}

fn session(row: &Row) -> Result<Session, sql::Error> {
    Ok(Session {
        id: row.try_get("id")?,
        device: row.try_get("device")?,
        ip: row.try_get("ip")?,
        created_at: row.try_get("created_at")?,
        last_used_at: row.try_get("last_used_at")?,
    })
}
