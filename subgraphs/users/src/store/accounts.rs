//! The table `account`.

use lavka_kit::caller::Role;
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Connection, Executor, Row};

use super::parsed;
use crate::account::{Account, Email};

// Statements that read whole rows name their columns. `*` would change its meaning when a newer version's migration adds a column, and
// PostgreSQL refuses to run a prepared statement whose result has changed: every replica that runs meanwhile would fail.
macro_rules! select_account {
    ($rest:literal) => {
        concat!(
            "SELECT id, email, email_verified, name, phone, locale, roles, password_hash, created_at FROM \
             account ",
            $rest
        )
    };
}

/// Adds an account. False when another one has the address.
pub(crate) async fn insert(tx: &mut Connection, account: &Account) -> Result<bool, sql::Error> {
    let done = sql::query(
        "INSERT INTO account (id, email, email_key, email_verified, name, phone, locale, roles, password_hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (email_key) DO NOTHING",
    )
    .bind(account.id)
    .bind(account.email.as_str())
    .bind(account.email.key())
    .bind(account.email_verified)
    .bind(&account.name)
    .bind(&account.phone)
    .bind(account.locale.code())
    .bind(roles_text(&account.roles))
    .bind(&account.password_hash)
    .bind(account.created_at)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes all that can change. False when another account has the address now; the transaction can only be given up then.
pub(crate) async fn update(tx: &mut Connection, account: &Account) -> Result<bool, sql::Error> {
    let done = sql::query(
        "UPDATE account SET email = $2, email_key = $3, email_verified = $4, name = $5, phone = $6, locale = $7, \
         roles = $8, password_hash = $9 WHERE id = $1",
    )
    .bind(account.id)
    .bind(account.email.as_str())
    .bind(account.email.key())
    .bind(account.email_verified)
    .bind(&account.name)
    .bind(&account.phone)
    .bind(account.locale.code())
    .bind(roles_text(&account.roles))
    .bind(&account.password_hash)
    .execute(tx)
    .await;
    match done {
        Ok(_) => Ok(true),
        Err(error) if sql::is_unique_violation(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The account of this id.
pub(crate) async fn by_id(reader: impl Executor, id: Id) -> Result<Option<Account>, sql::Error> {
    let row = sql::query(select_account!("WHERE id = $1"))
        .bind(id)
        .fetch_optional(reader)
        .await?;
    row.as_ref().map(account).transpose()
}

/// The account of this id, locked until the end of the transaction. Its row is also the lock of its addresses and of the
/// links that were mailed to it: who decides by them locks it first.
pub(crate) async fn locked(tx: &mut Connection, id: Id) -> Result<Option<Account>, sql::Error> {
    let row = sql::query(select_account!("WHERE id = $1"))
        .bind(id)
        .for_update()
        .fetch_optional(tx)
        .await?;
    row.as_ref().map(account).transpose()
}

/// The account that has this address, locked likewise.
pub(crate) async fn locked_by_email(
    tx: &mut Connection,
    email_key: &str,
) -> Result<Option<Account>, sql::Error> {
    let row = sql::query(select_account!("WHERE email_key = $1"))
        .bind(email_key)
        .for_update()
        .fetch_optional(tx)
        .await?;
    row.as_ref().map(account).transpose()
}

/// The account that has this address.
pub(crate) async fn by_email(reader: impl Executor, email_key: &str) -> Result<Option<Account>, sql::Error> {
    let row = sql::query(select_account!("WHERE email_key = $1"))
        .bind(email_key)
        .fetch_optional(reader)
        .await?;
    row.as_ref().map(account).transpose()
}

/// How many admins there are.
pub(crate) async fn count_admins(reader: impl Executor) -> Result<i64, sql::Error> {
    // Most accounts are customers and nothing else: an index leaves them out.
    sql::query_scalar(
        "SELECT count(*) FROM account WHERE roles <> 'customer' AND ' ' || roles || ' ' LIKE $1",
    )
    .bind(format!("% {} %", Role::Admin.code()))
    .fetch_one(reader)
    .await
}

fn account(row: &Row) -> Result<Account, sql::Error> {
    Ok(Account {
        id: row.try_get("id")?,
        email: Email::stored(row.try_get("email")?),
        email_verified: row.try_get("email_verified")?,
        name: row.try_get("name")?,
        phone: row.try_get("phone")?,
        locale: parsed(row, "locale")?,
        roles: roles(&row.try_get::<String>("roles")?)?,
        password_hash: row.try_get("password_hash")?,
        created_at: row.try_get("created_at")?,
    })
}

fn roles_text(roles: &[Role]) -> String {
    roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(" ")
}

fn roles(text: &str) -> Result<Vec<Role>, sql::Error> {
    let role = |code: &str| {
        let known = [Role::Customer, Role::Staff, Role::Admin]
            .into_iter()
            .find(|role| role.code() == code);
        known.ok_or_else(|| sql::Error::ColumnDecode {
            index: "roles".to_owned(),
            source: format!("`{code}` is not a role").into(),
        })
    };
    text.split_ascii_whitespace().map(role).collect()
}
