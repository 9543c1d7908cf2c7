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
use tokio::time::timeout;

use super::Error;

/// A connection, and whether it is in a transaction, which is rolled back when this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    /// `None` when it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    is_in_transaction: bool,
    owes_an_answer: bool,
    /// How long to wait for an answer: longer than the server lets a statement take, which is its to tell.
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

    /// One question, and its answer if it comes in time.
    pub(super) async fn ask<'c, T, A>(
        &'c mut self,
        question: impl FnOnce(&'c mut PgConnection) -> A,
    ) -> Result<T, Error>
    where
        A: Future<Output = Result<T, Error>>,
    {
        let Self {
            connection,
            owes_an_answer,
            patience,
            ..
        } = self;
        let connection = connection.as_mut().expect("it is there until this is dropped");
        *owes_an_answer = true;
        let asked = timeout(*patience, question(connection)).await;
        let answer = asked.map_err(|_| Error::Io(std::io::ErrorKind::TimedOut.into()))?;
        *owes_an_answer = false;
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
        self.ask(|connection| raw_sql(statement).execute(connection))
            .await
            .map(drop)
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
