//! The embedded log plays the contract's scenes; what is its own follows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::bus::contract::{self, Stage, cancelled};
use crate::bus::handler;
use crate::clock::ManualClock;
use crate::events::topics;
use crate::ids::{Id, SequentialIds};

struct Embedded {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    tasks: Tasks,
    bus: EmbeddedBus,
}

impl Embedded {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, tasks) = (Arc::new(ManualClock::default()), Tasks::new());
        let bus = open(folder.path(), &clock, &tasks).await;
        Self {
            folder,
            clock,
            tasks,
            bus,
        }
    }
}

async fn open(folder: &Path, clock: &Arc<ManualClock>, tasks: &Tasks) -> EmbeddedBus {
    let config = BusConfig {
        attempts: contract::ATTEMPTS,
        backoff_ms: 1_000,
        longest_backoff_ms: 1_000,
        ..BusConfig::default()
    };
    EmbeddedBus::open(&folder.join("events.db"), config, clock.clone(), tasks)
        .await
        .unwrap()
}

impl Stage for Embedded {
    fn bus(&self) -> Arc<dyn EventBus> {
        Arc::new(self.bus.clone())
    }

    fn tasks(&self) -> Tasks {
        self.tasks.clone()
    }

    fn clock(&self) -> Arc<ManualClock> {
        self.clock.clone()
    }

    fn restart(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            // Dropped at whatever await they are: nothing gets the chance to tidy up.
            assert!(self.tasks.shutdown(Duration::from_secs(10)).await);
            self.tasks = Tasks::new();
            self.bus = open(self.folder.path(), &self.clock, &self.tasks).await;
        })
    }
}

macro_rules! scenes {
    ($($scene:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $scene() {
            contract::$scene(Embedded::new().await).await;
        })*
    };
}

scenes! {
    every_group_sees_each_subject_in_order
    a_failing_handler_is_tried_again
    what_is_away_is_waited_for
    a_hopeless_event_becomes_a_dead_letter_and_can_be_replayed
    a_killed_consumer_goes_on_where_it_was
    a_panicking_handler_is_tried_again
    listeners_hear_what_comes_from_now_on
    an_unknown_type_is_refused
    a_strange_event_travels_like_another
}

#[tokio::test]
async fn publishing_again_after_a_crash_adds_nothing() {
    let stage = Embedded::new().await;
    let event = cancelled(&SequentialIds::default(), 1, 1);
    stage.bus.publish(std::slice::from_ref(&event)).await.unwrap();
    stage.bus.publish(std::slice::from_ref(&event)).await.unwrap();
    let records = stage
        .bus
        .shared
        .log
        .read_topic(topics::ORDERS, 0, 10)
        .await
        .unwrap();
    assert_eq!(records.len(), 1);
}

/// Two processes with the same file: what one publishes the other hears of, and only one works for a group.
#[tokio::test]
async fn two_processes_share_the_file_and_one_stands_by() {
    let stage = Embedded::new().await;
    let other_tasks = Tasks::new();
    let other = open(stage.folder.path(), &stage.clock, &other_tasks).await;
    let (tx, mut seen) = tokio::sync::mpsc::unbounded_channel();
    for (name, bus, tasks) in [
        ("first", &stage.bus, &stage.tasks),
        ("second", &other, &other_tasks),
    ] {
        let tx = tx.clone();
        let report = handler(move |_| {
            let _ = tx.send(name);
            async { Ok(()) }
        });
        bus.consume("a", &[topics::ORDERS], report, tasks).await.unwrap();
        // The first has the lock before the second asks for it.
        stage.bus.settled("a").await.unwrap();
        tokio::task::yield_now().await;
    }
    let ids = SequentialIds::default();
    other.publish(&[cancelled(&ids, 1, 1)]).await.unwrap();
    let first = heard(&stage.clock, &mut seen).await;
    assert!(stage.tasks.shutdown(Duration::from_secs(10)).await);
    other.publish(&[cancelled(&ids, 1, 2)]).await.unwrap();
    assert_eq!((first, heard(&stage.clock, &mut seen).await), ("first", "second"));
}

async fn heard(
    clock: &ManualClock,
    seen: &mut tokio::sync::mpsc::UnboundedReceiver<&'static str>,
) -> &'static str {
    for _ in 0..100_000 {
        if let Ok(name) = seen.try_recv() {
            return name;
        }
        clock.advance(Duration::from_millis(250));
        tokio::task::yield_now().await;
    }
    panic!("nothing came")
}

#[tokio::test]
async fn what_is_old_is_dropped_unless_somebody_still_needs_it() {
    let stage = Embedded::new().await;
    let ids = SequentialIds::default();
    let log = &stage.bus.shared.log;
    log.join("slow", &[topics::ORDERS]).await.unwrap();
    stage
        .bus
        .publish(&[cancelled(&ids, 1, 1), cancelled(&ids, 1, 2)])
        .await
        .unwrap();
    let later = stage.clock.now() + TimeDelta::days(8);
    assert_eq!(log.forget(later).await.unwrap(), 0);
    let first = log.read_topic(topics::ORDERS, 0, 1).await.unwrap()[0].position;
    log.advance(
        "slow",
        topics::ORDERS,
        log::partition_of(Id::from_u128(1)),
        first,
        None,
    )
    .await
    .unwrap();
    assert_eq!(log.forget(later).await.unwrap(), 1);
    assert_eq!(log.read_topic(topics::ORDERS, 0, 10).await.unwrap().len(), 1);
}

#[derive(Debug, Clone)]
enum Step {
    /// These orders' next events, in one batch.
    Publish(Vec<u8>),
    /// A group handles some of a partition's events and moves its place.
    Advance {
        group: usize,
        partition: u32,
        count: usize,
    },
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => prop::collection::vec(0..12_u8, 1..6).prop_map(Step::Publish),
        4 => (0..2_usize, 0..log::PARTITIONS, 1..4_usize)
            .prop_map(|(group, partition, count)| Step::Advance { group, partition, count }),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is published, handled and reopened in whatever order: every group sees each order's events in sequence
    /// without gap or repetition, and the lag is what is left.
    #[test]
    fn the_log_agrees_with_a_list(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            const GROUPS: [&str; 2] = ["a", "b"];
            let mut stage = Embedded::new().await;
            for group in GROUPS {
                stage.bus.shared.log.join(group, &[topics::ORDERS]).await.unwrap();
            }
            let ids = SequentialIds::default();
            let mut published: HashMap<u8, u32> = HashMap::new();
            let mut handled: [HashMap<Id, u32>; 2] = Default::default();
            for step in steps {
                let log = &stage.bus.shared.log;
                match step {
                    Step::Publish(orders) => {
                        let events: Vec<_> = orders.iter().map(|order| {
                            let number = published.entry(*order).or_insert(0);
                            *number += 1;
                            cancelled(&ids, u128::from(*order), *number)
                        }).collect();
                        stage.bus.publish(&events).await.unwrap();
                    }
                    Step::Advance { group, partition, count } => {
                        let place = log.place(GROUPS[group], topics::ORDERS, partition).await.unwrap();
                        for record in log.read(topics::ORDERS, partition, place, count as u32).await.unwrap() {
                            let number: u32 = record.event.data["number"].as_str().unwrap().parse().unwrap();
                            let before = handled[group].insert(record.event.subject, number);
                            assert_eq!(before.unwrap_or(0) + 1, number);
                            log.advance(GROUPS[group], topics::ORDERS, partition, record.position, None).await.unwrap();
                        }
                    }
                    Step::Reopen => stage.restart().await,
                }
            }
            let all: u32 = published.values().sum();
            for (group, handled) in GROUPS.iter().zip(&handled) {
                let done: u32 = handled.values().sum();
                let lag = stage.bus.lag().await.unwrap();
                let waiting = lag.iter().find(|lag| lag.group == *group).unwrap().waiting;
                assert_eq!(waiting, u64::from(all - done));
            }
        });
    }
}
