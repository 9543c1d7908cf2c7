//! A consumer group at work: one worker a partition.

use std::fs::{File, TryLockError};
use std::sync::Arc;
use std::time::Duration;

use super::log::{PARTITIONS, Record};
use super::{EventHandler, Shared};
use crate::bus::delivery::Delivery;
use crate::errors::chain;
use crate::tasks::Tasks;

/// How many events are read at once.
const BATCH: u32 = 64;
/// How long to wait when the log itself fails.
const TROUBLE: Duration = Duration::from_secs(1);

pub(super) fn start(
    shared: Arc<Shared>,
    group: &str,
    topics: &[&'static str],
    handler: Arc<dyn EventHandler>,
    tasks: &Tasks,
) {
    let (group, topics): (Arc<str>, Vec<&'static str>) = (group.into(), topics.to_vec());
    let delivery = Arc::new(Delivery {
        group: group.clone(),
        handler,
        clock: shared.clock.clone(),
        config: shared.config.clone(),
    });
    let inner = tasks.clone();
    tasks.spawn(format!("bus: group {group}"), async move {
        let lock = Arc::new(shared.lock(&group).await);
        for topic in topics {
            for partition in 0..PARTITIONS {
                let worker = Worker {
                    shared: shared.clone(),
                    group: group.clone(),
                    topic,
                    partition,
                    delivery: delivery.clone(),
                    _lock: lock.clone(),
                };
                inner.spawn(format!("bus: {group} {topic}/{partition}"), worker.run());
            }
        }
    });
}

impl Shared {
    /// Waits until no other process works for this group.
    async fn lock(&self, group: &str) -> Option<File> {
        let mut path = self.path.clone().into_os_string();
        path.push(format!(".{group}.lock"));
        let mut told = false;
        loop {
            let file = match File::options().create(true).append(true).open(&path) {
                Ok(file) => file,
                Err(error) => {
                    tracing::error!(group, error = chain(&error), "the group's lock can't be opened");
                    self.clock.sleep(TROUBLE).await;
                    continue;
                }
            };
            match file.try_lock() {
                Ok(()) => return Some(file),
                Err(TryLockError::WouldBlock) => {
                    if !told {
                        tracing::info!(group, "another process consumes for this group; standing by");
                        told = true;
                    }
                    self.clock.sleep(Duration::from_millis(self.config.poll_ms)).await;
                }
                Err(TryLockError::Error(error)) => {
                    // A file system without locks: then nobody shares it either.
                    tracing::warn!(group, error = chain(&error), "this file system has no locks");
                    return None;
                }
            }
        }
    }
}

struct Worker {
    shared: Arc<Shared>,
    group: Arc<str>,
    topic: &'static str,
    partition: u32,
    delivery: Arc<Delivery>,
    /// Released when the last worker of the group has ended.
    _lock: Arc<Option<File>>,
}

impl Worker {
    async fn run(self) {
        let Some(mut head) = self.shared.heads.partition(self.topic, self.partition) else {
            return;
        };
        let log = &self.shared.log;
        let mut place = self
            .insist("find the place", || {
                log.place(&self.group, self.topic, self.partition)
            })
            .await;
        while head.wait_for(|head| *head > place).await.is_ok() {
            let newest = *head.borrow();
            let records = self
                .insist("read", || log.read(self.topic, self.partition, place, BATCH))
                .await;
            if records.is_empty() {
                // What lay there was old and has been dropped.
                place = newest;
            }
            for record in records {
                if record
                    .only_group
                    .as_deref()
                    .is_none_or(|group| *group == *self.group)
                {
                    self.settle(&record).await;
                }
                place = record.position;
            }
        }
    }

    /// Handles one event until it is done or given up, and moves the group's place.
    async fn settle(&self, record: &Record) {
        let death = self.delivery.deliver(&record.event).await.err();
        crate::fault::point("bus: handled").await;
        let log = &self.shared.log;
        self.insist("move the place", || {
            log.advance(
                &self.group,
                self.topic,
                self.partition,
                record.position,
                death.as_ref(),
            )
        })
        .await;
        self.shared.heads.advanced();
    }

    /// The log is a file of our own: when it fails, it is tried until it works again.
    async fn insist<T, F>(&self, doing: &str, act: impl Fn() -> F) -> T
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        loop {
            match act().await {
                Ok(done) => return done,
                Err(error) => {
                    let (group, topic) = (&*self.group, self.topic);
                    tracing::error!(group, topic, doing, error = chain(&error), "the event log fails");
                    self.shared.clock.sleep(TROUBLE).await;
                }
            }
        }
    }
}
