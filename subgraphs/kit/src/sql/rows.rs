//! One statement for many rows.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::bind::{Bind, Value};
use super::query::{Done, Query};
use super::row::Column;
use super::{Connection, Error, QueryAs};

/// The most rows that go into one statement.
const AT_ONCE: usize = 64;

/// A slice in pieces of 64, 32, 16 … 1: statements for any number of rows would be as many statements to prepare.
pub fn pieces<T>(mut all: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        if all.is_empty() {
            return None;
        }
        let size = 1 << all.len().min(AT_ONCE).ilog2();
        let (piece, rest) = all.split_at(size);
        all = rest;
        Some(piece)
    })
}

/// Rows on their way into a table: `Rows::new("INSERT INTO shelf (sku, quantity) VALUES ")`, then a [`Rows::row`] for each.
#[derive(Debug)]
pub struct Rows {
    head: &'static str,
    tail: &'static str,
    rows: Vec<RowValues>,
}

/// The values of one row.
#[derive(Debug, Default)]
pub struct RowValues(Vec<Value>);

impl RowValues {
    /// The next value.
    pub fn bind(&mut self, value: impl Bind) -> &mut Self {
        self.0.push(value.into_value());
        self
    }
}

impl Rows {
    /// The statement up to its rows.
    pub const fn new(head: &'static str) -> Self {
        Self {
            head,
            tail: "",
            rows: Vec::new(),
        }
    }

    /// What follows the rows: ` ON CONFLICT …`, ` RETURNING …`.
    #[must_use]
    pub const fn then(mut self, tail: &'static str) -> Self {
        self.tail = tail;
        self
    }

    /// Another row. Each must have as many values as the first, of the same types.
    pub fn row(&mut self) -> &mut RowValues {
        self.rows.push(RowValues::default());
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    /// Runs it, as often as it takes; how many rows it wrote.
    pub async fn execute(self, tx: &mut Connection) -> Result<u64, Error> {
        let mut written = 0;
        for piece in pieces(&self.rows) {
            let done: Done = self.statement(piece).execute(&mut *tx).await?;
            written += done.rows_affected();
        }
        Ok(written)
    }

    /// Runs it, and gives what it returns.
    pub async fn fetch_scalars<T: Column>(self, tx: &mut Connection) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        for piece in pieces(&self.rows) {
            let found: Vec<(T,)> = QueryAs::from(self.statement(piece)).fetch_all(&mut *tx).await?;
            all.extend(found.into_iter().map(|(value,)| value));
        }
        Ok(all)
    }

    fn statement(&self, piece: &[RowValues]) -> Query {
        let mut text = self.head.to_owned();
        let mut values = Vec::new();
        for (at, row) in piece.iter().enumerate() {
            text.push_str(if at == 0 { "(" } else { ", (" });
            for (at, value) in row.0.iter().enumerate() {
                values.push(value.clone());
                let comma = if at == 0 { "" } else { ", " };
                // Writing to a string can't fail.
                let _ = write!(text, "{comma}${}", values.len());
            }
            text.push(')');
        }
        text.push_str(self.tail);
        Query::new(AssertSqlSafe(text).into_sql_str(), values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_needs_few_statements() {
        let all: Vec<usize> = (0..203).collect();
        let sizes: Vec<usize> = pieces(&all).map(<[usize]>::len).collect();
        assert_eq!(sizes, [64, 64, 64, 8, 2, 1]);
        assert_eq!(pieces(&all).flatten().copied().collect::<Vec<_>>(), all);
        assert_eq!(pieces::<usize>(&[]).count(), 0);
    }

    #[test]
    fn rows_stand_between_head_and_tail() {
        let mut rows = Rows::new("INSERT INTO shelf VALUES ").then(" RETURNING sku");
        rows.row().bind("lamp").bind(2_i32);
        rows.row().bind("book").bind(3_i32);
        let said = format!("{:?}", rows.statement(&rows.rows));
        let text = "INSERT INTO shelf VALUES ($1, $2), ($3, $4) RETURNING sku";
        assert!(said.contains(text), "{said}");
    }
}
