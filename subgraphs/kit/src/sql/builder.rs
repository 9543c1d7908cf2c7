//! Statements whose text depends on what is asked.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::bind::{Bind, Value};
use super::query::{Query, QueryAs, QueryScalar};
use super::row::{Column, Record};

/// A statement in the making. Only `&'static str` goes into its text, so that nothing of a client's can; values have
/// their places.
#[derive(Debug)]
pub struct QueryBuilder {
    text: String,
    values: Vec<Value>,
}

impl QueryBuilder {
    /// Begins with this.
    pub fn new(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// Goes on with this.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Goes on with the place of this value.
    pub fn push_bind(&mut self, value: impl Bind) -> &mut Self {
        self.values.push(value.into_value());
        // Writing to a string can't fail.
        let _ = write!(self.text, "${}", self.values.len());
        self
    }

    /// Goes on with `(…)` around the places of these values, for `IN`; of none, with what nothing is in.
    ///
    /// The last value is repeated until there are 1, 2, 4, 8 …: lists of 100 lengths would be 100 statements to prepare.
    pub fn push_list<T: Bind + Clone>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        let mut values: Vec<T> = values.into_iter().collect();
        let Some(last) = values.last().cloned() else {
            return self.push("(NULL)");
        };
        values.resize(values.len().next_power_of_two(), last);
        for (index, value) in values.into_iter().enumerate() {
            self.push(if index == 0 { "(" } else { ", " }).push_bind(value);
        }
        self.push(")")
    }

    /// The statement.
    pub fn build(self) -> Query {
        Query::new(AssertSqlSafe(self.text).into_sql_str(), self.values)
    }

    /// The statement, its rows read into `T`.
    pub fn build_query_as<T: Record>(self) -> QueryAs<T> {
        self.build().into()
    }

    /// The statement, its rows having one column.
    pub fn build_query_scalar<T: Column>(self) -> QueryScalar<T> {
        self.build().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_padded_to_a_power_of_two_and_none_is_in_nothing() {
        let mut query = QueryBuilder::new("a IN ");
        query
            .push_list([7_i64, 8, 9])
            .push(" AND b IN ")
            .push_list(Vec::<i32>::new());
        assert_eq!(query.text, "a IN ($1, $2, $3, $4) AND b IN (NULL)");
        assert_eq!(format!("{:?}", query.values[3]), "Big(Some(9))");
    }
}
