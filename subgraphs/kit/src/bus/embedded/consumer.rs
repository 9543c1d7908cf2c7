//! A consumer group at work: one worker a partition.

use std::fs::{File, TryLockError};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::log::{Death, PARTITIONS, Record};
use super::{EventHandler, Shared};
use crate::bus::HandlerError;
use crate::errors::chain;
use crate::events::CloudEvent;
use crate::tasks::Tasks;
use crate::trace;

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
                    handler: handler.clone(),
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
    handler: Arc<dyn EventHandler>,
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
        let death = self.deliver(&record.event).await.err();
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

    async fn deliver(&self, event: &CloudEvent) -> Result<(), Death> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let failure = match self.attempt(event).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            let error = chain(&*failure.source);
            let (group, id, kind) = (&*self.group, event.id, &event.kind);
            if !failure.retry || attempts >= self.shared.config.attempts {
                tracing::error!(group, %id, kind, attempts, error, "an event is given up");
                return Err(Death {
                    error,
                    attempts,
                    at: self.shared.clock.now(),
                });
            }
            tracing::warn!(group, %id, kind, attempts, error, "an event failed and is tried again");
            self.shared.clock.sleep(self.shared.backoff(attempts)).await;
        }
    }

    async fn attempt(&self, event: &CloudEvent) -> Result<(), HandlerError> {
        let work = trace::within(event.traceparent.as_deref(), self.handler.handle(event));
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(_) => Err(HandlerError::retry("the handler panicked")),
        }
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
