//! Statements, in sqlx's own way of writing them, for whichever engine runs them.

use std::marker::PhantomData;

use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr, Sqlite};

use super::bind::{Bind, Value, for_postgres, for_sqlite};
use super::connection::{Driver, Executor};
use super::row::{Column, Record, Row};
use super::{Dialect, Error};

/// A statement whose rows, if any, are asked column by column.
#[must_use = "a statement does nothing until it is run"]
#[derive(Debug)]
pub struct Query {
    text: SqlStr,
    values: Vec<Value>,
    /// What is added to the text on PostgreSQL.
    lock: &'static str,
}

/// A statement whose rows are read into `T`.
#[must_use = "a statement does nothing until it is run"]
#[derive(Debug)]
pub struct QueryAs<T>(Query, PhantomData<fn() -> T>);

/// A statement whose rows have one column.
#[must_use = "a statement does nothing until it is run"]
#[derive(Debug)]
pub struct QueryScalar<T>(QueryAs<(T,)>);

/// What a statement has done.
#[derive(Debug, Clone, Copy)]
pub struct Done(u64);

impl Done {
    /// How many rows it wrote or took away.
    pub const fn rows_affected(self) -> u64 {
        self.0
    }
}

/// A statement. Its places are `$1`, `$2`: both engines take them.
pub fn query(text: impl SqlSafeStr) -> Query {
    Query::new(text.into_sql_str(), Vec::new())
}

/// A statement whose rows are read into a struct that derives `sqlx::FromRow`, or into a tuple.
pub fn query_as<T: Record>(text: impl SqlSafeStr) -> QueryAs<T> {
    query(text).into()
}

/// A statement whose rows have one column.
pub fn query_scalar<T: Column>(text: impl SqlSafeStr) -> QueryScalar<T> {
    QueryScalar(query(text).into())
}

impl<T> From<Query> for QueryAs<T> {
    fn from(query: Query) -> Self {
        Self(query, PhantomData)
    }
}

impl<T> From<Query> for QueryScalar<T> {
    fn from(query: Query) -> Self {
        Self(query.into())
    }
}

impl Query {
    pub(super) const fn new(text: SqlStr, values: Vec<Value>) -> Self {
        Self {
            text,
            values,
            lock: "",
        }
    }

    /// The next value.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.into_value());
        self
    }

    /// Locks the rows that it finds until the end of the transaction, so that what was read is still true when it is
    /// changed. On SQLite nothing is to be done: a writing transaction is the only one.
    pub const fn for_update(mut self) -> Self {
        self.lock = " FOR UPDATE";
        self
    }

    /// The same, passing over rows that others have locked.
    pub const fn for_update_skip_locked(mut self) -> Self {
        self.lock = " FOR UPDATE SKIP LOCKED";
        self
    }

    fn text_for(self, dialect: Dialect) -> (SqlStr, Vec<Value>) {
        let text = match dialect {
            Dialect::Postgres if !self.lock.is_empty() => {
                AssertSqlSafe(format!("{}{}", self.text.as_str(), self.lock)).into_sql_str()
            }
            _ => self.text,
        };
        (text, self.values)
    }

    /// Runs it.
    pub async fn execute(self, executor: impl Executor) -> Result<Done, Error> {
        let mut held = executor.hold().await?;
        let (text, values) = self.text_for(held.dialect());
        Ok(Done(match held.driver() {
            Driver::Sqlite(connection) => {
                let query = sqlx::query_with::<Sqlite, _>(text, for_sqlite(values)?);
                query.execute(connection).await?.rows_affected()
            }
            Driver::Postgres(lent) => {
                let query = sqlx::query_with::<Postgres, _>(text, for_postgres(values)?);
                let asked = lent.ask(|connection| query.execute(connection));
                asked.await?.rows_affected()
            }
        }))
    }

    /// All rows.
    pub async fn fetch_all(self, executor: impl Executor) -> Result<Vec<Row>, Error> {
        let mut held = executor.hold().await?;
        let (text, values) = self.text_for(held.dialect());
        Ok(match held.driver() {
            Driver::Sqlite(connection) => {
                let query = sqlx::query_with::<Sqlite, _>(text, for_sqlite(values)?);
                let rows = query.fetch_all(connection).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Driver::Postgres(lent) => {
                let query = sqlx::query_with::<Postgres, _>(text, for_postgres(values)?);
                let asked = lent.ask(|connection| query.fetch_all(connection));
                asked.await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(self, executor: impl Executor) -> Result<Option<Row>, Error> {
        Ok(self.fetch_all(executor).await?.into_iter().next())
    }

    /// The first row; [`Error::RowNotFound`] when there is none.
    pub async fn fetch_one(self, executor: impl Executor) -> Result<Row, Error> {
        self.fetch_optional(executor).await?.ok_or(Error::RowNotFound)
    }
}

impl<T: Record> QueryAs<T> {
    /// The next value.
    pub fn bind(self, value: impl Bind) -> Self {
        self.0.bind(value).into()
    }

    /// [`Query::for_update`].
    pub fn for_update(self) -> Self {
        self.0.for_update().into()
    }

    /// [`Query::for_update_skip_locked`].
    pub fn for_update_skip_locked(self) -> Self {
        self.0.for_update_skip_locked().into()
    }

    /// All rows.
    pub async fn fetch_all(self, executor: impl Executor) -> Result<Vec<T>, Error> {
        let mut held = executor.hold().await?;
        let (text, values) = self.0.text_for(held.dialect());
        match held.driver() {
            Driver::Sqlite(connection) => {
                let query = sqlx::query_as_with::<Sqlite, T, _>(text, for_sqlite(values)?);
                query.fetch_all(connection).await
            }
            Driver::Postgres(lent) => {
                let query = sqlx::query_as_with::<Postgres, T, _>(text, for_postgres(values)?);
                lent.ask(|connection| query.fetch_all(connection)).await
            }
        }
    }

    /// The first row, if there is one.
    pub async fn fetch_optional(self, executor: impl Executor) -> Result<Option<T>, Error> {
        Ok(self.fetch_all(executor).await?.into_iter().next())
    }

    /// The first row; [`Error::RowNotFound`] when there is none.
    pub async fn fetch_one(self, executor: impl Executor) -> Result<T, Error> {
        self.fetch_optional(executor).await?.ok_or(Error::RowNotFound)
    }
}

impl<T: Column> QueryScalar<T> {
    /// The next value.
    pub fn bind(self, value: impl Bind) -> Self {
        Self(self.0.0.bind(value).into())
    }

    /// [`Query::for_update`].
    pub fn for_update(self) -> Self {
        Self(self.0.0.for_update().into())
    }

    /// [`Query::for_update_skip_locked`].
    pub fn for_update_skip_locked(self) -> Self {
        Self(self.0.0.for_update_skip_locked().into())
    }

    /// The column of all rows.
    pub async fn fetch_all(self, executor: impl Executor) -> Result<Vec<T>, Error> {
        let rows = self.0.fetch_all(executor).await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// The column of the first row, if there is one.
    pub async fn fetch_optional(self, executor: impl Executor) -> Result<Option<T>, Error> {
        Ok(self.fetch_all(executor).await?.into_iter().next())
    }

    /// The column of the first row; [`Error::RowNotFound`] when there is none.
    pub async fn fetch_one(self, executor: impl Executor) -> Result<T, Error> {
        self.fetch_optional(executor).await?.ok_or(Error::RowNotFound)
    }
}
