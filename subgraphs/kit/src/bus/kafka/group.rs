//! A consumer group's member: one thread that polls and hands out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::Message as _;
use rdkafka::config::{FromClientConfigAndContext as _, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::message::BorrowedMessage;
use rdkafka::{ClientContext, TopicPartitionList};
use tokio::runtime::Handle;

use super::ear::{self, Ear};
use super::lane::{Lane, Work};
use super::places::{self, Places};
use super::record::Incoming;
use super::{Names, Shared, Stop, lag, topics};
use crate::bus::EventHandler;
use crate::bus::delivery::Delivery;
use crate::bus::turns::Turns;
use crate::tasks::Tasks;

/// How long the thread waits for a record before it looks whether it shall end, or a lane can go on.
const POLL: Duration = Duration::from_millis(50);
/// A partition is paused when its lane has this many to do, and resumed when it has that few.
const FULL: usize = 256;
const LOW: usize = 64;

/// Becomes a member of the group, in `tasks`.
pub(super) fn start(
    shared: &Arc<Shared>,
    group: &str,
    topics: &[&'static str],
    handler: Arc<dyn EventHandler>,
    tasks: &Tasks,
) -> Result<(), KafkaError> {
    let (places, turns) = (Arc::new(Places::default()), Arc::new(Turns::default()));
    let delivery = Arc::new(Delivery {
        group: group.into(),
        handler,
        clock: shared.clock.clone(),
        config: shared.config.clone(),
    });
    tasks.spawn(
        format!("bus: turns of {group}"),
        turns.clone().hold(delivery.clone()),
    );
    let work = Work {
        shared: shared.clone(),
        delivery,
        places: places.clone(),
        turns,
    };
    let lanes = Lanes {
        work,
        tasks: tasks.clone(),
        runtime: Handle::current(),
        open: Mutex::default(),
        ear: Ear::default(),
    };
    let config = shared.consumer_config(&shared.names.group(group));
    let consumer = Arc::new(BaseConsumer::from_config_and_context(&config, lanes)?);
    shared.groups().push(lag::Group::new(group, topics, &consumer));
    tasks.spawn(
        format!("bus: places of {group}"),
        places::commit(places.clone(), Arc::downgrade(&consumer), shared.names.clone()),
    );
    let ended = Arc::downgrade(&consumer);
    let (shared, group) = (shared.clone(), group.to_owned());
    let subscription: Vec<String> = topics.iter().map(|it| shared.names.topic(it)).collect();
    let ending = tasks.clone();
    tasks.spawn_to_end(format!("bus: group {group}"), async move {
        tokio::select! {
            () = shared.ready() => {}
            () = ending.cancelled() => return,
        }
        let stop = Stop::new();
        let flag = stop.flag();
        let (left, leaving) = tokio::sync::oneshot::channel();
        let thread = std::thread::Builder::new().name(format!("kafka {group}"));
        let spawned = thread.spawn(move || {
            poll(&consumer, &subscription, &flag);
            drop(consumer);
            // Err means that nobody waits any more.
            let _ = left.send(());
        });
        if let Err(error) = spawned {
            tracing::error!(group, %error, "the group has no thread and handles nothing");
            return;
        }
        ending.cancelled().await;
        places::commit_rest(&places, &ended, &shared.names).await;
        drop(stop);
        // A member that leaves is replaced at once; one that only goes silent is missed for seconds.
        let _ = leaving.await;
    });
    Ok(())
}

/// The thread. Dropping the consumer afterwards leaves the group.
fn poll(consumer: &BaseConsumer<Lanes>, subscription: &[String], stop: &AtomicBool) {
    let lanes = consumer.context();
    let _runtime = lanes.runtime.enter();
    let names: Vec<&str> = subscription.iter().map(String::as_str).collect();
    if let Err(error) = consumer.subscribe(&names) {
        tracing::error!(group = &*lanes.work.delivery.group, %error, "the group's topics can't be subscribed to");
        return;
    }
    while !stop.load(Ordering::Relaxed) {
        match consumer.poll(POLL) {
            Some(Ok(message)) => lanes.accept(consumer, &message),
            Some(Err(error)) => lanes.complain(&error),
            None => {}
        }
        lanes.resume(consumer);
    }
    lanes.open().clear();
}

/// The lanes of the partitions that are ours.
pub(super) struct Lanes {
    work: Work,
    tasks: Tasks,
    runtime: Handle,
    open: Mutex<HashMap<(&'static str, i32), Lane>>,
    ear: Ear,
}

impl Lanes {
    fn open(&self) -> MutexGuard<'_, HashMap<(&'static str, i32), Lane>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn paused(&self) -> usize {
        self.open().values().filter(|lane| lane.is_paused).count()
    }

    fn names(&self) -> &Names {
        &self.work.shared.names
    }

    fn accept(&self, consumer: &BaseConsumer<Self>, message: &BorrowedMessage<'_>) {
        self.ear.well();
        let Some(topic) = self.names().known(message.topic()) else {
            return;
        };
        let partition = message.partition();
        let mut open = self.open();
        let lane = open
            .entry((topic, partition))
            .or_insert_with(|| Lane::open(self.work.clone(), topic, partition, &self.tasks));
        if lane.add(Incoming::new(message)) >= FULL && !lane.is_paused {
            lane.is_paused = self.told(consumer.pause(&self.list(topic, partition)));
        }
    }

    /// Lets the partitions go on whose lanes have room again.
    fn resume(&self, consumer: &BaseConsumer<Self>) {
        for (&(topic, partition), lane) in self.open().iter_mut() {
            if lane.is_paused && lane.waiting() <= LOW {
                lane.is_paused = !self.told(consumer.resume(&self.list(topic, partition)));
            }
        }
    }

    fn list(&self, topic: &str, partition: i32) -> TopicPartitionList {
        let mut list = TopicPartitionList::with_capacity(1);
        list.add_partition(&self.names().topic(topic), partition);
        list
    }

    /// Whether it worked. It doesn't when the partition has just been taken from us, and then it is of no account.
    fn told(&self, outcome: Result<(), KafkaError>) -> bool {
        outcome
            .inspect_err(|error| self.ear.hear(error, "pause or resume a partition"))
            .is_ok()
    }

    fn complain(&self, error: &KafkaError) {
        if topics::is_missing(error) {
            self.work.shared.missing.notify_one();
        }
        self.ear
            .hear(error, &format!("group {}", self.work.delivery.group));
    }
}

impl ClientContext for Lanes {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        ear::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.ear.hear(&error, reason);
    }
}

impl ConsumerContext for Lanes {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let group = &*self.work.delivery.group;
        match rebalance {
            Rebalance::Assign(list) => tracing::debug!(group, partitions = list.count(), "takes over"),
            Rebalance::Revoke(list) => {
                tracing::debug!(group, partitions = list.count(), "hands over");
                let mut open = self.open();
                for element in list.elements() {
                    if let Some(topic) = self.names().known(element.topic()) {
                        open.remove(&(topic, element.partition()));
                        self.work.places.forget(&(topic, element.partition()));
                    }
                }
            }
            Rebalance::Error(error) => self.ear.hear(error, "rebalance"),
        }
    }
    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        // A partition that was taken from us while it was paused comes back paused, and its new lane knows nothing of it.
        if let Rebalance::Assign(list) = rebalance {
            self.told(consumer.resume(list));
        }
    }
}
