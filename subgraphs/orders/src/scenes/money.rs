//! What payments says, in whatever order, and what a shopper does about it.

use std::time::Duration;

use lavka_kit::clock::Clock as _;
use lavka_kit::ids::Id;
use serde_json::{Value, json};

use super::shop::{Guest, Shop, code};

async fn cancel(shop: &Shop, guest: &Guest) -> Value {
    let input = json!({ "orderId": guest.id, "orderKey": guest.key, "reason": "Changed my mind" });
    shop.does(None, "cancelOrder", "CancelOrderInput", input).await
}

async fn retry(shop: &Shop, guest: &Guest, key: &str, token: &str) -> Value {
    let payment = json!({ "gateway": "SANDBOX", "token": token });
    let input =
        json!({ "orderId": guest.id, "orderKey": guest.key, "idempotencyKey": key, "payment": payment });
    shop.does(None, "retryPayment", "RetryPaymentInput", input).await
}

fn kinds(told: &[(String, Value)]) -> Vec<&str> {
    told.iter().map(|(kind, _)| kind.as_str()).collect()
}

#[tokio::test]
async fn paid_once_however_often_it_is_told() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.pays(&guest.id).await;
    shop.pays(&guest.id).await;
    let seen = shop.seen(&guest.id).await;
    assert_eq!(seen["status"], "PAID");
    assert_eq!(seen["history"].as_array().unwrap().len(), 2);
    let told = shop.told(2).await;
    assert_eq!(kinds(&told), ["placed", "status_changed"]);
    assert_eq!(
        (
            &told[1].1["from"],
            &told[1].1["to"],
            &told[1].1["historyPosition"]
        ),
        (&json!("PENDING_PAYMENT"), &json!("PAID"), &json!(1))
    );
}

#[tokio::test]
async fn another_amount_is_not_taken_as_paid() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.succeeded(&guest.id, 1, 1).await;
    assert_eq!(shop.status(&guest.id).await, "PENDING_PAYMENT");
}

#[tokio::test]
async fn a_declined_payment_keeps_the_stock_and_can_be_tried_again_once_a_key() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    assert_eq!(
        code(&retry(&shop, &guest, "r", "ok").await),
        "STATUS_CONFLICT",
        "the first is still under way"
    );
    shop.failed(&guest.id, 1).await;
    assert_eq!(
        (
            shop.status(&guest.id).await.as_str(),
            shop.available("lamp").await
        ),
        ("PAYMENT_FAILED", 9)
    );

    let first = retry(&shop, &guest, "r", "ok").await;
    assert_eq!(
        (code(&first), &first["order"]["status"]),
        ("none", &json!("PENDING_PAYMENT"))
    );
    assert_eq!(retry(&shop, &guest, "r", "ok").await, first);
    assert_eq!(
        code(&retry(&shop, &guest, "r", "slow").await),
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!(
        code(&retry(&shop, &guest, "first", "ok").await),
        "IDEMPOTENCY_KEY_REUSED",
        "the checkout's own key"
    );
    assert_eq!(
        code(&retry(&shop, &guest, "r2", " ").await),
        "PAYMENT_METHOD_INVALID"
    );

    // What is still told of the first attempt harms nothing.
    shop.failed(&guest.id, 1).await;
    shop.wants_action(&guest.id, 1).await;
    assert_eq!(shop.seen(&guest.id).await["history"].as_array().unwrap().len(), 3);
    shop.succeeded(&guest.id, 2, 129_050).await;
    assert_eq!(shop.status(&guest.id).await, "PAID");
    let told = shop.told(5).await;
    assert_eq!(
        kinds(&told),
        [
            "placed",
            "status_changed",
            "status_changed",
            "payment_requested",
            "status_changed"
        ]
    );
    assert_eq!(
        (&told[3].1["attempt"], &told[3].1["paymentMethod"]["token"]),
        (&json!(2), &json!("ok"))
    );
}

#[tokio::test]
async fn money_of_an_older_attempt_counts_too() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.failed(&guest.id, 1).await;
    assert_eq!(code(&retry(&shop, &guest, "r", "slow").await), "none");
    shop.succeeded(&guest.id, 1, 129_050).await;
    assert_eq!(shop.status(&guest.id).await, "PAID");
    shop.failed(&guest.id, 2).await;
    assert_eq!(shop.status(&guest.id).await, "PAID");
}

#[tokio::test]
async fn an_awaited_action_is_told_once_and_can_be_replaced() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.wants_action(&guest.id, 1).await;
    shop.wants_action(&guest.id, 1).await;
    assert_eq!(shop.seen(&guest.id).await["history"].as_array().unwrap().len(), 2);
    assert_eq!(code(&retry(&shop, &guest, "r", "ok").await), "none");
    assert_eq!(
        code(&retry(&shop, &guest, "again", "ok").await),
        "STATUS_CONFLICT"
    );
}

#[tokio::test]
async fn unpaid_in_time_it_is_given_up_and_late_money_goes_back() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 2)]).await;
    let paid = shop.order(&[("lamp", 1)]).await;
    shop.pays(&paid.id).await;
    shop.told(3).await;
    shop.world.clock.advance(Duration::from_secs(29 * 60));
    // Staff's token is older than a quarter of an hour by now: ask as the guest.
    let query = "query ($id: ID!, $key: String) { order(id: $id, orderKey: $key) { status } }";
    let seen = |guest: Guest| json!({ "id": guest.id, "key": guest.key });
    assert_eq!(
        shop.ask(None, query, seen(guest.clone())).await.data()["order"]["status"],
        "PENDING_PAYMENT"
    );
    shop.world.clock.advance(Duration::from_secs(2 * 60));
    let told = shop.told(2).await;
    assert_eq!(kinds(&told), ["status_changed", "cancelled"]);
    assert_eq!(
        (&told[1].1["refundRequired"], &told[1].1["reason"]),
        (&json!(false), &json!("Not paid in time"))
    );
    assert_eq!(shop.available("lamp").await, 9);
    assert_eq!(
        shop.ask(None, query, seen(guest.clone())).await.data()["order"]["status"],
        "CANCELLED"
    );
    assert_eq!(
        shop.ask(None, query, seen(paid)).await.data()["order"]["status"],
        "PAID"
    );

    shop.succeeded(&guest.id, 1, 258_100).await;
    shop.succeeded(&guest.id, 1, 258_100).await;
    let told = shop.told(1).await;
    assert_eq!(
        (kinds(&told), &told[0].1["refundRequired"]),
        (vec!["cancelled"], &json!(true))
    );
    shop.refunded(&guest.id, 1, true).await;
    assert_eq!(
        shop.ask(None, query, seen(guest)).await.data()["order"]["status"],
        "CANCELLED"
    );
    assert_eq!(shop.available("lamp").await, 9);
}

#[tokio::test]
async fn another_attempt_begins_the_time_anew() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.failed(&guest.id, 1).await;
    shop.world.clock.advance(Duration::from_secs(20 * 60));
    assert_eq!(code(&retry(&shop, &guest, "r", "slow").await), "none");
    shop.told(4).await;
    shop.world.clock.advance(Duration::from_secs(29 * 60));
    shop.world.clock.advance(Duration::from_secs(2 * 60));
    assert_eq!(kinds(&shop.told(2).await), ["status_changed", "cancelled"]);
    assert_eq!(shop.world.clock.now().timestamp() % 60, 0);
}

#[tokio::test]
async fn a_paid_order_is_cancelled_with_its_refund() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.pays(&guest.id).await;
    let payload = cancel(&shop, &guest).await;
    assert_eq!(
        payload["order"]["history"][2],
        json!({ "status": "CANCELLED", "note": "Changed my mind" })
    );
    let told = shop.told(4).await;
    assert_eq!(
        kinds(&told),
        ["placed", "status_changed", "status_changed", "cancelled"]
    );
    assert_eq!(told[3].1["refundRequired"], true);
    assert_eq!(shop.available("lamp").await, 10);
    shop.refunded(&guest.id, 1, true).await;
    assert_eq!(shop.status(&guest.id).await, "CANCELLED");
    assert_eq!(
        (code(&cancel(&shop, &guest).await), shop.available("lamp").await),
        ("STATUS_CONFLICT", 10)
    );
}

#[tokio::test]
async fn a_whole_refund_before_assembly_gives_the_stock_back_a_part_changes_nothing() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.pays(&guest.id).await;
    shop.refunded(&guest.id, 1, false).await;
    assert_eq!(shop.status(&guest.id).await, "PAID");
    shop.refunded(&guest.id, 2, true).await;
    assert_eq!(
        shop.status(&guest.id).await,
        "PAID",
        "a payment that hasn't paid it"
    );
    shop.refunded(&guest.id, 1, true).await;
    shop.refunded(&guest.id, 1, true).await;
    assert_eq!(
        (
            shop.status(&guest.id).await.as_str(),
            shop.available("lamp").await
        ),
        ("REFUNDED", 10)
    );
}

#[tokio::test]
async fn somebody_elses_order_can_neither_be_paid_nor_cancelled() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 1)]).await;
    shop.failed(&guest.id, 1).await;
    let forged = Guest {
        key: "x".repeat(43),
        ..guest.clone()
    };
    assert_eq!(code(&cancel(&shop, &forged).await), "ORDER_NOT_FOUND");
    assert_eq!(code(&retry(&shop, &forged, "r", "ok").await), "ORDER_NOT_FOUND");
    let mine = shop.order_of(Id::from_u128(0xa), &[("lamp", 1)]).await;
    let eve = shop.world.customer_token(Id::from_u128(0xe));
    let input = json!({ "orderId": mine, "orderKey": guest.key });
    let payload = shop
        .does(Some(&eve), "cancelOrder", "CancelOrderInput", input)
        .await;
    assert_eq!(
        (code(&payload), &payload["order"]),
        ("ORDER_NOT_FOUND", &Value::Null)
    );
}
