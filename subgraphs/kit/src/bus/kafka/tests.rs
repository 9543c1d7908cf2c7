//! Kafka plays the contract's scenes; what is its own follows. Every test has a prefix of its own.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::*;
use crate::bus::contract::{self, Stage, cancelled};
use crate::bus::handler;
use crate::clock::ManualClock;
use crate::events::topics;
use crate::ids::{Id, Ids as _, SequentialIds};
use crate::testing::Engine;

struct Broker {
    url: KafkaUrl,
    clock: Arc<ManualClock>,
    tasks: Tasks,
    bus: KafkaBus,
}

impl Broker {
    /// `None` where there is no Kafka.
    fn new() -> Option<Self> {
        let url = Engine::Kafka.url()?;
        // Unique among runs as well: topics outlive a test.
        let prefix = crate::ids::RandomIds::new(
            Arc::new(crate::clock::SystemClock),
            Arc::new(crate::ids::OsRandomness),
        )
        .next();
        let url = format!("{url}/{prefix}").parse().unwrap();
        let (clock, tasks) = (Arc::new(ManualClock::default()), Tasks::new());
        let bus = open(&url, &clock, &tasks);
        Some(Self {
            url,
            clock,
            tasks,
            bus,
        })
    }

    /// Another process of the same service.
    fn replica(&self) -> Self {
        let (clock, tasks) = (self.clock.clone(), Tasks::new());
        Self {
            bus: open(&self.url, &clock, &tasks),
            url: self.url.clone(),
            clock,
            tasks,
        }
    }
}

fn open(url: &KafkaUrl, clock: &Arc<ManualClock>, tasks: &Tasks) -> KafkaBus {
    let config = BusConfig {
        attempts: contract::ATTEMPTS,
        backoff_ms: 1_000,
        longest_backoff_ms: 1_000,
        partitions: 3,
        replicas: 1,
        ..BusConfig::default()
    };
    KafkaBus::open(url, config, clock.clone(), tasks).unwrap()
}

impl Stage for Broker {
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
            assert!(self.tasks.shutdown(Duration::from_secs(10)).await);
            self.tasks = Tasks::new();
            self.bus = open(&self.url, &self.clock, &self.tasks);
        })
    }
}

macro_rules! scenes {
    ($($scene:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $scene() {
            if let Some(broker) = Broker::new() {
                contract::$scene(broker).await;
            }
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

async fn next<T>(heard: &mut mpsc::UnboundedReceiver<T>) -> T {
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, heard.recv())
        .await
        .unwrap()
        .unwrap()
}

/// What is no event at all is set aside, whole, and what follows goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poison_record_is_set_aside() {
    let Some(broker) = Broker::new() else { return };
    broker.bus.shared.ready().await;
    let (ids, order) = (
        SequentialIds::default(),
        cancelled(&SequentialIds::default(), 1, 2),
    );
    let mut records =
        record::outgoing(&[cancelled(&ids, 1, 1), order.clone()], &broker.bus.shared.names).unwrap();
    records[0].payload = b"\xffnot an event".to_vec();
    broker.bus.shared.publisher.send(&records).await.unwrap();
    let (tx, mut handled) = mpsc::unbounded_channel();
    let report = handler(move |event| {
        let _ = tx.send(event);
        async { Ok(()) }
    });
    broker
        .bus
        .consume("a", &[topics::ORDERS], report, &broker.tasks)
        .await
        .unwrap();
    assert_eq!(next(&mut handled).await, order);
    let dead = broker.bus.dead_letters("a", 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(
        (&*dead[0].event.kind, dead[0].event.subject),
        ("unreadable", order.subject)
    );
    assert!(dead[0].error.starts_with("read the record"), "{}", dead[0].error);
    // It goes round again as it was, and dies again.
    assert_eq!(broker.bus.replay("a").await.unwrap(), 1);
    broker.bus.publish(std::slice::from_ref(&order)).await.unwrap();
    assert_eq!(next(&mut handled).await, order);
    assert_eq!(
        broker.bus.dead_letters("a", 10).await.unwrap()[0].event,
        dead[0].event
    );
}

/// What another program wrote, larger than what ours writes: it becomes a letter that says where it was, and what follows goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poison_record_that_is_too_large_for_a_letter_holds_up_nothing() {
    let Some(broker) = Broker::new() else { return };
    broker.bus.shared.ready().await;
    let ids = SequentialIds::default();
    let order = cancelled(&ids, 1, 2);
    let names = &broker.bus.shared.names;
    let mut large = record::outgoing(&[cancelled(&ids, 1, 1)], names).unwrap();
    large[0].payload = vec![b'x'; 1_030_000];
    let mut config = producer_config(&broker.url.brokers);
    config.set("message.max.bytes", "1048588");
    Publisher::new(config).unwrap().send(&large).await.unwrap();
    broker.bus.publish(std::slice::from_ref(&order)).await.unwrap();
    let (tx, mut handled) = mpsc::unbounded_channel();
    let report = handler(move |event| {
        let _ = tx.send(event);
        async { Ok(()) }
    });
    broker
        .bus
        .consume("a", &[topics::ORDERS], report, &broker.tasks)
        .await
        .unwrap();
    assert_eq!(next(&mut handled).await, order);
    let dead = broker.bus.dead_letters("a", 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    let said = dead[0].event.data.as_str().unwrap();
    assert!(
        said.starts_with("1030000 bytes, too many to be kept: offset 0 of "),
        "{said}"
    );
}

/// What the promises rest on, as Kafka was told: nothing else would notice that one of them had been lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_that_keep_the_promises_are_made() {
    let producer = producer_config("a:1");
    for (key, value) in [
        ("enable.idempotence", "true"),
        ("enable.gapless.guarantee", "true"),
    ] {
        assert_eq!(producer.get(key), Some(value), "{key}");
    }
    // Idempotence implies it; nothing may weaken it.
    assert_eq!(
        (producer.get("acks"), producer.get("request.required.acks")),
        (None, None)
    );
    let Some(broker) = Broker::new() else { return };
    let consumer = broker.bus.shared.consumer_config("a");
    for (key, value) in [
        ("enable.auto.commit", "false"),
        ("enable.auto.offset.store", "false"),
        ("auto.offset.reset", "earliest"),
        ("partition.assignment.strategy", "cooperative-sticky"),
    ] {
        assert_eq!(consumer.get(key), Some(value), "{key}");
    }
    // The topics, as Kafka has them.
    broker.bus.shared.ready().await;
    let names = &broker.bus.shared.names;
    for (topic, partitions) in [(names.topic(topics::ORDERS), 3), (names.dead(topics::ORDERS), 1)] {
        let found = super::topics::partition_count(&broker.bus.shared, topic.clone()).await;
        assert_eq!(found.unwrap(), partitions, "{topic}");
    }
}

/// Somebody deletes a topic while the program runs: it is made again, and what is published arrives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_goes_missing_is_made_again() {
    let Some(broker) = Broker::new() else { return };
    broker.bus.shared.ready().await;
    let topic = broker.bus.shared.names.topic(topics::USERS);
    let admin: rdkafka::admin::AdminClient<rdkafka::client::DefaultClientContext> =
        client_config(&broker.url.brokers).create().unwrap();
    let deleted = admin
        .delete_topics(&[&topic], &rdkafka::admin::AdminOptions::new())
        .await;
    assert!(deleted.unwrap().iter().all(Result::is_ok));
    broker.bus.shared.missing.notify_one();
    let made = async {
        while topics_of(&broker, &topic).await != 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), made).await.unwrap();
}

async fn topics_of(broker: &Broker, topic: &str) -> usize {
    let found = super::topics::partition_count(&broker.bus.shared, topic.to_owned()).await;
    found.unwrap_or(0)
}

/// Two replicas share a group's partitions; when one goes, the other has all of them, and nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_share_the_work_and_take_over() {
    let Some(broker) = Broker::new() else { return };
    let other = broker.replica();
    let (tx, mut handled) = mpsc::unbounded_channel();
    for (name, stage) in [("first", &broker), ("second", &other)] {
        let tx = tx.clone();
        let report = handler(move |event: CloudEvent| {
            let _ = tx.send((name, event.id));
            async { Ok(()) }
        });
        stage
            .bus
            .consume("a", &[topics::ORDERS], report, &stage.tasks)
            .await
            .unwrap();
    }
    let ids = SequentialIds::default();
    let (mut all, mut seen, mut who) = (
        0,
        std::collections::BTreeSet::new(),
        std::collections::BTreeSet::new(),
    );
    let mut round = async |who: &mut std::collections::BTreeSet<&str>| {
        let events: Vec<_> = (0..30).map(|n| cancelled(&ids, n, 1)).collect();
        broker.bus.publish(&events).await.unwrap();
        all += events.len();
        while seen.len() < all {
            let (name, id) = next(&mut handled).await;
            who.insert(name);
            seen.insert(id);
        }
    };
    // The second comes in when the group has rebalanced.
    while who.len() < 2 {
        round(&mut who).await;
    }
    assert!(other.tasks.shutdown(Duration::from_secs(10)).await);
    round(&mut who).await;
}

/// While one subject's event is being retried, other partitions go on, more than a lane holds included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stuck_event_holds_up_its_partition_alone() {
    let Some(broker) = Broker::new() else { return };
    let (tx, mut handled) = mpsc::unbounded_channel();
    let stuck = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let fate = stuck.clone();
    let report = handler(move |event: CloudEvent| {
        let number = event.data["number"].as_str().unwrap_or_default().to_owned();
        let held = number == "0" && fate.load(Ordering::SeqCst);
        let tx = tx.clone();
        async move {
            if held {
                return Err(crate::bus::HandlerError::retry("not yet"));
            }
            let _ = tx.send((event.subject, number));
            Ok(())
        }
    });
    broker
        .bus
        .consume("a", &[topics::ORDERS], report, &broker.tasks)
        .await
        .unwrap();
    let ids = SequentialIds::default();
    // Subject 1 gets stuck with much behind it; what of the other nine falls into its partition waits with it.
    let mut events = vec![cancelled(&ids, 1, 0)];
    events.extend((1..=600).map(|n| cancelled(&ids, 1, n)));
    events.extend((2..=10).map(|subject| cancelled(&ids, subject, 1)));
    broker.bus.publish(&events).await.unwrap();
    let (first, _) = next(&mut handled).await;
    assert_ne!(first, events[0].subject);
    stuck.store(false, Ordering::SeqCst);
    broker.clock.advance(Duration::from_secs(1));
    let mut numbers = Vec::new();
    for _ in 1..events.len() {
        let (subject, number) = next(&mut handled).await;
        if subject == events[0].subject {
            numbers.push(number.parse::<u32>().unwrap());
        }
    }
    assert_eq!(numbers, (0..=600).collect::<Vec<_>>());
}

/// A handler that takes events together, none of them where the poisonous one is among them; and remembers what it did.
#[derive(Default)]
struct Together {
    done: std::sync::Mutex<Vec<(Id, String)>>,
    largest: std::sync::atomic::AtomicUsize,
}

impl crate::bus::EventHandler for Together {
    fn handle<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<(), crate::bus::HandlerError>> {
        self.handle_together(std::slice::from_ref(event))
    }

    fn takes_together(&self) -> usize {
        64
    }

    fn handle_together<'a>(
        &'a self,
        events: &'a [CloudEvent],
    ) -> BoxFuture<'a, Result<(), crate::bus::HandlerError>> {
        Box::pin(async move {
            let number = |event: &CloudEvent| event.data["number"].as_str().unwrap_or_default().to_owned();
            self.largest.fetch_max(events.len(), Ordering::SeqCst);
            if events.iter().any(|event| number(event) == "7") {
                return Err(crate::bus::HandlerError::dead("poison"));
            }
            let mut done = self.done.lock().unwrap();
            done.extend(events.iter().map(|event| (event.subject, number(event))));
            Ok(())
        })
    }
}

/// Of many that go together one is poison: it dies alone, all others have their effect once, and in their order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poisonous_event_dies_alone_though_it_came_with_others() {
    let Some(broker) = Broker::new() else { return };
    let ids = SequentialIds::default();
    let events: Vec<_> = (1..=10)
        .flat_map(|number| (1..=9).map(move |subject| (subject, number)))
        .filter(|(subject, number)| *number != 7 || *subject == 1)
        .map(|(subject, number)| cancelled(&ids, subject, number))
        .collect();
    broker.bus.publish(&events).await.unwrap();
    let together = Arc::new(Together::default());
    broker
        .bus
        .consume("a", &[topics::ORDERS], together.clone(), &broker.tasks)
        .await
        .unwrap();
    let dead = async {
        loop {
            let dead = broker.bus.dead_letters("a", 10).await.unwrap();
            if !dead.is_empty() && together.done.lock().unwrap().len() == events.len() - 1 {
                return dead;
            }
            tokio::task::yield_now().await;
        }
    };
    let dead = tokio::time::timeout(Duration::from_secs(20), dead).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].event.subject, Id::from_u128(1));
    assert!(together.largest.load(Ordering::SeqCst) > 1);
    for subject in 1..=9 {
        let done = together.done.lock().unwrap();
        let numbers: Vec<u32> = done
            .iter()
            .filter(|(it, _)| *it == Id::from_u128(subject))
            .map(|(_, number)| number.parse().unwrap())
            .collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 8, 9, 10], "of {subject}");
    }
}

/// A partition whose lane was full when the group was shared out anew is read on, by whoever has it then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_partition_that_goes_and_comes_back_is_read_on() {
    let Some(broker) = Broker::new() else { return };
    let (stuck, fate) = tokio::sync::watch::channel(true);
    let (tx, mut handled) = mpsc::unbounded_channel();
    let consume = async |stage: &Broker| {
        let (tx, fate) = (tx.clone(), fate.clone());
        let report = handler(move |event: CloudEvent| {
            let (tx, mut fate) = (tx.clone(), fate.clone());
            async move {
                // Err means that the test is over.
                let _ = fate.wait_for(|stuck| !stuck).await;
                let _ = tx.send(event.id);
                Ok(())
            }
        });
        let begun = stage.bus.consume("a", &[topics::ORDERS], report, &stage.tasks);
        begun.await.unwrap();
    };
    let shared_out = async |stage: &Broker, done: fn(usize, usize) -> bool| {
        let reached = async {
            loop {
                let (assigned, paused) = stage.bus.shared.groups()[0].share();
                if done(assigned, paused) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(30);
        tokio::time::timeout(patience, reached).await.unwrap();
    };
    let ids = SequentialIds::default();
    // Enough for every lane to fill up.
    let events: Vec<_> = (1..=30)
        .flat_map(|subject| (1..=60).map(move |number| (subject, number)))
        .map(|(subject, number)| cancelled(&ids, subject, number))
        .collect();
    broker.bus.publish(&events).await.unwrap();
    consume(&broker).await;
    shared_out(&broker, |_, paused| paused == 3).await;
    let other = broker.replica();
    consume(&other).await;
    shared_out(&other, |assigned, _| assigned > 0).await;
    assert!(other.tasks.shutdown(Duration::from_secs(10)).await);
    shared_out(&broker, |assigned, _| assigned == 3).await;
    stuck.send_replace(false);
    let mut missing: std::collections::BTreeSet<_> = events.iter().map(|event| event.id).collect();
    while !missing.is_empty() {
        missing.remove(&next(&mut handled).await);
    }
}

/// Nothing listens there: publishing fails with a sentence, the check says so, and opening did not wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_broker_is_said() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url: KafkaUrl = format!("kafka://{unused}").parse().unwrap();
    let tasks = Tasks::new();
    let bus = open(&url, &Arc::new(ManualClock::default()), &tasks);
    let error = bus.check().await.unwrap_err();
    assert_eq!(
        crate::errors::chain(&error),
        format!("ask Kafka at {unused}: the topics are not there yet")
    );
    let event = cancelled(&SequentialIds::default(), 1, 1);
    let error = bus.publish(std::slice::from_ref(&event)).await.unwrap_err();
    assert_eq!(
        crate::errors::chain(&error),
        format!("publish 1 events: Kafka at {unused} does not have the topics yet")
    );
}
