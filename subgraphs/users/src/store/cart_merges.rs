//! The table `cart_merge`.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Connection, Executor};

pub(crate) async fn insert(
    tx: &mut Connection,
    cart: Id,
    account: Id,
    now: DateTime<Utc>,
) -> Result<(), sql::Error> {
    sql::query(
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
pub(crate) async fn waiting(reader: impl Executor, limit: i64) -> Result<Vec<(Id, Id)>, sql::Error> {
    let rows = sql::query("SELECT cart_id, account_id FROM cart_merge ORDER BY created_at LIMIT $1")
        .bind(limit)
        .fetch_all(reader)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("cart_id")?, row.try_get("account_id")?)))
        .collect()
}

pub(crate) async fn delete(tx: &mut Connection, cart: Id, account: Id) -> Result<(), sql::Error> {
    sql::query("DELETE FROM cart_merge WHERE cart_id = $1 AND account_id = $2")
        .bind(cart)
        .bind(account)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives up on what waits since before `moment`.
pub(crate) async fn forget(tx: &mut Connection, moment: DateTime<Utc>) -> Result<(), sql::Error> {
    sql::query("DELETE FROM cart_merge WHERE created_at < $1")
        .bind(moment)
        .execute(tx)
        .await?;
    Ok(())
}
