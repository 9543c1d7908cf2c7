//! What [`OrderStore`] must do, on each engine.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use lavka_kit::events::orders::OrderRecipient;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::on_both_engines;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{Database, Dialect};
use lavka_kit::testing::TestWorld;

use super::{Filter, OrderStore, Pieces, Shortage, SqlOrders, UsedKey};
use crate::order::{Entry, Flag, Line, Order, Shipping, SoldCart};
use crate::orders::{Heard, News, Orders};
use crate::payment_method::Gateway;
use crate::shipping::Methods;
use crate::start::MIGRATIONS;
use crate::state::{Status, Step};
use crate::store::memory::MemoryOrders;

type Store = Arc<dyn OrderStore>;
type Stage = (Store, TestWorld);

async fn stage(engine: Dialect) -> Option<Stage> {
    let world = TestWorld::on(engine, "orders").await?;
    let database = Database::open(&world.context, &MIGRATIONS).await.unwrap();
    let outbox = Outbox::start(&world.context, &database);
    Some((Arc::new(SqlOrders::new(database, outbox)), world))
}

async fn memory_stage() -> Stage {
    (Arc::new(MemoryOrders::default()), TestWorld::of("orders").await)
}

on_both_engines! { stage, in memory memory_stage:
    what_was_written_is_read_back
    a_dropped_work_never_was
    a_generation_of_a_cart_is_sold_once
    a_key_is_used_once_in_its_scope
    pieces_are_taken_wholly_or_reported
    the_last_pieces_go_to_as_many_as_there_are
    pages_are_newest_first_and_filtered
    the_overdue_are_found_oldest_first
    an_order_is_found_by_the_cart_that_it_was
    an_event_takes_effect_once
    works_at_once_get_numbers_of_their_own
    an_order_is_changed_by_one_work_after_the_other
    several_orders_change_in_one_work
    news_that_are_heard_together_have_each_its_effect
}

fn time(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_478_400 + 60 * minute, 123_456_000).unwrap()
}

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::Rub)
}

/// The order of this number, from the cart of the same number.
pub(crate) fn order(number: u8) -> Order {
    let n = u128::from(number);
    let line = |sku: &str, quantity| Line {
        sku: sku.into(),
        title: "Лампа".into(),
        quantity,
        unit_price: rub(100),
    };
    Order {
        id: Id::from_u128(1_000 + n),
        number: i64::from(number),
        customer: number.is_multiple_of(2).then(|| Id::from_u128(0xa)),
        cart: SoldCart {
            id: Id::from_u128(n),
            generation: 1,
        },
        key: Some("a key".into()),
        locale: Locale::Ru,
        lines: vec![line("lamp", 2), line("book", 1)],
        recipient: OrderRecipient {
            name: "Анна 100%".into(),
            phone: "+7 921 555-01-01".into(),
            email: "Ann@lavka.test".into(),
            line1: "Невский пр., 1".into(),
            line2: None,
            city: "Санкт-Петербург".into(),
            region: Some("СПб".into()),
            postal_code: "191025".into(),
            country: "RU".into(),
        },
        shipping: Shipping {
            code: "PICKUP".into(),
            title: "Самовывоз".into(),
            price: rub(50),
            estimated_days: 1,
        },
        subtotal: rub(300),
        total: rub(350),
        placed_at: time(0),
        status: Status::PendingPayment,
        attempt: 1,
        awaiting_action: false,
        paid_by: None,
        refund_required: false,
        holds_stock: true,
        flag: None,
        tracking_number: None,
        expires_at: Some(time(30 + i64::from(number))),
        history: vec![Entry {
            status: Status::PendingPayment,
            at: time(0),
            note: None,
        }],
    }
}

async fn place(store: &Store, order: &Order) -> bool {
    let mut work = store.begin().await.unwrap();
    let is_new = work.insert(order).await.unwrap();
    work.commit().await.unwrap();
    is_new
}

async fn stock(store: &Store, sku: &str, quantity: i32) {
    let mut work = store.begin().await.unwrap();
    work.set_available(sku, quantity).await.unwrap();
    work.commit().await.unwrap();
}

async fn available(store: &Store, sku: &str) -> Option<i32> {
    store
        .available(&[sku.to_owned(), "other".to_owned()])
        .await
        .unwrap()
        .get(sku)
        .copied()
}

async fn what_was_written_is_read_back((store, _world): Stage) {
    let mut written = order(1);
    assert_eq!(store.order(written.id).await.unwrap(), None);
    assert!(place(&store, &written).await);
    assert_eq!(store.order(written.id).await.unwrap(), Some(written.clone()));
    for (step, note) in [
        (Step::AwaitAction, None),
        (Step::Pay, Some("оплачен")),
        (Step::Assemble, None),
    ] {
        written.take(step, time(1), note.map(str::to_owned)).unwrap();
        written.paid_by = Some(Id::from_u128(5));
        written.tracking_number = Some("RA1".into());
        written.attempt += 1;
        let mut work = store.begin().await.unwrap();
        work.save(&written).await.unwrap();
        assert_eq!(work.order(written.id).await.unwrap(), Some(written.clone()));
        work.commit().await.unwrap();
    }
    assert_eq!(store.order(written.id).await.unwrap(), Some(written.clone()));
    let flag = Flag {
        reason: "упала с полки".into(),
        at: time(2),
    };
    written.flag(flag).unwrap();
    for _ in 0..2 {
        let mut work = store.begin().await.unwrap();
        work.save(&written).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(store.order(written.id).await.unwrap(), Some(written.clone()));
        let _ = written.unflag();
    }
}

async fn a_dropped_work_never_was((store, _world): Stage) {
    stock(&store, "lamp", 3).await;
    let mut work = store.begin().await.unwrap();
    assert!(work.insert(&order(1)).await.unwrap());
    assert_eq!(
        work.hold(&[Pieces {
            sku: "lamp",
            quantity: 2
        }])
        .await
        .unwrap(),
        []
    );
    drop(work);
    assert_eq!(store.order(order(1).id).await.unwrap(), None);
    assert_eq!(available(&store, "lamp").await, Some(3));
}

async fn a_generation_of_a_cart_is_sold_once((store, _world): Stage) {
    assert!(place(&store, &order(1)).await);
    let again = Order {
        id: Id::from_u128(7),
        number: 7,
        ..order(1)
    };
    assert!(!place(&store, &again).await);
    assert_eq!(store.order(again.id).await.unwrap(), None);
    let next = Order {
        cart: SoldCart {
            generation: 2,
            ..again.cart
        },
        ..again
    };
    assert!(place(&store, &next).await);
    let mut work = store.begin().await.unwrap();
    assert!(work.next_number().await.unwrap() > 7);
}

async fn a_key_is_used_once_in_its_scope((store, _world): Stage) {
    let key = |scope: &str, order| UsedKey {
        scope: scope.into(),
        key: "k".into(),
        body_hash: "hash".into(),
        order: Id::from_u128(order),
    };
    let mut work = store.begin().await.unwrap();
    assert!(work.use_key(&key("user:a", 1), time(0)).await.unwrap());
    assert!(!work.use_key(&key("user:a", 2), time(0)).await.unwrap());
    assert!(work.use_key(&key("user:b", 3), time(9)).await.unwrap());
    work.commit().await.unwrap();
    assert_eq!(
        store.used_key("user:a", "k").await.unwrap(),
        Some(key("user:a", 1))
    );
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.forget_keys(time(5)).await.unwrap(), 1);
    work.commit().await.unwrap();
    assert_eq!(store.used_key("user:a", "k").await.unwrap(), None);
    assert_eq!(
        store.used_key("user:b", "k").await.unwrap(),
        Some(key("user:b", 3))
    );
}

async fn pieces_are_taken_wholly_or_reported((store, _world): Stage) {
    stock(&store, "lamp", 3).await;
    let of = |sku, quantity| Pieces { sku, quantity };
    let mut work = store.begin().await.unwrap();
    let short = work.hold(&[of("book", 1), of("lamp", 4)]).await.unwrap();
    let shortage = |sku: &str, available| Shortage {
        sku: sku.into(),
        available,
    };
    assert_eq!(short, [shortage("book", 0), shortage("lamp", 3)]);
    drop(work);
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.hold(&[of("lamp", 3)]).await.unwrap(), []);
    work.set_available("lamp", 10).await.unwrap();
    work.put_back(&[of("lamp", 2)]).await.unwrap();
    work.take_off_the_shelf(&[of("lamp", 1)]).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(available(&store, "lamp").await, Some(12));
    assert_eq!(available(&store, "never counted").await, None);
    // Nothing is held any more: what nobody holds can't go back.
    let mut work = store.begin().await.unwrap();
    assert!(
        work.put_back(&[of("lamp", 1)]).await.is_err(),
        "the constraint holds"
    );
}

async fn the_last_pieces_go_to_as_many_as_there_are((store, _world): Stage) {
    stock(&store, "lamp", 3).await;
    let takers = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut work = store.begin().await.unwrap();
            let got = work
                .hold(&[Pieces {
                    sku: "lamp",
                    quantity: 1,
                }])
                .await
                .unwrap()
                .is_empty();
            if got {
                work.commit().await.unwrap();
            }
            got
        })
    });
    let winners = join_all(takers)
        .await
        .into_iter()
        .filter(|got| *got.as_ref().unwrap())
        .count();
    assert_eq!((winners, available(&store, "lamp").await), (3, Some(0)));
}

async fn pages_are_newest_first_and_filtered((store, _world): Stage) {
    for n in 1..=5 {
        let mut placed = order(n);
        if n == 4 {
            placed.status = Status::Paid;
            placed.flag = Some(Flag {
                reason: "lost".into(),
                at: time(1),
            });
        }
        assert!(place(&store, &placed).await);
    }
    let page = async |filter: Filter, before, limit| {
        let found = store.page(&filter, before, limit).await.unwrap();
        (
            found.orders.iter().map(|order| order.number).collect::<Vec<_>>(),
            found.total,
        )
    };
    let search = |text: &str| Filter {
        search: Some(text.into()),
        ..Filter::default()
    };
    assert_eq!(page(Filter::default(), None, 2).await, (vec![5, 4], 5));
    assert_eq!(page(Filter::default(), Some(4), 10).await, (vec![3, 2, 1], 5));
    let anns = Filter {
        customer: Some(Id::from_u128(0xa)),
        ..Filter::default()
    };
    assert_eq!(page(anns, None, 10).await, (vec![4, 2], 2));
    let paid = Filter {
        status: Some(Status::Paid),
        ..Filter::default()
    };
    assert_eq!(page(paid, None, 10).await, (vec![4], 1));
    let flagged = Filter {
        flagged: true,
        ..Filter::default()
    };
    assert_eq!(page(flagged, None, 10).await, (vec![4], 1));
    assert_eq!(page(search("l-3"), None, 10).await, (vec![3], 1));
    assert_eq!(page(search("анна 100%"), None, 1).await, (vec![5], 5));
    assert_eq!(page(search("анна_100"), None, 10).await, (vec![], 0));
    assert_eq!(page(search("79215550101"), None, 1).await.1, 5);
}

async fn the_overdue_are_found_oldest_first((store, _world): Stage) {
    for n in [3, 1, 2] {
        assert!(place(&store, &order(n)).await);
    }
    let paid = Order {
        expires_at: None,
        ..order(4)
    };
    assert!(place(&store, &paid).await);
    let soon = time(32) - TimeDelta::microseconds(1);
    assert_eq!(store.overdue(soon, 10).await.unwrap(), [order(1).id]);
    assert_eq!(
        store.overdue(time(99), 2).await.unwrap(),
        [order(1).id, order(2).id]
    );
}

async fn an_order_is_found_by_the_cart_that_it_was((store, _world): Stage) {
    assert!(place(&store, &order(1)).await);
    let cart = order(1).cart;
    let found = store.order_of(cart).await.unwrap();
    assert_eq!(found.map(|it| it.id), Some(order(1).id));
    let next = SoldCart {
        generation: 2,
        ..cart
    };
    assert_eq!(store.order_of(next).await.unwrap(), None);
    // One whose time is over later, without being read.
    store.put_off(order(1).id, time(99)).await.unwrap();
    assert_eq!(store.overdue(time(98), 10).await.unwrap(), []);
    assert_eq!(store.overdue(time(99), 10).await.unwrap(), [order(1).id]);
}

async fn an_event_takes_effect_once((store, _world): Stage) {
    for expected in [1, 0] {
        let mut work = store.begin().await.unwrap();
        assert_eq!(
            work.first_times(&[Id::from_u128(9)], time(0))
                .await
                .unwrap()
                .len(),
            expected
        );
        work.commit().await.unwrap();
    }
}

async fn works_at_once_get_numbers_of_their_own((store, _world): Stage) {
    let placing = (1..=24).map(|number| {
        let store = store.clone();
        async move {
            let mut order = order(number);
            let mut work = store.begin().await.unwrap();
            order.number = work.next_number().await.unwrap();
            tokio::task::yield_now().await;
            assert!(work.insert(&order).await.unwrap());
            work.commit().await.unwrap();
            order.number
        }
    });
    let mut numbers = join_all(placing).await;
    assert!(numbers.iter().all(|number| *number > 100_000), "{numbers:?}");
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 24);
}

/// Each reads, waits a little, and writes one more than it read: none of the writes is lost.
async fn an_order_is_changed_by_one_work_after_the_other((store, _world): Stage) {
    let order = order(1);
    assert!(place(&store, &order).await);
    let changing = (0..12).map(|_| {
        let store = store.clone();
        async move {
            let mut work = store.begin().await.unwrap();
            let mut order = work.order(order.id).await.unwrap().unwrap();
            tokio::task::yield_now().await;
            order.attempt += 1;
            work.save(&order).await.unwrap();
            work.commit().await.unwrap();
        }
    });
    join_all(changing).await;
    let changed = store.order(order.id).await.unwrap().unwrap();
    assert_eq!(changed.attempt, order.attempt + 12);
}

async fn several_orders_change_in_one_work((store, _world): Stage) {
    for number in 1..=3 {
        assert!(place(&store, &order(number)).await);
    }
    let mut work = store.begin().await.unwrap();
    let ids = [order(3).id, Id::from_u128(404), order(1).id, order(3).id];
    let mut found: HashMap<Id, Order> = HashMap::new();
    for order in work.orders(&ids).await.unwrap() {
        found.insert(order.id, order);
    }
    assert_eq!(found.len(), 2);
    for changed in found.values_mut() {
        changed.take(Step::Cancel, time(5), Some("gone".into())).unwrap();
        work.save(changed).await.unwrap();
    }
    // What waits to be written is seen by who asks.
    let seen = work.order(order(3).id).await.unwrap().unwrap();
    assert_eq!(seen, found[&order(3).id]);
    work.commit().await.unwrap();
    for number in [1, 3] {
        let written = store.order(order(number).id).await.unwrap().unwrap();
        assert_eq!(written, found[&order(number).id]);
        assert_eq!(written.history.len(), 2);
    }
    let untouched = store.order(order(2).id).await.unwrap().unwrap();
    assert_eq!(untouched.status, Status::PendingPayment);
}

async fn news_that_are_heard_together_have_each_its_effect((store, world): Stage) {
    for number in 1..=2 {
        assert!(place(&store, &order(number)).await);
    }
    let context = &world.context;
    let orders = Orders {
        store: store.clone(),
        peers: context.peers.clone(),
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        randomness: context.randomness.clone(),
        methods: Arc::new(Methods::new(None, Currency::Rub).unwrap()),
        gateways: [Gateway::Sandbox].into(),
        patience: std::time::Duration::from_secs(60),
        currency: Currency::Rub,
    };
    let heard = |event: u128, order: Id, news: News| Heard {
        event: Id::from_u128(event),
        order,
        news,
        traceparent: None,
    };
    let came = |payment: u128| News::Succeeded {
        payment: Id::from_u128(payment),
        amount: rub(350),
    };
    let declined = News::Failed {
        attempt: 1,
        message: Some("declined".into()),
    };
    let news = vec![
        heard(1, order(1).id, declined),
        heard(2, order(1).id, came(11)),
        heard(3, order(2).id, came(12)),
        heard(3, order(2).id, came(12)),
        heard(4, Id::from_u128(404), came(13)),
    ];
    orders.hear_payments(news.clone()).await.unwrap();
    // All of it again, as after a crash before the place moved.
    orders.hear_payments(news).await.unwrap();
    let history = async |number| {
        let order = store.order(order(number).id).await.unwrap().unwrap();
        order.history.iter().map(|entry| entry.status).collect::<Vec<_>>()
    };
    use Status::{Paid, PaymentFailed, PendingPayment};
    assert_eq!(history(1).await, [PendingPayment, PaymentFailed, Paid]);
    assert_eq!(history(2).await, [PendingPayment, Paid]);
}
