//! How the bus behaves, and which one it is.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::left_out::LeftOut;

/// How the event bus behaves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BusConfig {
    /// Where events travel: "kafka://host:port[,host:port…][/prefix]", the prefix standing before the names of topics and
    /// groups where several stores share one Kafka. Absent: a log in the data directory.
    #[schemars(with = "Option<String>")]
    pub url: Option<KafkaUrl>,
    /// How often an event is tried before it becomes a dead letter. A try that failed because a database or a peer was away doesn't count.
    pub attempts: u32,
    /// How long to wait before the second try, in milliseconds; doubled for each further one.
    pub backoff_ms: u64,
    /// The longest such wait, in milliseconds.
    pub longest_backoff_ms: u64,
    /// How often the embedded log looks for what other processes have published, in milliseconds.
    pub poll_ms: u64,
    /// For how many days handled events are kept.
    pub retention_days: u32,
    /// For how many days services remember which events they have handled: one that comes again within them has no second effect. Longer
    /// than the bus keeps events.
    pub remember_days: u32,
    /// How many partitions a topic gets that is not there yet, in Kafka. More replicas of a service than this don't help it.
    pub partitions: u32,
    /// How many brokers keep a copy of a topic that is not there yet, in Kafka. 0: as many as the broker's own setting says.
    pub replicas: u32,
}

impl Default for BusConfig {
    fn default() -> Self {
        Self {
            url: None,
            attempts: 10,
            backoff_ms: 100,
            longest_backoff_ms: 15_000,
            poll_ms: 250,
            retention_days: 7,
            remember_days: 30,
            partitions: 12,
            replicas: 0,
        }
    }
}

/// The settings contradict each other.
#[derive(Debug, thiserror::Error)]
#[error(
    "`bus.remember_days` ({remembered}) must be greater than `bus.retention_days` ({kept}): what the bus still has could come again after it \
     was forgotten, and take effect twice"
)]
pub struct Forgetful {
    remembered: u32,
    kept: u32,
}

impl BusConfig {
    /// Refuses what would lose the promises.
    pub fn check(&self) -> Result<(), Forgetful> {
        let (remembered, kept) = (self.remember_days, self.retention_days);
        match remembered > kept {
            true => Ok(()),
            false => Err(Forgetful { remembered, kept }),
        }
    }

    /// How long services remember which events they have handled.
    pub fn remembers(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.remember_days))
    }
}

/// Where Kafka is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct KafkaUrl {
    /// `host:port[,host:port…]`
    pub(super) brokers: String,
    /// What stands before the names of topics and groups, with its dot; or nothing.
    pub(super) prefix: String,
}

/// The URL names no bus of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KafkaUrlError {
    /// Another engine.
    #[error(
        "a bus is given as kafka://host:port[,host:port…][/prefix]; `{0}:` is none that this program knows"
    )]
    Scheme(String),
    /// No address, or one without its port.
    #[error("`{0}` in the bus's URL is not of the form host:port")]
    Broker(String),
    /// Letters that a topic can't have.
    #[error("`{0}`, the prefix in the bus's URL, may hold letters, digits, `-` and `_`")]
    Prefix(String),
    /// It asks for TLS, or for a name and a password.
    #[error(
        "the bus's URL asks for {0}, and this program speaks to Kafka in plain text only: give it the address of a tunnel beside it \
         (stunnel, a service mesh) that does the rest"
    )]
    Guarded(&'static str),
    /// It is one, but this program can't speak to it.
    #[error(transparent)]
    LeftOut(LeftOut),
}

impl FromStr for KafkaUrl {
    type Err = KafkaUrlError;

    fn from_str(text: &str) -> Result<Self, KafkaUrlError> {
        let Some(rest) = text.strip_prefix("kafka://") else {
            if ["kafkas:", "kafka+ssl:", "kafka+tls:", "kafka+sasl:"]
                .iter()
                .any(|it| text.starts_with(it))
            {
                return Err(KafkaUrlError::Guarded("TLS or SASL"));
            }
            // Only the scheme is repeated: what follows may hold a password.
            let scheme = text.split(':').next().unwrap_or_default();
            return Err(KafkaUrlError::Scheme(scheme.chars().take(20).collect()));
        };
        if rest.contains('?') {
            return Err(KafkaUrlError::Guarded("settings behind a `?`"));
        }
        if rest.contains('@') {
            return Err(KafkaUrlError::Guarded("a name and a password"));
        }
        let (brokers, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        for broker in brokers.split(',') {
            let port = broker.rsplit_once(':').filter(|(host, _)| !host.is_empty());
            if port.is_none_or(|(_, port)| port.parse::<u16>().is_err()) {
                return Err(KafkaUrlError::Broker(broker.to_owned()));
            }
        }
        let allowed = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        if !prefix.chars().all(allowed) {
            return Err(KafkaUrlError::Prefix(prefix.to_owned()));
        }
        Ok(Self {
            brokers: brokers.to_owned(),
            prefix: match prefix {
                "" => String::new(),
                _ => format!("{prefix}."),
            },
        })
    }
}

impl TryFrom<String> for KafkaUrl {
    type Error = KafkaUrlError;

    fn try_from(text: String) -> Result<Self, KafkaUrlError> {
        let url = text.parse()?;
        if cfg!(feature = "kafka") {
            Ok(url)
        } else {
            Err(KafkaUrlError::LeftOut(LeftOut("Kafka")))
        }
    }
}

impl fmt::Display for KafkaUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "kafka://{}", self.brokers)?;
        match self.prefix.strip_suffix('.') {
            Some(prefix) => write!(f, "/{prefix}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_must_not_come_again() {
        let config = BusConfig {
            retention_days: 30,
            ..BusConfig::default()
        };
        BusConfig::default().check().unwrap();
        let told = config.check().unwrap_err().to_string();
        assert!(
            told.starts_with("`bus.remember_days` (30) must be greater than `bus.retention_days` (30)"),
            "{told}"
        );
    }

    #[test]
    fn a_url_names_brokers_and_a_prefix() {
        let url: KafkaUrl = "kafka://a:9092,b:9093/shop-1".parse().unwrap();
        assert_eq!((&*url.brokers, &*url.prefix), ("a:9092,b:9093", "shop-1."));
        assert_eq!(url.to_string(), "kafka://a:9092,b:9093/shop-1");
        assert_eq!("kafka://a:1".parse::<KafkaUrl>().unwrap().prefix, "");
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said_and_no_password_repeated() {
        for (bad, said) in [
            ("amqp://u:secret@mq", "`amqp:`"),
            ("kafka://", "`` in the bus's URL"),
            ("kafka://a", "`a` in"),
            ("kafka://a:1,b:x", "`b:x` in"),
            ("kafka://u:secret@a:1", "a name and a password"),
            ("kafkas://a:1", "TLS or SASL"),
            ("kafka+ssl://u:secret@a:1", "TLS or SASL"),
            (
                "kafka://a:1?security.protocol=ssl&sasl.password=secret",
                "behind a `?`",
            ),
            ("kafka://a:1/shop.1", "`shop.1`, the prefix"),
        ] {
            let error = bad.parse::<KafkaUrl>().unwrap_err().to_string();
            assert!(
                error.contains(said) && !error.contains("secret"),
                "{bad}: {error}"
            );
        }
    }
}
