//! The statements, by table. They are written once for SQLite and PostgreSQL: `$1`, `ON CONFLICT`, no functions of one
//! engine. Policy is above; here is only what is written and read.
//!
//! What reads takes any executor, so that it can read inside a transaction too; what writes takes the transaction.

pub(crate) mod accounts;
pub(crate) mod addresses;
pub(crate) mod cart_merges;
pub(crate) mod failures;
pub(crate) mod keys;
pub(crate) mod mailed_tokens;
pub(crate) mod sessions;

use std::str::FromStr;

use lavka_kit::sql::{self, Migrations, Row};

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/users/sqlite"),
    postgres: Some(sqlx::migrate!("../../migrations/users/postgres")),
};

/// A column that holds something that is written as text.
fn parsed<T>(row: &Row, column: &str) -> Result<T, sql::Error>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.try_get(column)?;
    text.parse().map_err(|error: T::Err| sql::Error::ColumnDecode {
        index: column.to_owned(),
        source: error.into(),
    })
}
