use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::StreamExt as _;
use futures_util::future::join_all;

use super::*;
use crate::bus::{BusError, DeadLetter, EventHandler, HandlerError, Lag, handler};
use crate::events::catalog::ProductDeleted;
use crate::events::topics;
use crate::inbox::Inbox;
use crate::sql::NO_MIGRATIONS;
use crate::tasks::Tasks;
use crate::testing::TestWorld;
use crate::{BoxFuture, BoxStream, on_both_engines};

struct Stage {
    world: TestWorld,
    database: Database,
}

async fn stage(engine: Dialect) -> Option<Stage> {
    let world = TestWorld::on(engine, "catalog").await?;
    let database = Database::open(&world.context, &NO_MIGRATIONS).await.unwrap();
    Some(Stage { world, database })
}

on_both_engines! { stage:
    what_is_committed_is_published_in_order_and_what_is_not_is_not
    a_handler_that_fails_twice_has_one_effect
    what_is_saved_together_is_published_in_its_order
    what_can_not_be_published_is_put_aside
    many_writers_and_several_relays_keep_the_order_of_each_subject
    an_event_has_its_turn_while_another_subject_s_waits_for_its_commit
}

impl Stage {
    fn deleted(&self, product: u128) -> CloudEvent {
        deleted(&self.world, product, product)
    }

    async fn save(&self, events: &[CloudEvent]) {
        let mut tx = self.database.write().await.unwrap();
        for event in events {
            Outbox::add(&mut tx, event).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

fn deleted(world: &TestWorld, subject: u128, product: u128) -> CloudEvent {
    let data = ProductDeleted {
        product_id: Id::from_u128(product),
    };
    CloudEvent::new(&*world.context.ids, &*world.clock, Id::from_u128(subject), &data).unwrap()
}

async fn what_is_committed_is_published_in_order_and_what_is_not_is_not(stage: Stage) {
    let mut heard = stage.world.listen(topics::CATALOG).await;
    let outbox = Outbox::start(&stage.world.context, &stage.database);
    let mut tx = stage.database.write().await.unwrap();
    Outbox::add(&mut tx, &stage.deleted(99)).await.unwrap();
    tx.rollback().await.unwrap();
    let events: Vec<_> = (0..250).map(|n| deleted(&stage.world, 7, n)).collect();
    stage.save(&events).await;
    outbox.notify();
    for event in &events {
        assert_eq!(heard.next().await.as_deref(), Some(event));
    }
}

async fn what_is_saved_together_is_published_in_its_order(stage: Stage) {
    let mut heard = stage.world.listen(topics::CATALOG).await;
    let events: Vec<_> = (0..203).map(|n| deleted(&stage.world, n % 3, n)).collect();
    let mut tx = stage.database.write().await.unwrap();
    Outbox::add_all(&mut tx, &events).await.unwrap();
    tx.commit().await.unwrap();
    let _outbox = Outbox::start(&stage.world.context, &stage.database);
    let mut all = Vec::new();
    for _ in &events {
        all.push(heard.next().await.unwrap());
    }
    for subject in 0..3 {
        let of = |event: &CloudEvent| event.subject == Id::from_u128(subject);
        let saved: Vec<_> = events.iter().filter(|it| of(it)).collect();
        let published: Vec<_> = all.iter().map(|it| &**it).filter(|it| of(it)).collect();
        assert_eq!(published, saved);
    }
}

/// One event that somebody has spoilt, one that no bus takes: those behind them go on, and neither is lost.
async fn what_can_not_be_published_is_put_aside(stage: Stage) {
    let mut heard = stage.world.listen(topics::CATALOG).await;
    let mut large = stage.deleted(2);
    large.data = "x".repeat(1_000_000).into();
    let good = stage.deleted(3);
    stage.save(&[stage.deleted(1)]).await;
    let mut tx = stage.database.write().await.unwrap();
    sql::query("UPDATE outbox SET event = $1")
        .bind(Json(serde_json::json!({ "of an": "older shape" })))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    stage.save(&[large, good.clone()]).await;
    let _outbox = Outbox::start(&stage.world.context, &stage.database);
    assert_eq!(heard.next().await.as_deref(), Some(&good));
    let aside = async || {
        let rows: Vec<(String, String)> =
            sql::query_as("SELECT reason, event FROM outbox_aside ORDER BY position")
                .fetch_all(stage.database.read())
                .await
                .unwrap();
        rows
    };
    // It is written after what was published.
    while aside().await.len() < 2 {
        tokio::task::yield_now().await;
    }
    let aside = aside().await;
    assert!(aside[0].0.starts_with("it can't be read: "), "{}", aside[0].0);
    assert!(aside[0].1.contains("older shape"), "{}", aside[0].1);
    assert!(
        aside[1].0.ends_with(" bytes are more than the bus takes"),
        "{}",
        aside[1].0
    );
}

/// The whole way: saved, published twice because of a crash, handled by a handler that fails twice: one effect.
async fn a_handler_that_fails_twice_has_one_effect(stage: Stage) {
    let (world, database) = (&stage.world, &stage.database);
    let event = stage.deleted(1);
    let (tries, effects) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let handle = {
        let (database, clock) = (database.clone(), world.clock.clone());
        let (tries, effects) = (tries.clone(), effects.clone());
        handler(move |event: CloudEvent| {
            let (database, clock) = (database.clone(), clock.clone());
            let (tries, effects) = (tries.clone(), effects.clone());
            async move {
                let mut tx = database.write().await?;
                if !Inbox::first_time(&mut tx, "counter", event.id, clock.now()).await? {
                    return Ok(());
                }
                if tries.fetch_add(1, Ordering::SeqCst) < 2 {
                    // The transaction goes with it: the inbox forgets.
                    return Err(HandlerError::retry("not yet"));
                }
                tx.commit().await?;
                effects.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        })
    };
    let (bus, tasks) = (&world.bus, &world.context.tasks);
    bus.consume("a", &[topics::CATALOG], handle.clone(), tasks)
        .await
        .unwrap();
    bus.consume("b", &[topics::CATALOG], handle, tasks).await.unwrap();
    stage.save(std::slice::from_ref(&event)).await;
    // A relay that was killed before it could take the event out has published it already.
    bus.publish(std::slice::from_ref(&event)).await.unwrap();
    let _outbox = Outbox::start(&world.context, database);
    while effects.load(Ordering::SeqCst) == 0 {
        world.clock.advance(Duration::from_millis(100));
        tokio::task::yield_now().await;
    }
    // The group that was less lucky still waits for its next try.
    let moving = async {
        loop {
            world.clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = async { tokio::join!(world.settle("a"), world.settle("b")) } => {}
        () = moving => {}
    }
    assert_eq!(
        (tries.load(Ordering::SeqCst), effects.load(Ordering::SeqCst)),
        (3, 1)
    );
}

/// A bus that remembers what it was given, fails now and then after it took a part, and takes its time.
#[derive(Default)]
struct Ear {
    heard: Mutex<Vec<CloudEvent>>,
    calls: AtomicU32,
}

impl EventBus for Ear {
    fn publish<'a>(&'a self, events: &'a [CloudEvent]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            let taken = if call % 7 == 3 {
                events.len() / 2
            } else {
                events.len()
            };
            for event in &events[..taken] {
                self.heard.lock().unwrap().push(event.clone());
                tokio::task::yield_now().await;
            }
            if taken == events.len() {
                return Ok(());
            }
            Err(BusError {
                doing: "publish".to_owned(),
                source: "the wire was cut".into(),
            })
        })
    }

    fn consume<'a>(
        &'a self,
        _: &'a str,
        _: &'a [&'static str],
        _: Arc<dyn EventHandler>,
        _: &'a Tasks,
    ) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async { Ok(()) })
    }

    fn tail<'a>(
        &'a self,
        _: &'static str,
    ) -> BoxFuture<'a, Result<BoxStream<'static, Arc<CloudEvent>>, BusError>> {
        Box::pin(async { Ok(futures_util::stream::empty().boxed()) })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), BusError>> {
        Box::pin(async { Ok(()) })
    }

    fn lag(&self) -> BoxFuture<'_, Result<Vec<Lag>, BusError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn dead_letters<'a>(&'a self, _: &'a str, _: u32) -> BoxFuture<'a, Result<Vec<DeadLetter>, BusError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn replay<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<u64, BusError>> {
        Box::pin(async { Ok(0) })
    }
}

impl Ear {
    /// The products of each subject's events, in the order in which they were heard for the first time.
    fn first_heard(&self) -> HashMap<Id, Vec<Id>> {
        let mut seen = std::collections::HashSet::new();
        let mut subjects: HashMap<Id, Vec<Id>> = HashMap::new();
        for event in self.heard.lock().unwrap().iter() {
            if seen.insert(event.id) {
                let product = event.data::<ProductDeleted>().unwrap().product_id;
                subjects.entry(event.subject).or_default().push(product);
            }
        }
        subjects
    }

    async fn hears(&self, events: usize, clock: &crate::clock::ManualClock) {
        let done = async {
            while self.first_heard().values().map(Vec::len).sum::<usize>() < events {
                clock.advance(Duration::from_millis(100));
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), done)
            .await
            .expect("an event was lost");
    }
}

/// Each writer takes the next number of a subject in the transaction that also saves its event, so that numbers are the
/// order of the commits; whatever relays and cut wires do, the numbers arrive in this order.
async fn many_writers_and_several_relays_keep_the_order_of_each_subject(stage: Stage) {
    const SUBJECTS: u128 = 12;
    const EACH: u128 = 30;
    let ear = Arc::new(Ear::default());
    let mut context = stage.world.context.clone();
    context.bus = ear.clone();
    let mut tx = stage.database.write().await.unwrap();
    sql::query("CREATE TABLE counter (subject INTEGER PRIMARY KEY, last BIGINT NOT NULL)")
        .execute(&mut *tx)
        .await
        .unwrap();
    for subject in 0..SUBJECTS {
        let insert = sql::query("INSERT INTO counter (subject, last) VALUES ($1, 0)");
        insert
            .bind(i32::try_from(subject).unwrap())
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    // Three replicas, each with its own pool.
    let mut relays = Vec::new();
    for _ in 0..3 {
        let database = Database::open(&context, &NO_MIGRATIONS).await.unwrap();
        relays.push(Outbox::start(&context, &database));
    }
    let write = async |subject: u128, writer: usize| {
        let mut tx = stage.database.write().await.unwrap();
        let next =
            sql::query_scalar::<i64>("UPDATE counter SET last = last + 1 WHERE subject = $1 RETURNING last");
        let next = next
            .bind(i32::try_from(subject).unwrap())
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        let event = deleted(&stage.world, subject, u128::try_from(next).unwrap());
        Outbox::add(&mut tx, &event).await.unwrap();
        // Positions are given now, commits come later, in another order.
        for _ in 0..(subject * 7 + writer as u128) % 5 {
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
        relays[writer % 3].notify();
    };
    let writers = (0..6_usize).map(|writer| async move {
        for n in 0..EACH * SUBJECTS / 6 {
            write((n + writer as u128 * 5) % SUBJECTS, writer).await;
        }
    });
    join_all(writers).await;
    ear.hears(usize::try_from(EACH * SUBJECTS).unwrap(), &stage.world.clock)
        .await;
    for (subject, products) in ear.first_heard() {
        let expected: Vec<Id> = (1..=products.len() as u128).map(Id::from_u128).collect();
        assert_eq!(products, expected, "of subject {subject}");
    }
    stage.world.shutdown().await;
}

/// A transaction that has its position and not committed yet holds nobody else up, and is not passed over for good.
async fn an_event_has_its_turn_while_another_subject_s_waits_for_its_commit(stage: Stage) {
    if stage.database.dialect() == Dialect::Sqlite {
        // Nobody else could have written meanwhile.
        return;
    }
    let ear = Arc::new(Ear::default());
    let mut context = stage.world.context.clone();
    context.bus = ear.clone();
    let _relay = Outbox::start(&context, &stage.database);
    let mut slow = stage.database.write().await.unwrap();
    Outbox::add(&mut slow, &stage.deleted(1)).await.unwrap();
    stage.save(&[stage.deleted(2)]).await;
    ear.hears(1, &stage.world.clock).await;
    assert_eq!(
        ear.first_heard().into_keys().collect::<Vec<_>>(),
        [Id::from_u128(2)]
    );
    slow.commit().await.unwrap();
    ear.hears(2, &stage.world.clock).await;
    stage.world.shutdown().await;
}
