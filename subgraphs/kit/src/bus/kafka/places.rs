//! Where a group is: committed after the effect, one request at a time for all its lanes.
//!
//! A lane goes on as soon as its place is set: the first is committed at once, and while that request is on its way, and for a
//! [`REST`] after it, the places of all lanes gather and go together in the next. So a kill makes some tenths of a second's events come again, which
//! the inbox absorbs; a request for each event would be more work for Kafka than the events themselves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::group::Lanes;
use super::{Names, TROUBLE, blocking};
use crate::errors::chain;

type Partition = (&'static str, i32);

/// How long places gather before the next request.
const REST: Duration = Duration::from_millis(100);

/// A place that waits to be committed, and the lane that set it. One that is gone has lost the partition: its place is another's now.
struct Move {
    offset: i64,
    lane: Weak<()>,
}

#[derive(Default)]
pub(super) struct Places {
    moved: Mutex<HashMap<Partition, Move>>,
    bell: Notify,
}

impl Places {
    /// The next event to handle is the one at `offset`, as long as this lane is there.
    pub(super) fn set(&self, partition: Partition, offset: i64, lane: &Arc<()>) {
        let lane = Arc::downgrade(lane);
        self.moved().insert(partition, Move { offset, lane });
        self.bell.notify_one();
    }

    /// The partition is another's now, who begins where was committed.
    pub(super) fn forget(&self, partition: &Partition) {
        self.moved().remove(partition);
    }

    fn moved(&self) -> std::sync::MutexGuard<'_, HashMap<Partition, Move>> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Unless a later place was set meanwhile.
    fn put_back(&self, moves: HashMap<Partition, Move>) {
        let mut moved = self.moved();
        for (partition, it) in moves {
            moved.entry(partition).or_insert(it);
        }
    }

    fn take(&self) -> HashMap<Partition, Move> {
        let mut taken = std::mem::take(&mut *self.moved());
        taken.retain(|_, it| it.lane.strong_count() > 0);
        taken
    }
}

/// Commits what is set, for as long as the consumer lives.
pub(super) async fn commit(places: Arc<Places>, consumer: Weak<BaseConsumer<Lanes>>, names: Names) {
    loop {
        places.bell.notified().await;
        loop {
            let moves = places.take();
            if moves.is_empty() {
                break;
            }
            match commit_once(&moves, &consumer, &names).await {
                Ok(()) => tokio::time::sleep(REST).await,
                Err(error) => {
                    tracing::warn!(
                        error = chain(&error),
                        "a group's place can't be committed, trying again"
                    );
                    places.put_back(moves);
                    tokio::time::sleep(TROUBLE / 10).await;
                }
            }
        }
    }
}

/// Commits what is left at the end, when nobody sets a place any more.
pub(super) async fn commit_rest(places: &Places, consumer: &Weak<BaseConsumer<Lanes>>, names: &Names) {
    let rest = std::mem::take(&mut *places.moved());
    if rest.is_empty() {
        return;
    }
    match timeout(TROUBLE, commit_once(&rest, consumer, names)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(error = chain(&error), "some events will come again"),
        Err(_) => tracing::debug!("Kafka doesn't answer: some events will come again"),
    }
}

async fn commit_once(
    moves: &HashMap<Partition, Move>,
    consumer: &Weak<BaseConsumer<Lanes>>,
    names: &Names,
) -> Result<(), KafkaError> {
    let mut list = TopicPartitionList::with_capacity(moves.len());
    for (&(topic, partition), it) in moves {
        list.add_partition_offset(&names.topic(topic), partition, Offset::Offset(it.offset))?;
    }
    let consumer = consumer.clone();
    blocking(move || match consumer.upgrade() {
        Some(consumer) => consumer.commit(&list, CommitMode::Sync),
        None => Err(KafkaError::Canceled),
    })
    .await
}
