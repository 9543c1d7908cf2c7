//! Live updates: everything once, in order, and nothing that isn't yours.

use std::time::Duration;

use futures_util::StreamExt as _;
use lavka_kit::BoxStream;
use lavka_kit::clock::Clock as _;
use lavka_kit::events::orders::OrderStatusChanged;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use serde_json::{Value, json};

use super::shop::Shop;

const WATCH: &str = "subscription ($id: ID!, $key: String) { orderUpdated(id: $id, orderKey: $key) { status history { status } trackingNumber } }";

async fn next(stream: &mut BoxStream<'static, Value>) -> Value {
    let next = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
    next.expect("an update within ten seconds")
        .expect("a stream that goes on")
}

async fn status(stream: &mut BoxStream<'static, Value>) -> (String, usize) {
    let order = next(stream).await["data"]["orderUpdated"].clone();
    (
        order["status"].as_str().unwrap().to_owned(),
        order["history"].as_array().unwrap().len(),
    )
}

#[tokio::test]
async fn first_the_order_as_it_is_then_every_change_as_of_that_change() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    let watch = json!({ "id": guest.id, "key": guest.key });
    let mut stream = shop
        .world
        .subscribe(&shop.orders, None, WATCH, watch.clone())
        .await
        .unwrap();
    assert_eq!(status(&mut stream).await, ("PENDING_PAYMENT".into(), 1));
    // Nothing is read until all has happened: each change is told as it was.
    shop.wants_action(&guest.id, 1).await;
    shop.pays(&guest.id).await;
    let staff = Some(shop.staff.as_str());
    let parcel = json!({ "orderId": guest.id, "trackingNumber": "RA1" });
    shop.does(
        staff,
        "assembleOrder",
        "OrderIdInput",
        json!({ "orderId": guest.id }),
    )
    .await;
    shop.does(staff, "handOrderToDelivery", "HandOrderToDeliveryInput", parcel)
        .await;
    assert_eq!(status(&mut stream).await, ("PENDING_PAYMENT".into(), 2));
    assert_eq!(status(&mut stream).await, ("PAID".into(), 3));
    let assembled = next(&mut stream).await["data"]["orderUpdated"].clone();
    assert_eq!(
        (&assembled["status"], &assembled["trackingNumber"]),
        (&json!("ASSEMBLED"), &Value::Null)
    );
    let handed = next(&mut stream).await["data"]["orderUpdated"].clone();
    assert_eq!(
        (&handed["status"], &handed["trackingNumber"]),
        (&json!("HANDED_TO_DELIVERY"), &json!("RA1"))
    );
    // Who comes later sees it as it is.
    let mut late = shop
        .world
        .subscribe(&shop.orders, None, WATCH, watch)
        .await
        .unwrap();
    assert_eq!(status(&mut late).await, ("HANDED_TO_DELIVERY".into(), 5));
}

#[tokio::test]
async fn what_the_bus_repeats_is_not_shown_and_what_it_skips_is() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    let watch = json!({ "id": guest.id, "key": guest.key });
    let mut stream = shop
        .world
        .subscribe(&shop.orders, None, WATCH, watch)
        .await
        .unwrap();
    assert_eq!(status(&mut stream).await.1, 1);
    shop.pays(&guest.id).await;
    assert_eq!(status(&mut stream).await, ("PAID".into(), 2));
    let told = shop.told(2).await.remove(1).1;
    let repeated: OrderStatusChanged = serde_json::from_value(told).unwrap();
    shop.world.publish(repeated.order_id, &repeated).await;
    // An event of another order, and one from the future of this one.
    shop.order(&[("book", 1)]).await;
    shop.does(
        Some(&shop.staff),
        "assembleOrder",
        "OrderIdInput",
        json!({ "orderId": guest.id }),
    )
    .await;
    assert_eq!(status(&mut stream).await, ("ASSEMBLED".into(), 3));
}

#[tokio::test]
async fn what_is_not_yours_is_not_found() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    let eve = shop.world.customer_token(Id::from_u128(0xe));
    for (token, id, key) in [
        (None, guest.id.as_str(), None),
        (Some(&eve), &guest.id, Some("forged")),
        (Some(&eve), "nonsense", None),
    ] {
        let variables = json!({ "id": id, "key": key });
        let answer = match shop
            .world
            .subscribe(&shop.orders, token.map(String::as_str), WATCH, variables)
            .await
        {
            Ok(mut stream) => next(&mut stream).await,
            Err(refusal) => refusal,
        };
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
    }
}

#[tokio::test]
async fn a_person_hears_of_their_orders_only_and_staff_of_new_ones() {
    let shop = Shop::open().await;
    let (ann, eve) = (Id::from_u128(0xa), Id::from_u128(0xe));
    let ann_token = shop.world.customer_token(ann);
    let mine = "subscription { myOrdersUpdated { id status history { status } } }";
    let board = "subscription { newOrders { id status } }";
    let mut mine = shop
        .world
        .subscribe(&shop.orders, Some(&ann_token), mine, json!({}))
        .await
        .unwrap();
    let mut board = shop
        .world
        .subscribe(&shop.orders, Some(&shop.staff), board, json!({}))
        .await
        .unwrap();
    // A stream begins to listen when it is first asked.
    let (mine_next, board_next) = (
        tokio::spawn(async move {
            let first = next(&mut mine).await;
            (first, mine)
        }),
        tokio::spawn(async move {
            let first = next(&mut board).await;
            (first, board)
        }),
    );
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    let eves = shop.order_of(eve, &[("lamp", 1)]).await;
    let anns = shop.order_of(ann, &[("lamp", 1)]).await;
    shop.pays(&anns).await;
    let (first, mut mine) = mine_next.await.unwrap();
    let order = &first["data"]["myOrdersUpdated"];
    assert_eq!(
        (&order["id"], &order["status"]),
        (&json!(anns), &json!("PENDING_PAYMENT"))
    );
    assert_eq!(next(&mut mine).await["data"]["myOrdersUpdated"]["status"], "PAID");
    let (first, mut board) = board_next.await.unwrap();
    assert_eq!(first["data"]["newOrders"]["id"], json!(eves));
    let second = next(&mut board).await;
    assert_eq!(
        second["data"]["newOrders"],
        json!({ "id": anns, "status": "PENDING_PAYMENT" })
    );
}

#[tokio::test]
async fn nobody_who_is_not_allowed_hears_anything() {
    let shop = Shop::open().await;
    let eve = shop.world.customer_token(Id::from_u128(0xe));
    for (token, query, refusal) in [
        (None, "subscription { myOrdersUpdated { id } }", "UNAUTHENTICATED"),
        (None, "subscription { newOrders { id } }", "UNAUTHENTICATED"),
        (Some(&eve), "subscription { newOrders { id } }", "FORBIDDEN"),
    ] {
        let answer = match shop
            .world
            .subscribe(&shop.orders, token.map(String::as_str), query, json!({}))
            .await
        {
            Ok(mut stream) => next(&mut stream).await,
            Err(refusal) => refusal,
        };
        assert_eq!(answer["errors"][0]["extensions"]["code"], refusal);
    }
}

#[tokio::test]
async fn an_event_of_an_order_that_is_not_here_shows_nothing() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    let watch = json!({ "id": guest.id, "key": guest.key });
    let mut stream = shop
        .world
        .subscribe(&shop.orders, None, WATCH, watch)
        .await
        .unwrap();
    assert_eq!(status(&mut stream).await.1, 1);
    let placed = shop.told(1).await.remove(0).1;
    let beyond = OrderStatusChanged {
        order_id: guest.id.parse().unwrap(),
        number: "L-100001".into(),
        from: None,
        to: "PAID".into(),
        at: shop.world.clock.now(),
        note: None,
        tracking_number: None,
        customer_id: None,
        locale: Locale::En,
        recipient: serde_json::from_value(placed["recipient"].clone()).unwrap(),
        total: Money::zero(Currency::Rub),
        history_position: 7,
    };
    // A position that the history doesn't have (yet) invents nothing.
    shop.world.publish(beyond.order_id, &beyond).await;
    shop.pays(&guest.id).await;
    assert_eq!(status(&mut stream).await, ("PAID".into(), 2));
}
