//! A service's database. Today SQLite; the operations see only their store's port, so that PostgreSQL can come beside it.
//!
//! SQLite lets one connection write at a time. Left to itself, a transaction that reads first and writes later fails
//! when another has written in between; so every writing transaction begins with `BEGIN IMMEDIATE`, on the one writing
//! connection of this process, and waits (at most [`BUSY`]) for other processes. Readers never wait: WAL.
//!
//! Opening also lays the tables that every service needs (`outbox`, `inbox`): a migration of the kit's own, kept apart
//! from the service's by its own table of versions.

mod open;
mod url;

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqlitePool;

pub use open::OpenError;
pub use sqlx::migrate::Migrator;
pub use url::{DatabaseUrl, UrlError};

use crate::BoxFuture;
use crate::health::HealthCheck;

/// How long a transaction waits for another process's.
pub const BUSY: Duration = Duration::from_secs(10);

/// A writing transaction. Rolled back when dropped without `commit()`.
pub type Transaction = sqlx::Transaction<'static, sqlx::Sqlite>;

/// A service's database: one writer, several readers. Cloning shares both.
#[derive(Debug, Clone)]
pub struct Database {
    read: SqlitePool,
    write: SqlitePool,
}

impl Database {
    /// Opens the database, creates it when it isn't there, and brings it up to the newest migration. A file that isn't
    /// ours, or that a newer program has written, is left untouched and refused with one sentence.
    pub async fn open(url: &DatabaseUrl, migrations: &'static Migrator) -> Result<Self, OpenError> {
        open::open(url, &[&open::KIT_MIGRATIONS, migrations]).await
    }

    /// The same without the tables that every service needs.
    pub(crate) async fn open_bare(
        url: &DatabaseUrl,
        migrations: &'static Migrator,
    ) -> Result<Self, OpenError> {
        open::open(url, &[migrations]).await
    }

    /// For statements that only read.
    pub const fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// Begins a writing transaction. Waits for its turn; holds up every other writer until it ends, so nothing that
    /// waits for somebody else (a peer, a hash) belongs inside.
    pub async fn write(&self) -> Result<Transaction, sqlx::Error> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Closes all connections once they are idle.
    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
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
            let one: Result<i64, _> = sqlx::query_scalar("SELECT 1")
                .fetch_one(self.database.read())
                .await;
            one.map(drop).map_err(|error| crate::errors::chain(&error))
        })
    }
}

/// Whether a statement failed because it would have broken a UNIQUE or PRIMARY KEY constraint: on both engines.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
