//! The newest position of every partition, as channels that consumers wait on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::watch;

use super::log::PARTITIONS;
use crate::events::topics;

/// The newest position of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) topic: &'static str,
    pub(super) partition: u32,
    pub(super) position: i64,
}

pub(super) struct Heads {
    partitions: HashMap<(&'static str, u32), watch::Sender<i64>>,
    topics: HashMap<&'static str, watch::Sender<i64>>,
    highest: AtomicI64,
    progress: watch::Sender<()>,
}

impl Heads {
    pub(super) fn at(start: &[Head]) -> Self {
        let each = |topic| (0..PARTITIONS).map(move |partition| ((topic, partition), watch::Sender::new(0)));
        let heads = Self {
            partitions: topics::ALL.into_iter().flat_map(each).collect(),
            topics: topics::ALL
                .into_iter()
                .map(|topic| (topic, watch::Sender::new(0)))
                .collect(),
            highest: AtomicI64::new(0),
            progress: watch::Sender::new(()),
        };
        start.iter().for_each(|head| heads.raise(head));
        heads
    }

    /// Wakes whoever waits for this partition.
    pub(super) fn raise(&self, head: &Head) {
        self.highest.fetch_max(head.position, Ordering::Relaxed);
        let places = [
            self.partitions.get(&(head.topic, head.partition)),
            self.topics.get(head.topic),
        ];
        for place in places.into_iter().flatten() {
            place.send_if_modified(|position| {
                let higher = head.position > *position;
                *position = head.position.max(*position);
                higher
            });
        }
    }

    /// The newest position of all.
    pub(super) fn highest(&self) -> i64 {
        self.highest.load(Ordering::Relaxed)
    }

    pub(super) fn partition(&self, topic: &'static str, partition: u32) -> Option<watch::Receiver<i64>> {
        self.partitions
            .get(&(topic, partition))
            .map(watch::Sender::subscribe)
    }

    pub(super) fn topic(&self, topic: &'static str) -> Option<watch::Receiver<i64>> {
        self.topics.get(topic).map(watch::Sender::subscribe)
    }

    /// Tells that some group has come further.
    pub(super) fn advanced(&self) {
        self.progress.send_replace(());
    }

    pub(super) fn progress(&self) -> watch::Receiver<()> {
        self.progress.subscribe()
    }
}
