//! What an operator can set for the catalogue.

use std::fmt;
use std::str::FromStr;

use lavka_kit::left_out::LeftOut;
use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

/// The section `[catalog]`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where products are kept: `sqlite:PATH`, or `mongodb://host:port/database` (also `mongodb+srv://…`). By default
    /// `catalog.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<CatalogUrl>,
}

/// Where products are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub enum CatalogUrl {
    Sql(DatabaseUrl),
    Mongo(MongoUrl),
}

/// Where a MongoDB is. It may hold a password and never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct MongoUrl(String);

impl MongoUrl {
    #[cfg(feature = "mongodb")]
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MongoUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mongodb://***")
    }
}

/// The URL can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogUrlError {
    #[error("products are kept in `sqlite:PATH` or `mongodb://host:port/database`; `{0}:` is neither")]
    Scheme(String),
    #[error(transparent)]
    LeftOut(LeftOut),
    #[error(transparent)]
    Sql(<DatabaseUrl as FromStr>::Err),
}

impl FromStr for MongoUrl {
    type Err = CatalogUrlError;

    fn from_str(text: &str) -> Result<Self, CatalogUrlError> {
        match text.split_once("://") {
            Some(("mongodb" | "mongodb+srv", rest)) if !rest.is_empty() => Ok(Self(text.to_owned())),
            _ => {
                // Only the scheme is repeated: what follows may hold a password.
                let scheme = text.split(':').next().unwrap_or_default();
                Err(CatalogUrlError::Scheme(scheme.chars().take(20).collect()))
            }
        }
    }
}

impl TryFrom<String> for CatalogUrl {
    type Error = CatalogUrlError;

    fn try_from(text: String) -> Result<Self, CatalogUrlError> {
        match text.split(':').next() {
            Some("sqlite") => text.parse().map(Self::Sql).map_err(CatalogUrlError::Sql),
            _ => {
                let url = text.parse()?;
                if cfg!(feature = "mongodb") {
                    Ok(Self::Mongo(url))
                } else {
                    Err(CatalogUrlError::LeftOut(LeftOut("MongoDB")))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_and_no_password_is_repeated() {
        let url = CatalogUrl::try_from("mongodb://u:secret@db:1/shop".to_owned()).expect("a URL");
        assert_eq!(format!("{url:?}"), "Mongo(mongodb://***)");
        assert!(matches!(
            CatalogUrl::try_from("sqlite:x.db".to_owned()),
            Ok(CatalogUrl::Sql(_))
        ));
        let error = CatalogUrl::try_from("redis://u:secret@db".to_owned()).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "products are kept in `sqlite:PATH` or `mongodb://host:port/database`; `redis:` is neither"
        );
    }
}
