//! The event bus: a port, and its adapters: one that needs nothing but a file, and Kafka.
//!
//! What a consumer may rely on, whichever adapter is below, and what [`contract`] tests of each:
//! - **at least once**: an event that was published is handled by every group until its handler succeeds once. It may be
//!   handled again: the [`crate::inbox`] makes the second time harmless;
//! - **in order per subject**: while one event is being retried, nothing later of the same subject is handled;
//! - a group's place moves only after the handler succeeded; a killed process goes on where it was;
//! - something that is away (a database, a peer) is waited for;
//! - an event that fails for good (its retries are used up, or the handler says that retrying is pointless) goes to the
//!   dead letters of its group, is counted, and can be replayed; what follows is not held up by it;
//! - a group that is new starts with the oldest event that the bus still has.

mod config;
#[cfg(any(test, feature = "testing"))]
pub mod contract;
mod delivery;
mod embedded;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "kafka")]
mod turns;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use config::{BusConfig, Forgetful, KafkaUrl, KafkaUrlError};
pub use embedded::EmbeddedBus;
#[cfg(feature = "kafka")]
pub use kafka::KafkaBus;

use crate::clock::Clock;
use crate::events::CloudEvent;
use crate::health::HealthCheck;
use crate::tasks::Tasks;
use crate::{BoxFuture, BoxStream};

/// The bus could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{doing}")]
pub struct BusError {
    /// What we were doing: "publish to lavka.orders".
    pub doing: String,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// A handler did not succeed.
#[derive(Debug, thiserror::Error)]
#[error("handle an event")]
pub struct HandlerError {
    /// Whether trying again may help. False sends the event to the dead letters at once.
    pub retry: bool,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl HandlerError {
    /// It may work later: a database that is busy, a peer that is away.
    pub fn retry(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            retry: true,
            source: source.into(),
        }
    }

    /// It will never work: an event that can't be read.
    pub fn dead(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            retry: false,
            source: source.into(),
        }
    }
}

impl From<sqlx::Error> for HandlerError {
    fn from(error: sqlx::Error) -> Self {
        Self::retry(error)
    }
}

impl From<crate::events::EventError> for HandlerError {
    fn from(error: crate::events::EventError) -> Self {
        Self::dead(error)
    }
}

/// What a service does with an event. Types that it doesn't know it lets pass with `Ok`.
pub trait EventHandler: Send + Sync + 'static {
    /// Handles one event. Called for the events of one subject one after the other, for others also at the same time.
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>>;

    /// How many events it takes together at the most, where many wait: 1 says that each goes to [`EventHandler::handle`].
    fn takes_together(&self) -> usize {
        1
    }

    /// Handles several events, those of one subject in their order, in one transaction where it can. After an error each goes to
    /// [`EventHandler::handle`], where what has taken effect nevertheless must be passed over, as with any that comes again.
    fn handle_together<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            for event in events {
                self.handle(event).await?;
            }
            Ok(())
        })
    }
}

struct FnHandler<F>(F);

impl<F, R> EventHandler for FnHandler<F>
where
    F: Fn(CloudEvent) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), HandlerError>> + Send + 'static,
{
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin((self.0)(event.clone()))
    }
}

/// A handler from a closure.
pub fn handler<F, R>(handle: F) -> Arc<dyn EventHandler>
where
    F: Fn(CloudEvent) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), HandlerError>> + Send + 'static,
{
    Arc::new(FnHandler(handle))
}

/// How far a group is behind on one topic.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Lag {
    /// The group.
    pub group: String,
    /// The topic.
    pub topic: String,
    /// How many events wait for it.
    pub waiting: u64,
    /// How many it gave up on.
    pub dead: u64,
}

/// An event that a group gave up on. Its topic is called `<topic>.dead`.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// The group that gave up.
    pub group: String,
    /// The topic that the event came from.
    pub topic: String,
    /// The event.
    pub event: CloudEvent,
    /// The last failure with its causes.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub at: DateTime<Utc>,
}

/// The port.
pub trait EventBus: Send + Sync + 'static {
    /// Publishes events, each to the topic of its type, keyed by its subject. When this returns they are durable. An
    /// error leaves open how many of them are published: publish them all again.
    fn publish<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), BusError>>;

    /// From now on, the group's share of these topics goes to the handler, in `tasks`. Call it once for a group.
    fn consume<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [&'static str],
        handler: Arc<dyn EventHandler>,
        tasks: &'a Tasks,
    ) -> BoxFuture<'a, Result<(), BusError>>;

    /// All events of a topic from now on, for this listener alone: live updates, those of one subject in their order.
    /// Nothing is kept for a listener that isn't there; one that is slow gets all of them later. The stream ends with the
    /// bus, or where a listener is hopelessly behind: who needs them all begins again and reads what it missed elsewhere.
    fn tail<'a>(
        &'a self,
        topic: &'static str,
    ) -> BoxFuture<'a, Result<BoxStream<'static, Arc<CloudEvent>>, BusError>>;

    /// Whether it can be reached.
    fn check(&self) -> BoxFuture<'_, Result<(), BusError>>;

    /// How far each group is behind: every group that the bus knows, or those of this process where it doesn't know them.
    fn lag(&self) -> BoxFuture<'_, Result<Vec<Lag>, BusError>>;

    /// The newest dead letters of a group, at most `limit`.
    fn dead_letters<'a>(
        &'a self,
        group: &'a str,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<DeadLetter>, BusError>>;

    /// Gives all dead letters of a group to its handler once more; how many there were.
    fn replay<'a>(&'a self, group: &'a str) -> BoxFuture<'a, Result<u64, BusError>>;
}

/// The bus that the configuration names: Kafka, or the log in `data`. Its own background work runs in `tasks`. Kafka need not
/// be there yet: what needs it waits, and says so.
pub async fn open(
    config: BusConfig,
    data: &Path,
    clock: Arc<dyn Clock>,
    tasks: &Tasks,
) -> Result<Arc<dyn EventBus>, BusError> {
    Ok(match config.url.clone() {
        #[cfg(feature = "kafka")]
        Some(url) => Arc::new(KafkaBus::open(&url, config, clock, tasks)?),
        #[cfg(not(feature = "kafka"))]
        Some(url) => {
            return Err(BusError {
                doing: format!("open {url}"),
                source: Box::new(crate::left_out::LeftOut("Kafka")),
            });
        }
        None => Arc::new(EmbeddedBus::open(&data.join("events.db"), config, clock, tasks).await?),
    })
}

/// The bus as something that a service can't work without.
pub fn health(bus: Arc<dyn EventBus>) -> Arc<dyn HealthCheck> {
    struct Check(Arc<dyn EventBus>);
    impl HealthCheck for Check {
        fn name(&self) -> &str {
            "event bus"
        }

        fn check(&self) -> BoxFuture<'_, Result<(), String>> {
            Box::pin(async { self.0.check().await.map_err(|error| crate::errors::chain(&error)) })
        }
    }
    Arc::new(Check(bus))
}
