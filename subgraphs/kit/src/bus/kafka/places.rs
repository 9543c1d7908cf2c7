//! Where a group is: committed after the effect, one request at a time for all its lanes.
//!
//! A lane waits until its place is committed before it takes the next event, so that at most one event a partition comes again
//! after a kill. While a request is on its way the places of other lanes gather, and go together in the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::{Notify, oneshot};

use super::group::Lanes;
use super::{Names, TROUBLE, blocking};
use crate::errors::chain;

type Partition = (&'static str, i32);

/// A place that waits to be committed, and who waits for it. Who is gone has lost the partition: its place is another's now.
struct Move {
    offset: i64,
    done: oneshot::Sender<()>,
}

#[derive(Default)]
pub(super) struct Places {
    moved: Mutex<HashMap<Partition, Move>>,
    bell: Notify,
}

impl Places {
    /// The next event to handle is the one at `offset`. Returns when Kafka knows.
    pub(super) async fn set(&self, partition: Partition, offset: i64) {
        let (done, committed) = oneshot::channel();
        self.moved().insert(partition, Move { offset, done });
        self.bell.notify_one();
        // An error means that somebody set a later place for the same partition.
        let _ = committed.await;
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
        taken.retain(|_, it| !it.done.is_closed());
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
                Ok(()) => moves.into_values().for_each(|it| {
                    // Err means that the lane has been taken down meanwhile.
                    let _ = it.done.send(());
                }),
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
