//! Logs: one line an event, to standard error, as text for people or JSON for machines.

use schemars::JsonSchema;
use serde::Deserialize;
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry};

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
    let lines = fmt::layer().with_writer(std::io::stderr);
    let all = registry()
        .with(filter)
        .with(filter_fn(|of| !tells_bodies(of.target(), *of.level())));
    // Err means that somebody else has begun already.
    let _ = match config.format {
        Format::Text => all.with(lines).try_init(),
        Format::Json => all.with(lines.json()).try_init(),
    };
    Ok(())
}

/// The WebSocket library writes every frame down at its most talkative level: access tokens on their way in, client secrets on
/// their way out. No filter brings that into a log.
fn tells_bodies(target: &str, level: Level) -> bool {
    level == Level::TRACE && target.starts_with("tungstenite")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_over_a_websocket_is_never_told() {
        assert!(tells_bodies("tungstenite::protocol::frame", Level::TRACE));
        assert!(!tells_bodies("tungstenite::protocol", Level::DEBUG));
        assert!(!tells_bodies("lavka_payments::gateway::wire", Level::TRACE));
    }
}
