//! A connection to PostgreSQL, on loan from the pool.
//!
//! sqlx waits for an answer as long as TCP keeps the connection, which may be a quarter of an hour after the other machine is gone; and
//! what is given back to its pool amid a statement (a request was cancelled, say) keeps its place there as long. So every
//! statement has its time here, and a connection that owes an answer is closed instead of given back. That is why the transaction is
//! kept here, too: sqlx's own type would give it back.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Database, PgConnection, Postgres, SqlSafeStr as _, TransactionManager as _};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::Error;

type Transactions = <Postgres as Database>::TransactionManager;

/// A connection, and whether it is in a transaction, which is rolled back when this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    connection: PoolConnection<Postgres>,
    is_in_transaction: bool,
    owes_an_answer: bool,
    patience: Duration,
}

impl Lent {
    pub(super) const fn new(connection: PoolConnection<Postgres>, patience: Duration) -> Self {
        Self {
            connection,
            is_in_transaction: false,
            owes_an_answer: false,
            patience,
        }
    }

    /// How long to wait for an answer: longer than the server lets a statement take, which is its to tell.
    pub(super) const fn patience(&self) -> Duration {
        self.patience
    }

    /// For one statement, whose answer is then to go through [`Lent::in_time`].
    pub(super) fn ask(&mut self) -> &mut PgConnection {
        self.owes_an_answer = true;
        &mut self.connection
    }

    /// The answer, if it came in time.
    pub(super) fn in_time<T>(&mut self, asked: Result<Result<T, Error>, Elapsed>) -> Result<T, Error> {
        let answer = asked.map_err(|_| Error::Io(std::io::ErrorKind::TimedOut.into()))?;
        self.owes_an_answer = false;
        answer
    }

    pub(super) async fn begin(&mut self, statement: &'static str) -> Result<(), Error> {
        // If this fails, the transaction may have begun.
        self.is_in_transaction = true;
        let beginning = Transactions::begin(self.ask(), Some(statement.into_sql_str()));
        let asked = timeout(self.patience, beginning).await;
        self.in_time(asked)
    }

    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        let asked = timeout(self.patience, Transactions::commit(self.ask())).await;
        self.in_time(asked)?;
        self.is_in_transaction = false;
        Ok(())
    }

    pub(super) async fn rollback(&mut self) -> Result<(), Error> {
        let asked = timeout(self.patience, Transactions::rollback(self.ask())).await;
        self.in_time(asked)?;
        self.is_in_transaction = false;
        Ok(())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.owes_an_answer {
            // The server rolls back what was open.
            self.connection.close_on_drop();
        } else if self.is_in_transaction {
            // It is sent when the connection is used next, which is when the pool takes it back.
            Transactions::start_rollback(&mut self.connection);
        }
    }
}
