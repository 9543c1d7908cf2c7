//! A connection to PostgreSQL, on loan from the pool.
//!
//! sqlx waits for an answer as long as TCP keeps the connection, which may be a quarter of an hour after the other machine is gone; and
//! what is given back to its pool amid a statement (a request was cancelled, say) keeps its place there as long. So every
//! statement has its time here, and a connection that owes an answer is closed instead of given back. That is why the transaction is
//! kept here, too: sqlx's own type would give such a connection back.
//!
//! It also prepares each text once for each connection, and PostgreSQL refuses a prepared statement for good once its result has other columns
//! than before. Then all connections that were there are replaced.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, raw_sql};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::Error;
use super::failure::is_outdated;
use super::postgres::SchemaChange;

/// A connection, and whether it is in a transaction, which is rolled back when this is dropped.
#[derive(Debug)]
pub(super) struct Lent {
    /// `None` when it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    is_in_transaction: bool,
    /// Not to be given back: it owes an answer, or has prepared what can't be run any more.
    is_spoilt: bool,
    /// How long to wait for an answer: longer than the server lets a statement take, which is its to tell.
    patience: Duration,
    /// Told when the schema is found changed.
    change: SchemaChange,
}

impl Lent {
    pub(super) const fn new(
        connection: PoolConnection<Postgres>,
        patience: Duration,
        change: SchemaChange,
    ) -> Self {
        Self {
            connection: Some(connection),
            is_in_transaction: false,
            is_spoilt: false,
            patience,
            change,
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
            is_spoilt,
            patience,
            change,
            ..
        } = self;
        let connection = connection.as_mut().expect("it is there until this is dropped");
        let was_spoilt = std::mem::replace(is_spoilt, true);
        let asked = timeout(*patience, question(connection)).await;
        let answer = asked.map_err(|_| Error::Io(std::io::ErrorKind::TimedOut.into()))?;
        let is_outdated = answer.as_ref().is_err_and(is_outdated);
        if is_outdated {
            change.happened();
        }
        *is_spoilt = was_spoilt || is_outdated;
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
        let Ok(runtime) = Handle::try_current() else {
            connection.close_on_drop();
            return;
        };
        if self.is_spoilt {
            // The server rolls it back.
            connection.close_on_drop();
            return;
        }
        let (patience, is_in_transaction) = (self.patience, self.is_in_transaction);
        runtime.spawn(async move {
            let give_back = async {
                if is_in_transaction {
                    raw_sql("ROLLBACK").execute(&mut *connection).await?;
                }
                // It asks whether the connection is well: a dead server would be waited for as long as TCP does, and the place in the pool
                // with it. Given up, the connection is closed.
                connection.return_to_pool().await;
                Ok::<_, Error>(())
            };
            if !matches!(timeout(patience, give_back).await, Ok(Ok(()))) {
                connection.close_on_drop();
            }
        });
    }
}
