//! The table `mailed_token`.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Connection, Database, Executor, Row};

use crate::mailed_token::Purpose;

/// Whom a link was sent to.
pub(crate) struct MailedToken {
    pub(crate) account: Id,
    pub(crate) email: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn insert(
    tx: &mut Connection,
    hash: &str,
    purpose: Purpose,
    token: &MailedToken,
    now: DateTime<Utc>,
) -> Result<(), sql::Error> {
    sql::query(
        "INSERT INTO mailed_token (hash, purpose, account_id, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(hash)
    .bind(purpose.code())
    .bind(token.account)
    .bind(&token.email)
    .bind(now)
    .bind(token.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The link of this hash.
pub(crate) async fn find(
    reader: impl Executor,
    hash: &str,
    purpose: Purpose,
) -> Result<Option<MailedToken>, sql::Error> {
    let row =
        sql::query("SELECT account_id, email, expires_at FROM mailed_token WHERE hash = $1 AND purpose = $2")
            .bind(hash)
            .bind(purpose.code())
            .fetch_optional(reader)
            .await?;
    let token = |row: Row| {
        Ok(MailedToken {
            account: row.try_get("account_id")?,
            email: row.try_get("email")?,
            expires_at: row.try_get("expires_at")?,
        })
    };
    row.map(token).transpose()
}

/// When the account's newest link for this purpose was sent.
pub(crate) async fn last_sent(
    reader: impl Executor,
    account: Id,
    purpose: Purpose,
) -> Result<Option<DateTime<Utc>>, sql::Error> {
    sql::query_scalar("SELECT max(created_at) FROM mailed_token WHERE account_id = $1 AND purpose = $2")
        .bind(account)
        .bind(purpose.code())
        .fetch_one(reader)
        .await
}

/// None of the account's links for this purpose is good any more.
pub(crate) async fn delete_all(tx: &mut Connection, account: Id, purpose: Purpose) -> Result<(), sql::Error> {
    sql::query("DELETE FROM mailed_token WHERE account_id = $1 AND purpose = $2")
        .bind(account)
        .bind(purpose.code())
        .execute(tx)
        .await?;
    Ok(())
}

/// Drops what expired before `moment`.
pub(crate) async fn forget(database: &Database, moment: DateTime<Utc>) -> Result<(), sql::Error> {
    let delete = "DELETE FROM mailed_token WHERE hash IN (SELECT hash FROM mailed_token WHERE expires_at < $1 LIMIT $2)";
    database.forget(delete, moment).await.map(drop)
}
