//! The program dies between two durable steps, at each place where that can happen; after the restart nothing is lost, and
//! nothing is doubled.

use serde_json::{Value, json};

use crate::shop::{Shop, client};

/// The places, with the token whose payment comes by. `kit::fault` says how they work.
const PLACES: [(&str, &str); 12] = [
    ("orders: cart read", "ok"),
    ("orders: placed", "ok"),
    ("outbox: published", "ok"),
    ("outbox: published:2", "ok"),
    ("bus: handled", "ok"),
    ("bus: handled:4", "ok"),
    ("payments: noted", "ok"),
    ("payments: between two questions", "ok"),
    ("payments: asked", "ok"),
    ("payments: asked", "slow"),
    ("payments: webhook kept", "double_webhook"),
    ("payments: asked", "lost_answer"),
];

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_dies_on_the_way_to_the_money_an_order_is_paid_once() {
    if crate::processes::wanted() {
        // Several processes are killed in `faults.rs`.
        return;
    }
    for (place, token) in PLACES {
        let mut shop = Shop::start().await;
        let ann = shop.newcomer("Ann").await;
        let sku = ann.finds_one().await;
        let before = ann.sees_available(&sku).await;
        shop.start_again_to_die_at(place).await;
        let mut ann = ann.at(&shop.url);
        ann.adds(&sku, 1).await;
        let query = "mutation($input: CheckoutInput!) { checkout(input: $input) { order { id } userErrors { code } } }";
        let body = json!({ "query": query, "variables": { "input": ann.checkout_input(token, "one order, please") } });
        let request = client()
            .post(format!("{}/graphql", ann.url))
            .bearer_auth(ann.token.as_deref().expect("a token"));
        // Answered or cut off: both can be.
        let _ = request.json(&body).send().await;
        shop.dies().await;

        shop.start_again().await;
        let ann = ann.at(&shop.url);
        let payload = ann.tries_to_check_out(token, "one order, please").await;
        let order = ann.ordered(&payload);
        ann.awaits(&order, "PAID").await;
        check(&ann.looks_at(&order).await, place);
        assert_eq!(ann.sees_available(&sku).await, before - 1, "{place} {token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_dies_on_the_way_back_money_goes_back_once() {
    if crate::processes::wanted() {
        return;
    }
    for place in [
        "payments: refund noted",
        "payments: refund asked",
        "bus: handled",
        "outbox: published",
    ] {
        let mut shop = Shop::start().await;
        let mut ann = shop.newcomer("Ann").await;
        let sku = ann.finds_one().await;
        let before = ann.sees_available(&sku).await;
        ann.adds(&sku, 1).await;
        let order = ann.checks_out("ok").await;
        ann.awaits(&order, "PAID").await;
        // What is left over would let it die before it has begun.
        shop.is_quiet().await;
        shop.start_again_to_die_at(place).await;
        let ann = ann.at(&shop.url);
        let query = "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { id } } }";
        let body = json!({ "query": query, "variables": { "input": { "orderId": order.id } } });
        let request = client()
            .post(format!("{}/graphql", ann.url))
            .bearer_auth(ann.token.as_deref().expect("a token"));
        let _ = request.json(&body).send().await;
        shop.dies().await;

        shop.start_again().await;
        let ann = ann.at(&shop.url);
        let ended = ann
            .looks_until(&order, |it| it["payment"]["status"] == "REFUNDED")
            .await;
        assert_eq!(ended["status"], "CANCELLED", "{place}");
        assert_eq!(ended["payment"]["refundedAmount"], ended["total"], "{place}");
        assert_eq!(ann.sees_available(&sku).await, before, "{place}");
    }
}

fn check(order: &Value, place: &str) {
    let payments = order["payments"].as_array().expect("payments");
    let succeeded = payments.iter().filter(|it| it["status"] == "SUCCEEDED").count();
    assert_eq!((payments.len(), succeeded), (1, 1), "{place}: {payments:?}");
    let statuses: Vec<_> = order["history"]
        .as_array()
        .expect("a history")
        .iter()
        .map(|it| it["status"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(statuses, ["PENDING_PAYMENT", "PAID"], "{place}");
}
