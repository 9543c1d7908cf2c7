//! What every adapter of the bus must do, as scenes. An adapter's tests play each on a [`Stage`] of their own:
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_failure_has_one_effect() {
//!     contract::a_failing_handler_is_tried_again(MyStage::new().await).await;
//! }
//! ```

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use super::{EventBus, EventHandler, HandlerError, handler};
use crate::BoxFuture;
use crate::clock::ManualClock;
use crate::errors::Unavailable;
use crate::events::catalog::ProductDeleted;
use crate::events::orders::{OrderCancelled, OrderPlaced};
use crate::events::{CloudEvent, topics};
use crate::ids::{Id, SequentialIds};
use crate::locale::Locale;
use crate::tasks::Tasks;

/// A bus under test, which can be killed and started again on the same data.
pub trait Stage: Send {
    /// The bus as it is now. It must try an event three times, and wait one second of the clock in between.
    fn bus(&self) -> Arc<dyn EventBus>;
    /// What its consumers run in.
    fn tasks(&self) -> Tasks;
    /// Its clock.
    fn clock(&self) -> Arc<ManualClock>;
    /// Ends it as a kill would, and starts it on the same data.
    fn restart(&mut self) -> BoxFuture<'_, ()>;
}

/// How often the bus of a [`Stage`] tries an event.
pub const ATTEMPTS: u32 = 3;

/// An event about this order.
pub fn cancelled(ids: &SequentialIds, order: u128, number: u32) -> CloudEvent {
    let data = OrderCancelled {
        order_id: Id::from_u128(order),
        number: number.to_string(),
        reason: None,
        refund_required: false,
        customer_id: None,
        locale: Locale::En,
    };
    event(ids, data.order_id, &data)
}

fn event<T: crate::events::EventData>(ids: &SequentialIds, subject: Id, data: &T) -> CloudEvent {
    match CloudEvent::new(ids, &ManualClock::default(), subject, data) {
        Ok(event) => event,
        Err(error) => panic!("not an event: {error}"),
    }
}

/// What a consumer saw: order and number.
type Seen = mpsc::UnboundedReceiver<(Id, u32)>;

fn seen(event: &CloudEvent) -> (Id, u32) {
    let number = event
        .data
        .get("number")
        .and_then(serde_json::Value::as_str)
        .and_then(|text| text.parse().ok());
    (event.subject, number.unwrap_or(0))
}

/// A handler that reports what it sees, and fails as `fate` says for event and attempt (from 1).
fn reporter(
    fate: impl Fn(u32, u32) -> Result<(), HandlerError> + Send + Sync + 'static,
) -> (Arc<dyn EventHandler>, Seen) {
    let (tx, rx) = mpsc::unbounded_channel();
    let attempts: Arc<Mutex<HashMap<Id, u32>>> = Arc::default();
    let fate = Arc::new(fate);
    let handle = handler(move |event: CloudEvent| {
        let (tx, attempts, fate) = (tx.clone(), attempts.clone(), fate.clone());
        async move {
            let attempt = {
                let mut attempts = attempts.lock().unwrap_or_else(PoisonError::into_inner);
                let attempt = attempts.entry(event.id).or_insert(0);
                *attempt += 1;
                *attempt
            };
            let (order, number) = seen(&event);
            let _ = tx.send((order, number));
            fate(number, attempt)
        }
    });
    (handle, rx)
}

async fn next(seen: &mut Seen) -> (Id, u32) {
    match tokio::time::timeout(Duration::from_secs(10), seen.recv()).await {
        Ok(Some(item)) => item,
        _ => panic!("nothing came"),
    }
}

async fn publish(stage: &impl Stage, events: &[CloudEvent]) {
    if let Err(error) = stage.bus().publish(events).await {
        panic!("{}", crate::errors::chain(&error));
    }
}

async fn consume(stage: &impl Stage, group: &str, handler: Arc<dyn EventHandler>) {
    if let Err(error) = stage
        .bus()
        .consume(group, &[topics::ORDERS], handler, &stage.tasks())
        .await
    {
        panic!("{}", crate::errors::chain(&error));
    }
}

/// Waits until the group has nothing left; moves the clock all the while, since failures wait for it.
async fn settled(stage: &impl Stage, group: &str) {
    let rest = async {
        loop {
            let lag = stage.bus().lag().await;
            let lag = lag.unwrap_or_else(|error| panic!("{}", crate::errors::chain(&error)));
            let known = lag.iter().any(|lag| lag.group == group);
            if known
                && lag
                    .iter()
                    .filter(|lag| lag.group == group)
                    .all(|lag| lag.waiting == 0)
            {
                return;
            }
            stage.clock().advance(Duration::from_secs(1));
            tokio::task::yield_now().await;
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(30), rest).await.is_ok(),
        "{group} doesn't come to rest"
    );
}

/// Every group gets everything; events of one subject in their order.
pub async fn every_group_sees_each_subject_in_order(stage: impl Stage) {
    let ids = SequentialIds::default();
    let (first, mut a) = reporter(|_, _| Ok(()));
    let (second, mut b) = reporter(|_, _| Ok(()));
    consume(&stage, "a", first).await;
    // Published before the second group exists: it starts with the oldest.
    let events: Vec<_> = (0..60).map(|n| cancelled(&ids, u128::from(n % 7), n)).collect();
    publish(&stage, &events).await;
    consume(&stage, "b", second).await;
    for seen in [&mut a, &mut b] {
        let mut last: HashMap<Id, u32> = HashMap::new();
        for _ in 0..60 {
            let (order, number) = next(seen).await;
            let before = last.insert(order, number);
            assert_eq!(
                before.map_or(number % 7, |before| before + 7),
                number,
                "order {order}"
            );
        }
    }
}

/// A handler that fails is asked again, and nothing of the same subject overtakes.
pub async fn a_failing_handler_is_tried_again(stage: impl Stage) {
    let ids = SequentialIds::default();
    let (handler, mut seen) = reporter(|number, attempt| {
        if number == 1 && attempt < 3 {
            Err(HandlerError::retry("not yet"))
        } else {
            Ok(())
        }
    });
    consume(&stage, "a", handler).await;
    publish(&stage, &[cancelled(&ids, 1, 1), cancelled(&ids, 1, 2)]).await;
    settled(&stage, "a").await;
    let mut numbers = Vec::new();
    while let Ok((_, number)) = seen.try_recv() {
        numbers.push(number);
    }
    assert_eq!(numbers, [1, 1, 1, 2]);
    assert_eq!(stage.bus().dead_letters("a", 10).await.unwrap_or_default(), []);
}

/// Something is away for longer than an event is tried: nothing is set aside, and it is handled when that is back.
pub async fn what_is_away_is_waited_for(stage: impl Stage) {
    let ids = SequentialIds::default();
    let (handler, mut seen) = reporter(|number, attempt| {
        if number == 1 && attempt <= ATTEMPTS {
            Err(HandlerError::retry(Unavailable::new("no database")))
        } else {
            Ok(())
        }
    });
    consume(&stage, "a", handler).await;
    publish(&stage, &[cancelled(&ids, 1, 1), cancelled(&ids, 1, 2)]).await;
    settled(&stage, "a").await;
    let numbers: Vec<_> = std::iter::from_fn(|| seen.try_recv().ok())
        .map(|(_, number)| number)
        .collect();
    assert_eq!(numbers, [1, 1, 1, 1, 2]);
    assert_eq!(lag_of(&stage, "a").await, (0, 0));
}

/// What fails for good is set aside with its reason, what follows goes on, and a replay brings it back to its group alone.
pub async fn a_hopeless_event_becomes_a_dead_letter_and_can_be_replayed(stage: impl Stage) {
    let ids = SequentialIds::default();
    let (handler, mut seen) = reporter(|number, attempt| match number {
        1 if attempt <= ATTEMPTS => Err(HandlerError::retry("the peer is away")),
        2 if attempt == 1 => Err(HandlerError::dead("unreadable")),
        _ => Ok(()),
    });
    let (other, mut others) = reporter(|_, _| Ok(()));
    consume(&stage, "a", handler).await;
    consume(&stage, "b", other).await;
    publish(
        &stage,
        &[
            cancelled(&ids, 1, 1),
            cancelled(&ids, 1, 2),
            cancelled(&ids, 1, 3),
        ],
    )
    .await;
    settled(&stage, "a").await;
    let dead = stage.bus().dead_letters("a", 10).await.unwrap_or_default();
    let told: Vec<_> = dead
        .iter()
        .map(|letter| (letter.error.as_str(), letter.attempts))
        .collect();
    assert_eq!(
        told,
        [("unreadable", 1), ("the peer is away", ATTEMPTS)],
        "newest first"
    );
    assert_eq!(lag_of(&stage, "a").await, (0, 2));

    assert_eq!(stage.bus().replay("a").await.unwrap_or_default(), 2);
    settled(&stage, "a").await;
    settled(&stage, "b").await;
    assert_eq!(lag_of(&stage, "a").await, (0, 0));
    let numbers = |seen: &mut Seen| {
        std::iter::from_fn(|| seen.try_recv().ok())
            .map(|(_, n)| n)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&mut seen), [1, 1, 1, 2, 3, 1, 2]);
    assert_eq!(
        numbers(&mut others),
        [1, 2, 3],
        "the replay is none of their business"
    );
}

async fn lag_of(stage: &impl Stage, group: &str) -> (u64, u64) {
    let lag = stage.bus().lag().await.unwrap_or_default();
    let of = lag
        .iter()
        .filter(|lag| lag.group == group && lag.topic == topics::ORDERS);
    of.fold((0, 0), |(waiting, dead), lag| {
        (waiting + lag.waiting, dead + lag.dead)
    })
}

/// A killed consumer goes on where it was: what it had not finished comes again, what it had finished doesn't.
pub async fn a_killed_consumer_goes_on_where_it_was(mut stage: impl Stage) {
    let ids = SequentialIds::default();
    let (started, mut stuck) = mpsc::unbounded_channel();
    let (report, mut done) = mpsc::unbounded_channel();
    let sticky = handler(move |event: CloudEvent| {
        let (started, report) = (started.clone(), report.clone());
        async move {
            let (_, number) = seen(&event);
            if number == 3 {
                let _ = started.send(());
                // Killed in here.
                std::future::pending::<()>().await;
            }
            let _ = report.send(number);
            Ok(())
        }
    });
    consume(&stage, "a", sticky).await;
    publish(
        &stage,
        &(1..=5).map(|n| cancelled(&ids, 1, n)).collect::<Vec<_>>(),
    )
    .await;
    assert_eq!(stuck.recv().await, Some(()));
    stage.restart().await;
    assert_eq!((done.try_recv(), done.try_recv()), (Ok(1), Ok(2)));
    let (handler, mut seen) = reporter(|_, _| Ok(()));
    consume(&stage, "a", handler).await;
    let again = [
        next(&mut seen).await.1,
        next(&mut seen).await.1,
        next(&mut seen).await.1,
    ];
    assert_eq!(again, [3, 4, 5]);
}

/// A panic in a handler is a failure like another.
pub async fn a_panicking_handler_is_tried_again(stage: impl Stage) {
    let ids = SequentialIds::default();
    let (handler, mut seen) = reporter(|_, attempt| {
        assert!(attempt > 1, "as planned");
        Ok(())
    });
    consume(&stage, "a", handler).await;
    publish(&stage, &[cancelled(&ids, 1, 1)]).await;
    settled(&stage, "a").await;
    assert_eq!((next(&mut seen).await.1, next(&mut seen).await.1), (1, 1));
    assert_eq!(lag_of(&stage, "a").await, (0, 0));
}

/// Listeners get everything from now on, each on its own, and only of their topic.
pub async fn listeners_hear_what_comes_from_now_on(stage: impl Stage) {
    let ids = SequentialIds::default();
    publish(&stage, &[cancelled(&ids, 1, 1)]).await;
    let bus = stage.bus();
    let mut ears = Vec::new();
    for _ in 0..2 {
        match bus.tail(topics::ORDERS).await {
            Ok(ear) => ears.push(ear),
            Err(error) => panic!("{error}"),
        }
    }
    let deleted = ProductDeleted {
        product_id: Id::from_u128(9),
    };
    publish(
        &stage,
        &[event(&ids, deleted.product_id, &deleted), cancelled(&ids, 1, 2)],
    )
    .await;
    // More than any buffer holds, before anybody listens.
    let flood: Vec<_> = (3..3_000).map(|n| cancelled(&ids, u128::from(n), n)).collect();
    publish(&stage, &flood).await;
    // Each of another order: nothing but completeness is promised.
    for ear in &mut ears {
        let mut heard = Vec::new();
        while heard.len() < 2_998 {
            match tokio::time::timeout(Duration::from_secs(10), ear.next()).await {
                Ok(Some(event)) => heard.push(seen(&event).1),
                _ => panic!("only {} events came", heard.len()),
            }
        }
        heard.sort_unstable();
        assert_eq!(heard, (2..3_000).collect::<Vec<_>>());
    }
}

/// An event of a type that belongs nowhere is refused, and nothing of its batch is half published.
pub async fn an_unknown_type_is_refused(stage: impl Stage) {
    let ids = SequentialIds::default();
    let mut stray = cancelled(&ids, 1, 1);
    stray.kind = "lavka.weather.changed.v1".to_owned();
    let refused = stage.bus().publish(&[cancelled(&ids, 1, 2), stray]).await;
    let told = refused.map_err(|error| crate::errors::chain(&error));
    let expected = "publish 2 events: events of type lavka.weather.changed.v1 belong to no topic";
    assert_eq!(told, Err(expected.to_owned()));
    let (handler, mut seen) = reporter(|_, _| Ok(()));
    consume(&stage, "a", handler).await;
    publish(&stage, &[cancelled(&ids, 1, 3)]).await;
    assert_eq!(next(&mut seen).await.1, 3);
}

/// The data of an event that isn't what its type promises is found out by whoever reads it, not by the bus.
pub async fn a_strange_event_travels_like_another(stage: impl Stage) {
    let ids = SequentialIds::default();
    let mut strange = cancelled(&ids, 1, 1);
    strange.kind = <OrderPlaced as crate::events::EventData>::TYPE.to_owned();
    let handler = handler(|event: CloudEvent| async move {
        event.data::<OrderPlaced>()?;
        Ok(())
    });
    consume(&stage, "a", handler).await;
    publish(&stage, &[strange]).await;
    settled(&stage, "a").await;
    let dead = stage.bus().dead_letters("a", 10).await.unwrap_or_default();
    let error = dead
        .first()
        .map(|letter| letter.error.clone())
        .unwrap_or_default();
    assert!(error.starts_with("read the data of event"), "{error}");
}
