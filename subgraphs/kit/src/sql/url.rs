//! Which engine, and where: `sqlite:data/users.db`, `postgres://lavka:secret@db/lavka`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;
use sqlx::postgres::PgConnectOptions;

/// Where a database is. It never prints a password.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub enum DatabaseUrl {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=SCHEMA`, and what else libpq's URLs may say (`sslmode`, …).
    Postgres(Box<PostgresUrl>),
}

/// Where a server is, and where in it a service's tables are.
#[derive(Clone)]
pub struct PostgresUrl {
    pub(super) options: PgConnectOptions,
    /// None: the schema that has the service's name.
    pub(super) schema: Option<String>,
}

/// The URL names no engine of ours, or is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Another engine, or none.
    #[error(
        "`{0}:` is not a database that this program can open; it opens `sqlite:PATH` and `postgres://USER:PASSWORD@HOST/DATABASE`"
    )]
    Scheme(String),
    /// What follows `postgres:` can't be understood.
    #[error("this is not a PostgreSQL URL ({0}); one is `postgres://USER:PASSWORD@HOST/DATABASE`")]
    Postgres(String),
    /// A schema's name has to do without quotes.
    #[error("`{0}` can't be a schema: lower-case letters, digits and `_`, a letter first, 63 at most")]
    Schema(String),
}

impl DatabaseUrl {
    /// A SQLite file.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite(path.into())
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl PostgresUrl {
    fn parse(text: &str) -> Result<Self, UrlError> {
        // sqlx takes what it doesn't know for a server's option; this one is ours.
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.strip_prefix("schema=") {
                Some(schema) => ours.push(schema.to_owned()),
                None => theirs.push(pair),
            }
        }
        let schema = ours.pop();
        if let Some(schema) = schema.as_ref().filter(|schema| !is_schema(schema)) {
            return Err(UrlError::Schema(schema.clone()));
        }
        let text = match theirs.as_slice() {
            [] => base.to_owned(),
            pairs => format!("{base}?{}", pairs.join("&")),
        };
        // sqlx's own error says which part; it doesn't repeat the text, which may hold a password.
        let options: PgConnectOptions = text
            .parse()
            .map_err(|error: sqlx::Error| UrlError::Postgres(crate::errors::chain(&error)))?;
        if options.get_database().is_none() {
            return Err(UrlError::Postgres("it names no database".to_owned()));
        }
        Ok(Self { options, schema })
    }
}

fn is_schema(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => {
                Ok(Self::sqlite(path.strip_prefix("//").unwrap_or(path)))
            }
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(Box::new(PostgresUrl::parse(text)?))),
            // Only the scheme is repeated: what follows may hold a password.
            Some((scheme, _)) => Err(UrlError::Scheme(scheme.chars().take(20).collect())),
            None => Err(UrlError::Scheme(String::new())),
        }
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        text.parse()
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => fmt::Display::fmt(url, f),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        let (host, port) = (options.get_host(), options.get_port());
        write!(
            f,
            "postgres://{host}:{port}/{}",
            options.get_database().unwrap_or_default()
        )?;
        match &self.schema {
            Some(schema) => write!(f, "?schema={schema}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for DatabaseUrl {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for DatabaseUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_are_known_and_no_password_is_repeated() {
        assert_eq!(
            "sqlite:data/users.db".parse(),
            Ok(DatabaseUrl::sqlite("data/users.db"))
        );
        assert_eq!(
            "sqlite:///var/users.db".parse(),
            Ok(DatabaseUrl::sqlite("/var/users.db"))
        );
        let url: DatabaseUrl = "postgres://shop:secret@db/lavka?schema=users_2&sslmode=disable"
            .parse()
            .unwrap();
        assert_eq!(format!("{url:?}"), "postgres://db:5432/lavka?schema=users_2");
        let told = |text: &str| text.parse::<DatabaseUrl>().unwrap_err().to_string();
        assert_eq!(
            told("mysql://shop:secret@db/users"),
            "`mysql:` is not a database that this program can open; it opens `sqlite:PATH` and \
             `postgres://USER:PASSWORD@HOST/DATABASE`"
        );
        assert_eq!(
            told("postgres://shop:secret@db"),
            "this is not a PostgreSQL URL (it names no database); one is `postgres://USER:PASSWORD@HOST/DATABASE`"
        );
        for bad in [
            "postgres://shop:secret@db:port/lavka",
            "postgres://db/lavka?schema=a;b",
            "postgres:",
        ] {
            assert!(!told(bad).contains("secret"), "{}", told(bad));
        }
        for bad in ["", "sqlite:", "users.db"] {
            assert!(bad.parse::<DatabaseUrl>().is_err(), "{bad:?}");
        }
    }
}
