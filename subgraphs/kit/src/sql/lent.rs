//! A connection to PostgreSQL, on loan from the pool.
//!
//! sqlx waits for an answer as long as TCP keeps the connection, which may be a quarter of an hour after the other machine is gone; and
//! what is given back to its pool amid a statement (a request was cancelled, say) keeps its place there as long. So every
//! statement has its time here, and a connection that owes an answer is closed instead of given back. That is why the transaction is
//! kept here, too: sqlx's own type would give such a connection back.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, raw_sql};
use tokio::runtime::Handle;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::Error;

/// A connection, and whether it is in a transaction, which is rolled back when this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    /// `None` when it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    is_in_transaction: bool,
    owes_an_answer: bool,
    patience: Duration,
}

impl Lent {
    pub(super) const fn new(connection: PoolConnection<Postgres>, patience: Duration) -> Self {
        Self {
            connection: Some(connection),
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
        self.connection
            .as_mut()
            .expect("it is there until this is dropped")
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
        self.run(statement).await
    }

    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        self.run("COMMIT").await?;
        self.is_in_transaction = false;
        Ok(())
    }

    pub(super) async fn rollback(&mut self) -> Result<(), Error> {
        self.run("ROLLBACK").await?;
        self.is_in_transaction = false;
        Ok(())
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), Error> {
        let patience = self.patience;
        let asked = timeout(patience, raw_sql(statement).execute(self.ask())).await;
        self.in_time(asked).map(drop)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        // Where it can't be rolled back it is closed, and the server does it.
        match Handle::try_current() {
            _ if !self.is_in_transaction && !self.owes_an_answer => {}
            Ok(runtime) if !self.owes_an_answer => {
                let patience = self.patience;
                runtime.spawn(async move {
                    let done = timeout(patience, raw_sql("ROLLBACK").execute(&mut *connection)).await;
                    if !matches!(done, Ok(Ok(_))) {
                        connection.close_on_drop();
                    }
                });
            }
            _ => connection.close_on_drop(),
        }
    }
}
