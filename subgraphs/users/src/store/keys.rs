//! The table `signing_key`.

use chrono::{DateTime, Utc};
use lavka_kit::sql::{self, Connection, Executor, Row};

/// A key as it is stored.
pub(crate) struct StoredKey {
    pub(crate) kid: String,
    pub(crate) private_key: String,
    pub(crate) active_from: DateTime<Utc>,
}

/// All keys, the one that became active last first.
pub(crate) async fn all(reader: impl Executor) -> Result<Vec<StoredKey>, sql::Error> {
    let rows =
        sql::query("SELECT kid, private_key, active_from FROM signing_key ORDER BY active_from DESC, kid")
            .fetch_all(reader)
            .await?;
    let key = |row: &Row| {
        Ok(StoredKey {
            kid: row.try_get("kid")?,
            private_key: row.try_get("private_key")?,
            active_from: row.try_get("active_from")?,
        })
    };
    rows.iter().map(key).collect()
}

pub(crate) async fn insert(
    tx: &mut Connection,
    key: &StoredKey,
    now: DateTime<Utc>,
) -> Result<(), sql::Error> {
    sql::query("INSERT INTO signing_key (kid, private_key, active_from, created_at) VALUES ($1, $2, $3, $4)")
        .bind(&key.kid)
        .bind(&key.private_key)
        .bind(key.active_from)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn delete(tx: &mut Connection, kid: &str) -> Result<(), sql::Error> {
    sql::query("DELETE FROM signing_key WHERE kid = $1")
        .bind(kid)
        .execute(tx)
        .await?;
    Ok(())
}
