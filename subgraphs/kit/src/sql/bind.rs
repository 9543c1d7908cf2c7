//! Values on their way into a statement. A statement is written before it is known which engine will run it, so its
//! values wait as what they are, NULL included (PostgreSQL wants to know of which type), and are encoded when it runs.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::sqlite::SqliteArguments;
use sqlx::types::Json;
use sqlx::{Arguments as _, Encode, Postgres, Type};

use super::Error;
use crate::ids::Id;

/// One value of a statement.
#[derive(Debug, Clone)]
pub enum Value {
    /// BOOLEAN, and INTEGER in SQLite.
    Bool(Option<bool>),
    /// INTEGER.
    Int(Option<i32>),
    /// BIGINT, and INTEGER in SQLite.
    Big(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// UUID, and TEXT in SQLite.
    Id(Option<Id>),
    /// TIMESTAMPTZ, and TEXT in SQLite.
    Time(Option<DateTime<Utc>>),
    /// JSONB, and TEXT in SQLite.
    Json(Option<String>),
    /// What serde refused to write.
    Unwritable(String),
}

/// What can be given to a statement.
pub trait Bind {
    /// NULL of this type.
    const NULL: Value;

    /// The value.
    fn into_value(self) -> Value;
}

macro_rules! bind {
    ($($type:ty => $kind:ident)*) => {
        $(impl Bind for $type {
            const NULL: Value = Value::$kind(None);

            fn into_value(self) -> Value {
                Value::$kind(Some(self.into()))
            }
        })*
    };
}

bind! {
    bool => Bool
    i32 => Int
    i64 => Big
    &str => Text
    String => Text
    Cow<'_, str> => Text
    Id => Id
    DateTime<Utc> => Time
}

impl<T: Bind> Bind for Option<T> {
    const NULL: Value = T::NULL;

    fn into_value(self) -> Value {
        self.map_or(T::NULL, T::into_value)
    }
}

impl<T: Bind + Clone> Bind for &T {
    const NULL: Value = T::NULL;

    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

impl<T: Serialize> Bind for Json<T> {
    const NULL: Value = Value::Json(None);

    fn into_value(self) -> Value {
        match serde_json::to_string(&self.0) {
            Ok(text) => Value::Json(Some(text)),
            Err(error) => Value::Unwritable(error.to_string()),
        }
    }
}

/// JSON that has been written already.
struct Written(String);

impl Type<Postgres> for Written {
    fn type_info() -> PgTypeInfo {
        <Json<()> as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Written {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // The version of the binary form, then the text.
        buffer.push(1);
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

fn unwritable(why: String) -> Error {
    Error::Encode(why.into())
}

pub(super) fn for_sqlite(values: Vec<Value>) -> Result<SqliteArguments, Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Bool(value) => arguments.add(value),
            Value::Int(value) => arguments.add(value),
            Value::Big(value) => arguments.add(value),
            Value::Text(value) | Value::Json(value) => arguments.add(value),
            Value::Id(value) => arguments.add(value),
            Value::Time(value) => arguments.add(value),
            Value::Unwritable(why) => return Err(unwritable(why)),
        }
        .map_err(Error::Encode)?;
    }
    Ok(arguments)
}

pub(super) fn for_postgres(values: Vec<Value>) -> Result<PgArguments, Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Bool(value) => arguments.add(value),
            Value::Int(value) => arguments.add(value),
            Value::Big(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Id(value) => arguments.add(value),
            Value::Time(value) => arguments.add(value),
            Value::Json(value) => arguments.add(value.map(Written)),
            Value::Unwritable(why) => return Err(unwritable(why)),
        }
        .map_err(Error::Encode)?;
    }
    Ok(arguments)
}
