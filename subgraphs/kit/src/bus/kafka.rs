//! Kafka.
//!
//! The difficulty: librdkafka is a C library with threads, queues and callbacks of its own, and the promises of the port
//! (order per subject while an event is retried, a place that moves only after the effect) must hold through its rebalances.
//! So each consumer has one thread that does nothing but poll ([`group`]): it hands every record to the *lane* of its
//! partition, a task that handles one event after the other, or several in a turn with other lanes' (`bus/turns.rs`); a lane that is full
//! pauses its partition, others go on. A
//! partition that moves to another replica takes its lane down with it: what the lane was about comes again over there, and
//! the inbox absorbs what had been done. Places are committed one request at a time for all lanes together ([`places`]): at once
//! when little happens, many in one when much does.
//!
//! - Records are keyed by the subject, and the producer is idempotent, so that order and once-only hold on the way in.
//! - `<topic>.dead` holds dead letters, of all groups, in one partition. A replay puts them at the end of their topic, marked for
//!   their group alone, and then a mark into `<topic>.dead`: what stands before it is done with ([`dead`]).
//! - Live listeners ([`tail`]) belong to no group: every process reads all partitions from the end.

mod dead;
mod ear;
mod group;
mod lag;
mod lane;
mod places;
mod publisher;
mod record;
mod tail;
#[cfg(test)]
mod tests;
mod topics;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;
use tokio::sync::{Notify, watch};

use super::{BusConfig, BusError, DeadLetter, EventBus, EventHandler, KafkaUrl, Lag};
use crate::clock::Clock;
use crate::events::CloudEvent;
use crate::tasks::Tasks;
use crate::{BoxFuture, BoxStream};
use dead::Graveyard;
use publisher::Publisher;
use tail::Tails;

/// How long a question to the brokers may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what failed is left alone before it is tried again. The computer's time, not the clock's: it is for brokers, which no
/// test moves by hand.
const TROUBLE: Duration = Duration::from_secs(1);

/// Kafka. Cloning shares it.
#[derive(Clone)]
pub struct KafkaBus {
    shared: Arc<Shared>,
}

struct Shared {
    config: BusConfig,
    brokers: String,
    names: Names,
    clock: Arc<dyn Clock>,
    publisher: Publisher,
    graveyard: Graveyard,
    tails: Tails,
    groups: Mutex<Vec<lag::Group>>,
    /// Whether the topics are there.
    ready: watch::Sender<bool>,
    /// Rung by whoever finds a topic missing.
    missing: Notify,
    /// Whether the end has come, for the listeners' threads.
    stopped: Arc<AtomicBool>,
}

/// What our topics and groups are called in Kafka.
#[derive(Clone)]
struct Names {
    prefix: Arc<str>,
}

impl Names {
    fn topic(&self, topic: &str) -> String {
        format!("{}{topic}", self.prefix)
    }

    fn dead(&self, topic: &str) -> String {
        format!("{}{topic}.dead", self.prefix)
    }

    fn group(&self, group: &str) -> String {
        format!("{}lavka.{group}", self.prefix)
    }

    /// Our topic of this name.
    fn known(&self, name: &str) -> Option<&'static str> {
        let topic = name.strip_prefix(&*self.prefix)?;
        crate::events::topics::ALL.into_iter().find(|it| *it == topic)
    }
}

/// Set when its holder is dropped: what a thread looks at that no executor can end.
struct Stop(Arc<AtomicBool>);

impl Stop {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl KafkaBus {
    /// Begins to connect, and to make the topics that are missing; waits for neither.
    pub fn open(
        url: &KafkaUrl,
        config: BusConfig,
        clock: Arc<dyn Clock>,
        tasks: &Tasks,
    ) -> Result<Self, BusError> {
        let publisher =
            Publisher::new(producer_config(&url.brokers)).map_err(failed("set up the Kafka producer"))?;
        let stop = Stop::new();
        let shared = Arc::new(Shared {
            stopped: stop.flag(),
            config,
            brokers: url.brokers.clone(),
            names: Names {
                prefix: url.prefix.as_str().into(),
            },
            clock,
            publisher,
            graveyard: Graveyard::default(),
            tails: Tails::default(),
            groups: Mutex::default(),
            ready: watch::Sender::new(false),
            missing: Notify::new(),
        });
        tasks.spawn("bus: topics", topics::keep(shared.clone()));
        tasks.spawn("bus: listeners", async move {
            let _until_dropped = stop;
            std::future::pending().await
        });
        Ok(Self { shared })
    }
}

impl Shared {
    /// Waits until the topics are there.
    async fn ready(&self) {
        // The sender lives in `self`.
        let _ = self.ready.subscribe().wait_for(|ready| *ready).await;
    }

    /// A consumer's settings; `group` is its name in Kafka.
    fn consumer_config(&self, group: &str) -> ClientConfig {
        let mut config = client_config(&self.brokers);
        config.set("group.id", group);
        for (key, value) in [
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "earliest"),
            ("allow.auto.create.topics", "false"),
            ("partition.assignment.strategy", "cooperative-sticky"),
            // A replica that was killed is missed after this.
            ("session.timeout.ms", "6000"),
            ("heartbeat.interval.ms", "1500"),
            // What is fetched ahead: enough to keep lanes busy, and no megabytes for each of many consumers.
            ("queued.min.messages", "500"),
            ("queued.max.messages.kbytes", "4096"),
            ("fetch.error.backoff.ms", "200"),
        ] {
            config.set(key, value);
        }
        config
    }

    fn groups(&self) -> std::sync::MutexGuard<'_, Vec<lag::Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn client_config(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    for (key, value) in [
        ("bootstrap.servers", brokers),
        ("client.id", "lavka"),
        ("socket.keepalive.enable", "true"),
        ("log.connection.close", "false"),
        // A broker that comes back is found again soon.
        ("reconnect.backoff.ms", "100"),
        ("reconnect.backoff.max.ms", "2000"),
        ("topic.metadata.refresh.interval.ms", "30000"),
    ] {
        config.set(key, value);
    }
    config
}

fn producer_config(brokers: &str) -> ClientConfig {
    let mut config = client_config(brokers);
    for (key, value) in [
        // acks=all, retries without end, at most 5 requests on their way.
        ("enable.idempotence", "true"),
        // What a broker has not taken by then is reported as failed, and the outbox publishes it again.
        ("message.timeout.ms", "10000"),
        ("request.timeout.ms", "5000"),
        // When one record fails, none behind it may have got through: order is kept over a new attempt.
        ("enable.gapless.guarantee", "true"),
        ("linger.ms", "1"),
        // As the Java clients do it, so that other programs' records of a subject go where ours go.
        ("partitioner", "murmur2_random"),
    ] {
        config.set(key, value);
    }
    config
}

fn failed(doing: impl Into<String>) -> impl FnOnce(KafkaError) -> BusError {
    let doing = doing.into();
    move |error| BusError {
        doing,
        source: error.into(),
    }
}

/// Tries again what fails because a topic has just been made, or moves from one broker to another: that is over in a moment.
fn patiently<T>(mut work: impl FnMut() -> Result<T, KafkaError>) -> Result<T, KafkaError> {
    for _ in 0..30 {
        match work() {
            Err(error) if topics::is_settling(&error) => std::thread::sleep(TROUBLE / 10),
            done => return done,
        }
    }
    work()
}

/// Runs what waits for brokers where waiting holds nobody up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KafkaError> + Send + 'static,
) -> Result<T, KafkaError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        // It panicked, or the program ends.
        Err(_) => Err(KafkaError::Canceled),
    }
}

impl EventBus for KafkaBus {
    fn publish<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let doing = format!("publish {} events", events.len());
            let shared = &self.shared;
            let outgoing = record::outgoing(events, &shared.names).map_err(|source| BusError {
                doing: doing.clone(),
                source,
            })?;
            if tokio::time::timeout(PATIENCE, shared.ready()).await.is_err() {
                let source = format!("Kafka at {} does not have the topics yet", shared.brokers).into();
                return Err(BusError { doing, source });
            }
            let sent = shared.publisher.send(&outgoing).await;
            if let Err(error) = &sent
                && topics::is_missing(error)
            {
                shared.missing.notify_one();
            }
            sent.map_err(failed(doing))
        })
    }

    fn consume<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [&'static str],
        handler: Arc<dyn EventHandler>,
        tasks: &'a Tasks,
    ) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            group::start(&self.shared, group, topics, handler, tasks)
                .map_err(failed(format!("join the consumer group {group}")))
        })
    }

    fn tail<'a>(
        &'a self,
        topic: &'static str,
    ) -> BoxFuture<'a, Result<BoxStream<'static, Arc<CloudEvent>>, BusError>> {
        Box::pin(async move {
            self.shared.ready().await;
            tail::listen(&self.shared, topic)
                .await
                .map_err(failed(format!("listen to {topic}")))
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), BusError>> {
        Box::pin(async {
            let doing = format!("ask Kafka at {}", self.shared.brokers);
            if !*self.shared.ready.borrow() {
                let source = "the topics are not there yet".into();
                return Err(BusError { doing, source });
            }
            let shared = self.shared.clone();
            blocking(move || {
                use rdkafka::producer::Producer as _;
                let producer = shared.publisher.producer();
                let topic = shared.names.topic(crate::events::topics::ORDERS);
                producer
                    .client()
                    .fetch_metadata(Some(&topic), Duration::from_millis(1500))
                    .map(drop)
            })
            .await
            .map_err(failed(doing))
        })
    }

    fn lag(&self) -> BoxFuture<'_, Result<Vec<Lag>, BusError>> {
        Box::pin(async {
            let shared = self.shared.clone();
            blocking(move || patiently(|| lag::count(&shared)))
                .await
                .map_err(failed("count what waits"))
        })
    }

    fn dead_letters<'a>(
        &'a self,
        group: &'a str,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<DeadLetter>, BusError>> {
        Box::pin(async move {
            self.shared.ready().await;
            let (shared, name) = (self.shared.clone(), group.to_owned());
            blocking(move || patiently(|| dead::newest(&shared, &name, limit)))
                .await
                .map_err(failed(format!("list the dead letters of {group}")))
        })
    }

    fn replay<'a>(&'a self, group: &'a str) -> BoxFuture<'a, Result<u64, BusError>> {
        Box::pin(async move {
            self.shared.ready().await;
            dead::replay(&self.shared, group)
                .await
                .map_err(failed(format!("replay the dead letters of {group}")))
        })
    }
}
