//! A connection to either engine, and a transaction on it.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, SqliteConnection};

use super::Error;
use super::lent::Lent;
use super::postgres::Server;

/// Which engine speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// One writer at a time.
    Sqlite,
    /// Many writers at once: what is read in order to be changed has to be locked.
    Postgres,
}

/// A connection, on loan from the pool; it may be in a transaction.
#[derive(Debug)]
pub struct Connection(Held);

#[derive(Debug)]
enum Held {
    Sqlite(PoolConnection<Sqlite>),
    SqliteWork(sqlx::Transaction<'static, Sqlite>),
    Postgres(Lent),
}

/// The engine's own connection.
pub(super) enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut Lent),
}

impl Connection {
    /// Which engine is at the other end: for the few statements that must differ.
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Held::Sqlite(_) | Held::SqliteWork(_) => Dialect::Sqlite,
            Held::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(super) fn driver(&mut self) -> Driver<'_> {
        match &mut self.0 {
            Held::Sqlite(connection) => Driver::Sqlite(connection),
            Held::SqliteWork(tx) => Driver::Sqlite(tx),
            Held::Postgres(lent) => Driver::Postgres(lent),
        }
    }
}

/// Where statements outside of a transaction run: each on whichever connection is free.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'d> {
    /// A file's readers.
    Sqlite(&'d SqlitePool),
    /// A server's connections.
    Postgres(&'d Server),
}

impl Reader<'_> {
    /// A connection for several statements.
    pub async fn acquire(self) -> Result<Connection, Error> {
        Ok(Connection(match self {
            Self::Sqlite(pool) => Held::Sqlite(pool.acquire().await?),
            Self::Postgres(server) => Held::Postgres(server.lend().await?),
        }))
    }

    /// A transaction that sees one moment of the database, and changes nothing.
    pub async fn begin(self) -> Result<Transaction, Error> {
        match self {
            Self::Sqlite(pool) => Transaction::sqlite(pool, "BEGIN").await,
            Self::Postgres(server) => {
                Transaction::postgres(server, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
            }
        }
    }
}

/// A transaction. Rolled back when dropped without `commit()`.
#[derive(Debug)]
pub struct Transaction(Connection);

impl Transaction {
    pub(super) async fn sqlite(pool: &SqlitePool, begin: &'static str) -> Result<Self, Error> {
        Ok(Self(Connection(Held::SqliteWork(pool.begin_with(begin).await?))))
    }

    pub(super) async fn postgres(server: &Server, begin: &'static str) -> Result<Self, Error> {
        let mut lent = server.lend().await?;
        lent.begin(begin).await?;
        Ok(Self(Connection(Held::Postgres(lent))))
    }

    /// Makes it so. When this fails on the way to a server, whether it is so is unknown: the next look tells.
    pub async fn commit(self) -> Result<(), Error> {
        match self.0.0 {
            Held::SqliteWork(tx) => tx.commit().await,
            Held::Postgres(mut lent) => lent.commit().await,
            // Neither function above makes one of these.
            Held::Sqlite(_) => Ok(()),
        }
    }

    /// Gives it up, and waits until that is done.
    pub async fn rollback(self) -> Result<(), Error> {
        match self.0.0 {
            Held::SqliteWork(tx) => tx.rollback().await,
            Held::Postgres(mut lent) => lent.rollback().await,
            Held::Sqlite(_) => Ok(()),
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

/// What a statement can run on: `&mut connection`, `&mut *transaction`, `database.read()`.
///
/// What is held is an associated type and not a parameter: with a lifetime in the trait, futures that hold a statement
/// could not be shown to be `Send`.
pub trait Executor: Send {
    /// The connection, lent or taken from the pool for one statement.
    type Held: DerefMut<Target = Connection> + Send;

    /// The connection to run on.
    fn hold(self) -> impl Future<Output = Result<Self::Held, Error>> + Send;
}

impl Executor for &mut Connection {
    type Held = Self;

    async fn hold(self) -> Result<Self, Error> {
        Ok(self)
    }
}

impl Executor for Reader<'_> {
    type Held = Box<Connection>;

    async fn hold(self) -> Result<Box<Connection>, Error> {
        Ok(Box::new(self.acquire().await?))
    }
}
