//! The table `address`.

use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Connection, Executor, Row};

use crate::address::{Address, AddressLines};

// Statements that read whole rows name their columns. `*` would change its meaning when a newer version's migration adds a column, and
// PostgreSQL refuses to run a prepared statement whose result has changed: every replica that runs meanwhile would fail.
macro_rules! select_address {
    ($rest:literal) => {
        concat!(
            "SELECT id, recipient, phone, line1, line2, city, region, postal_code, country, is_default FROM \
             address ",
            $rest
        )
    };
}

/// An account's addresses: the default first, then as they were added.
pub(crate) async fn of_account(reader: impl Executor, account: Id) -> Result<Vec<Address>, sql::Error> {
    let rows = sql::query(select_address!(
        "WHERE account_id = $1 ORDER BY is_default DESC, id"
    ))
    .bind(account)
    .fetch_all(reader)
    .await?;
    rows.iter().map(address).collect()
}

/// Adds an address, or replaces the account's own one of the same id. Another account's stays as it is.
pub(crate) async fn save(tx: &mut Connection, account: Id, address: &Address) -> Result<(), sql::Error> {
    let lines = &address.lines;
    sql::query(
        "INSERT INTO address (id, account_id, recipient, phone, line1, line2, city, region, postal_code, country, is_default) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (id) DO UPDATE SET recipient = excluded.recipient, phone = excluded.phone, line1 = excluded.line1, \
         line2 = excluded.line2, city = excluded.city, region = excluded.region, postal_code = excluded.postal_code, \
         country = excluded.country, is_default = excluded.is_default WHERE address.account_id = excluded.account_id",
    )
    .bind(address.id)
    .bind(account)
    .bind(&lines.recipient)
    .bind(&lines.phone)
    .bind(&lines.line1)
    .bind(&lines.line2)
    .bind(&lines.city)
    .bind(&lines.region)
    .bind(&lines.postal_code)
    .bind(&lines.country)
    .bind(address.is_default)
    .execute(tx)
    .await?;
    Ok(())
}

/// No address is the account's default one.
pub(crate) async fn clear_default(tx: &mut Connection, account: Id) -> Result<(), sql::Error> {
    sql::query("UPDATE address SET is_default = $2 WHERE account_id = $1 AND is_default = $3")
        .bind(account)
        .bind(false)
        .bind(true)
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes an address. False when the account has none of this id.
pub(crate) async fn delete(tx: &mut Connection, account: Id, id: Id) -> Result<bool, sql::Error> {
    let done = sql::query("DELETE FROM address WHERE account_id = $1 AND id = $2")
        .bind(account)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

fn address(row: &Row) -> Result<Address, sql::Error> {
    Ok(Address {
        id: row.try_get("id")?,
        lines: AddressLines {
            recipient: row.try_get("recipient")?,
            phone: row.try_get("phone")?,
            line1: row.try_get("line1")?,
            line2: row.try_get("line2")?,
            city: row.try_get("city")?,
            region: row.try_get("region")?,
            postal_code: row.try_get("postal_code")?,
            country: row.try_get("country")?,
        },
        is_default: row.try_get("is_default")?,
    })
}
