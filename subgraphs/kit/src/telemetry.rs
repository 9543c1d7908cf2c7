//! Logs: one line an event, to standard error, as text for people or JSON for machines.

use schemars::JsonSchema;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// The section `[log]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// What is logged, as `RUST_LOG` would say it: "info", "info,lavka_orders=debug". `RUST_LOG` wins where it is set.
    pub filter: String,
    /// How it is written.
    pub format: Format,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            filter: "info,sqlx=warn,tantivy=warn".to_owned(),
            format: Format::Text,
        }
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter isn't one.
    #[error("log.filter: `{filter}` is not a log filter")]
    Filter {
        /// As configured.
        filter: String,
        /// What is wrong with it.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
}

/// Begins to log. A second call changes nothing.
pub fn init(config: &Config) -> Result<(), TelemetryError> {
    let filter = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let filter = filter.unwrap_or_else(|| config.filter.clone());
    let filter = EnvFilter::try_new(&filter).map_err(|source| TelemetryError::Filter {
        filter: filter.clone(),
        source,
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Err means that somebody else has begun already.
    let _ = match config.format {
        Format::Text => builder.try_init(),
        Format::Json => builder.json().try_init(),
    };
    Ok(())
}
