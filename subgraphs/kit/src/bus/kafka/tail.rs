//! Live listeners: for each topic that somebody listens to, one thread that reads all partitions from the end and hands what
//! comes to everybody. No group, no places: each process hears everything.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use rdkafka::Offset;
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::ear::Ear;
use super::record::Incoming;
use super::{Shared, blocking, lag, patiently};
use crate::BoxStream;
use crate::events::CloudEvent;

/// How many events a listener may be behind before it is given up. They are shared, not copied.
const PATIENCE_OF_LISTENERS: usize = 65_536;
/// How long the thread waits for a record before it looks whether it shall end.
const POLL: Duration = Duration::from_millis(200);

/// The topics that are listened to.
#[derive(Default)]
pub(super) struct Tails(tokio::sync::Mutex<HashMap<&'static str, Tail>>);

type Tail = Arc<Listeners>;

#[derive(Default)]
struct Listeners(Mutex<Vec<mpsc::Sender<Arc<CloudEvent>>>>);

/// A new listener: hears what is published from now on, and perhaps what was published a moment ago.
pub(super) async fn listen(
    shared: &Arc<Shared>,
    topic: &'static str,
) -> Result<BoxStream<'static, Arc<CloudEvent>>, KafkaError> {
    let mut tails = shared.tails.0.lock().await;
    let listeners = match tails.get(topic) {
        Some(tail) => tail.clone(),
        None => tails
            .entry(topic)
            .or_insert(start(shared.clone(), topic).await?)
            .clone(),
    };
    let (sender, receiver) = mpsc::channel(PATIENCE_OF_LISTENERS);
    listeners.all().push(sender);
    Ok(ReceiverStream::new(receiver).boxed())
}

async fn start(shared: Arc<Shared>, topic: &'static str) -> Result<Tail, KafkaError> {
    let (ended, opening) = (shared.stopped.clone(), shared.clone());
    let consumer = blocking(move || {
        let shared = opening;
        // A group in name only: it is never joined, and commits nothing.
        let mut config = shared.consumer_config(&shared.names.group("listeners"));
        // Where our place is gone (the topic was made anew, or we were away for longer than events are kept), something was
        // missed, and the listeners have to know.
        config.set("auto.offset.reset", "error");
        let consumer = BaseConsumer::from_config_and_context(&config, Ear::default())?;
        let name = shared.names.topic(topic);
        patiently(|| go_to_end(&consumer, &name))?;
        Ok(consumer)
    })
    .await?;
    let listeners = Arc::new(Listeners::default());
    let (to, name) = (listeners.clone(), shared.names.topic(topic));
    std::thread::Builder::new()
        .name(format!("kafka tail {topic}"))
        .spawn(move || read(&consumer, &name, &to, &ended))
        .map_err(|error| KafkaError::ClientCreation(error.to_string()))?;
    Ok(listeners)
}

/// To where the end is now. (Not to "the end", which would be wherever it is when the first request gets there.)
fn go_to_end(consumer: &BaseConsumer<Ear>, topic: &str) -> Result<(), KafkaError> {
    let all = lag::every_partition(consumer, topic)?;
    consumer.assign(&lag::at(consumer, &all, Offset::End)?)
}

fn read(consumer: &BaseConsumer<Ear>, topic: &str, listeners: &Listeners, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        match consumer.poll(POLL) {
            Some(Ok(message)) => {
                consumer.context().well();
                let record = Incoming::new(&message);
                // What is replayed for a group is no news.
                if record.only_group.is_none() {
                    listeners.tell(&record);
                }
            }
            Some(Err(error)) if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AutoOffsetReset) => {
                tracing::warn!(topic, "the listeners' place is gone, and they with it");
                listeners.all().clear();
                if let Err(error) = go_to_end(consumer, topic) {
                    consumer.context().hear(&error, "find the end");
                }
            }
            Some(Err(error)) => consumer.context().hear(&error, "listen"),
            None => {}
        }
    }
    // Their streams end.
    listeners.all().clear();
}

impl Listeners {
    fn all(&self) -> std::sync::MutexGuard<'_, Vec<mpsc::Sender<Arc<CloudEvent>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, record: &Incoming) {
        let mut all = self.all();
        if all.is_empty() {
            return;
        }
        let Ok(event) = record.event().map(Arc::new) else {
            // The groups set it aside and say so.
            return;
        };
        all.retain(|listener| match listener.try_send(event.clone()) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                tracing::warn!(
                    behind = PATIENCE_OF_LISTENERS,
                    "a listener is hopelessly behind and is given up"
                );
                false
            }
        });
    }
}
