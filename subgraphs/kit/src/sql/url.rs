//! Which engine, and where: `sqlite:data/users.db`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

/// Where a database is. `sqlite:PATH` for now; PostgreSQL's URLs are refused with a sentence until its adapter is there.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct DatabaseUrl {
    path: PathBuf,
}

/// The URL names no engine of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{scheme}:` is not a database that this program can open; it opens `sqlite:PATH`")]
pub struct UrlError {
    scheme: String,
}

impl DatabaseUrl {
    /// A SQLite file.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => {
                Ok(Self::sqlite(path.strip_prefix("//").unwrap_or(path)))
            }
            // Only the scheme is repeated: what follows may hold a password.
            Some((scheme, _)) => Err(UrlError {
                scheme: scheme.chars().take(20).collect(),
            }),
            None => Err(UrlError {
                scheme: String::new(),
            }),
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
        write!(f, "sqlite:{}", self.path.display())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sqlite_is_known_and_no_password_is_repeated() {
        assert_eq!(
            "sqlite:data/users.db".parse(),
            Ok(DatabaseUrl::sqlite("data/users.db"))
        );
        assert_eq!(
            "sqlite:///var/users.db".parse(),
            Ok(DatabaseUrl::sqlite("/var/users.db"))
        );
        let error = "postgres://shop:secret@db/users"
            .parse::<DatabaseUrl>()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`postgres:` is not a database that this program can open; it opens `sqlite:PATH`"
        );
        for bad in ["", "sqlite:", "users.db"] {
            assert!(bad.parse::<DatabaseUrl>().is_err(), "{bad:?}");
        }
    }
}
