//! The table `cart_merge`.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use sqlx::{Row as _, SqliteConnection};

use super::Reader;

pub(crate) async fn insert(
    tx: &mut SqliteConnection,
    cart: Id,
    account: Id,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO cart_merge (cart_id, account_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(cart)
    .bind(account)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The oldest that wait, at most `limit`: cart and account.
pub(crate) async fn waiting<'e>(reader: impl Reader<'e>, limit: i64) -> Result<Vec<(Id, Id)>, sqlx::Error> {
    let rows = sqlx::query("SELECT cart_id, account_id FROM cart_merge ORDER BY created_at LIMIT $1")
        .bind(limit)
        .fetch_all(reader)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("cart_id")?, row.try_get("account_id")?)))
        .collect()
}

pub(crate) async fn delete(tx: &mut SqliteConnection, cart: Id, account: Id) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM cart_merge WHERE cart_id = $1 AND account_id = $2")
        .bind(cart)
        .bind(account)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives up on what waits since before `moment`.
pub(crate) async fn forget(tx: &mut SqliteConnection, moment: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM cart_merge WHERE created_at < $1")
        .bind(moment)
        .execute(tx)
        .await?;
    Ok(())
}
