//! A service's database: SQLite or PostgreSQL, by its URL and nothing else.
//!
//! Statements are written once, for both. They read as sqlx's own do:
//!
//! ```ignore
//! let row: Option<OrderRow> = sql::query_as("SELECT id, number FROM orders WHERE id = $1")
//!     .bind(id)
//!     .for_update()
//!     .fetch_optional(&mut *tx)
//!     .await?;
//! ```
//!
//! [`query`], [`query_as`], [`query_scalar`] and [`QueryBuilder`] hold a text and its values; which engine encodes them
//! is found out when they run on a [`Connection`], a [`Transaction`] or a [`Reader`]. A struct that derives
//! `sqlx::FromRow` is read from either engine's row. The types of both meet here: an id is `uuid` or TEXT, a moment `timestamptz` or
//! TEXT, [`Json`] `jsonb` or TEXT. Locking is a word of the query ([`Query::for_update`]) and nothing on SQLite; the few texts
//! that must differ ask the connection for its [`Dialect`].
//!
//! **Writing.** SQLite lets one connection write at a time: there, [`Database::write`] is the only writer of the file, and
//! waits (at most 10 s) for other processes. On PostgreSQL many write at once, each at READ COMMITTED: what is read in
//! order to be changed has to be locked, rows of one table in the order of their keys. Whoever is picked to resolve a deadlock
//! begins again: [`retry`].
//!
//! Opening also lays the tables that every service needs (`outbox`, `inbox`): a migration of the kit's own, kept apart
//! from the service's by its own table of versions.

mod bind;
mod builder;
mod connection;
mod failure;
mod forget;
mod lent;
mod lock;
mod open;
mod postgres;
mod query;
mod row;
mod rows;
mod sqlite;
#[cfg(test)]
mod tests;
mod url;

use std::sync::Arc;

pub use bind::{Bind, Value};
pub use builder::QueryBuilder;
pub use connection::{Connection, Dialect, Executor, Reader, Transaction};
pub use failure::{is_conflict, is_unavailable, is_unique_violation, retry};
pub use open::{Migrations, OpenError, Opening};
pub use postgres::{PostgresConfig, Server};
pub use query::{Done, Query, QueryAs, QueryScalar, query, query_as, query_scalar};
pub use row::{Column, Record, Row};
pub use rows::{RowValues, Rows, pieces};
pub use sqlx::Error;
pub use sqlx::migrate::Migrator;
pub use sqlx::types::Json;
pub use url::{DatabaseUrl, PostgresUrl, UrlError};

pub(crate) use sqlite::{BUSY, SqliteFile, open as open_sqlite};

use crate::BoxFuture;
use crate::context::Context;
use crate::health::HealthCheck;

/// A service without tables of its own.
#[cfg(test)]
pub(crate) static NO_MIGRATIONS: Migrations = Migrations {
    sqlite: Migrator::DEFAULT,
    postgres: Some(Migrator::DEFAULT),
};

/// A service's database. Cloning shares its connections.
#[derive(Debug, Clone)]
pub struct Database {
    engine: Engine,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite(SqliteFile),
    Postgres(Server),
}

impl Database {
    /// Opens the service's database, makes it where it isn't there, and brings it up to the newest migration. One that
    /// isn't ours, or that a newer program has written, is left untouched and refused with one sentence. A server that
    /// can't be reached is waited for.
    pub async fn open(context: &Context, migrations: &'static Migrations) -> Result<Self, OpenError> {
        let opening = Opening {
            service: context.service,
            url: &context.database,
            postgres: &context.postgres,
            clock: &*context.clock,
            waiting: &context.waiting,
        };
        opening.open(migrations).await
    }

    /// Which engine it is.
    pub const fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// For statements that only read.
    pub const fn read(&self) -> Reader<'_> {
        match &self.engine {
            Engine::Sqlite(file) => Reader::Sqlite(file.read()),
            Engine::Postgres(server) => Reader::Postgres(server),
        }
    }

    /// Begins a writing transaction. On SQLite it waits for its turn, and holds up every other writer until it ends, so
    /// nothing that waits for somebody else (a peer, a hash) belongs inside; on PostgreSQL it holds a connection and
    /// whatever rows it has locked.
    pub async fn write(&self) -> Result<Transaction, Error> {
        match &self.engine {
            Engine::Sqlite(file) => Transaction::sqlite(file.writer(), sqlite::BEGIN).await,
            Engine::Postgres(server) => Transaction::postgres(server, "BEGIN").await,
        }
    }

    /// Runs one statement that writes: a transaction by itself.
    pub async fn execute(&self, statement: Query) -> Result<Done, Error> {
        match &self.engine {
            Engine::Sqlite(_) => {
                let mut tx = self.write().await?;
                let done = statement.execute(&mut *tx).await?;
                tx.commit().await?;
                Ok(done)
            }
            Engine::Postgres(_) => statement.execute(self.read()).await,
        }
    }

    /// Closes all connections once they are idle.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(file) => file.close().await,
            Engine::Postgres(server) => server.close().await,
        }
    }

    /// A check for `/health/ready`.
    pub fn health(&self, name: &'static str) -> Arc<dyn HealthCheck> {
        Arc::new(Readable {
            name: format!("{name}: database"),
            database: self.clone(),
        })
    }
}

struct Readable {
    name: String,
    database: Database,
}

impl HealthCheck for Readable {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async {
            let ask = query("SELECT 1").execute(self.database.read()).await;
            let engine = match self.database.dialect() {
                Dialect::Sqlite => "SQLite",
                Dialect::Postgres => "PostgreSQL",
            };
            ask.map(drop)
                .map_err(|error| format!("{engine}: {}", crate::errors::chain(&error)))
        })
    }
}
