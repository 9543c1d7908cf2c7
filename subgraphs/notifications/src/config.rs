//! The section `[notifications]`.

use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

/// How notifications works.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where notifications are kept: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, there in the schema `notifications` unless
    /// `?schema=` says otherwise. By default `notifications.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<DatabaseUrl>,
    /// Who e-mails come from.
    pub from: String,
    /// For how many days an inbox keeps what it was told; 0: for ever.
    pub keep_days: u32,
    /// The IANA time zone in which dates are written for people who told none: "Europe/Moscow".
    pub time_zone: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            from: "Lavka <shop@lavka.test>".to_owned(),
            keep_days: 365,
            time_zone: "UTC".to_owned(),
        }
    }
}

/// The configuration asks for what can't be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "notifications.time_zone is {0:?}, which is no name of the IANA time zone database like \"Europe/Moscow\""
)]
pub struct NoSuchZone(pub String);

impl Config {
    /// The time zone.
    pub(crate) fn zone(&self) -> Result<chrono_tz::Tz, NoSuchZone> {
        self.time_zone
            .parse()
            .map_err(|_| NoSuchZone(self.time_zone.clone()))
    }
}
