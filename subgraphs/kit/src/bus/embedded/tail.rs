//! Live listeners. One reader a topic reads what is new and hands it to all of them; one that falls behind the channel
//! catches up from the log.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use futures_util::stream;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::Shared;
use super::log::Record;
use crate::BoxStream;
use crate::errors::chain;
use crate::events::{CloudEvent, topics};

type Item = (i64, Arc<CloudEvent>);

/// How many events a listener may be behind before it has to read the log itself.
const BUFFER: usize = 1024;
/// How many events are read at once.
const BATCH: u32 = 256;

pub(super) struct Tails(HashMap<&'static str, broadcast::Sender<Item>>);

impl Tails {
    pub(super) fn new() -> Self {
        Self(
            topics::ALL
                .into_iter()
                .map(|topic| (topic, broadcast::Sender::new(BUFFER)))
                .collect(),
        )
    }
}

/// The reader of one topic.
pub(super) async fn read(shared: Arc<Shared>, topic: &'static str) {
    let (Some(mut head), Some(listeners)) = (shared.heads.topic(topic), shared.tails.0.get(topic)) else {
        return;
    };
    let mut place = *head.borrow();
    while head.wait_for(|head| *head > place).await.is_ok() {
        if listeners.receiver_count() == 0 {
            place = *head.borrow();
            continue;
        }
        let newest = *head.borrow();
        match shared.log.read_topic(topic, place, BATCH).await {
            Ok(records) if records.is_empty() => place = newest,
            Ok(records) => {
                for record in records {
                    place = record.position;
                    // Err means that the last listener has just left.
                    let _ = listeners.send((record.position, Arc::new(record.event)));
                }
            }
            Err(error) => {
                tracing::error!(topic, error = chain(&error), "the event log can't be read");
                shared.clock.sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }
}

struct Listener {
    shared: std::sync::Weak<Shared>,
    topic: &'static str,
    receiver: broadcast::Receiver<Item>,
    place: i64,
    behind: VecDeque<Record>,
}

/// A new listener.
pub(super) async fn listen(
    shared: &Arc<Shared>,
    topic: &'static str,
) -> Result<BoxStream<'static, Arc<CloudEvent>>, sqlx::Error> {
    let Some(listeners) = shared.tails.0.get(topic) else {
        return Ok(Box::pin(stream::empty()));
    };
    // First the ear, then the place: nothing falls in between.
    let receiver = listeners.subscribe();
    let place = shared
        .log
        .last()
        .await?
        .iter()
        .map(|head| head.position)
        .max()
        .unwrap_or(0);
    let listener = Listener {
        shared: Arc::downgrade(shared),
        topic,
        receiver,
        place,
        behind: VecDeque::new(),
    };
    Ok(Box::pin(stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((event, listener))
    })))
}

impl Listener {
    async fn next(&mut self) -> Option<Arc<CloudEvent>> {
        loop {
            if let Some(record) = self.behind.pop_front() {
                self.place = record.position;
                return Some(Arc::new(record.event));
            }
            match self.receiver.recv().await {
                Ok((position, event)) if position > self.place => {
                    self.place = position;
                    return Some(event);
                }
                Ok(_) => {}
                Err(RecvError::Closed) => return None,
                Err(RecvError::Lagged(_)) => {
                    let shared = self.shared.upgrade()?;
                    match shared.log.read_topic(self.topic, self.place, u32::MAX).await {
                        Ok(records) => self.behind.extend(records),
                        Err(error) => {
                            tracing::error!(
                                topic = self.topic,
                                error = chain(&error),
                                "a listener lost its place"
                            );
                            return None;
                        }
                    }
                }
            }
        }
    }
}
