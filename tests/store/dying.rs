//! The program dies between two durable steps, at each place where that can happen; after the restart nothing is lost, and
//! nothing is doubled.

use serde_json::{Value, json};

use crate::people::{Person, eventually};
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

/// No journey leads by here: the sandbox tells nothing more of money that has come. The saga's histories (tests/saga) die there.
const OF_THE_SAGA: &str = "payments: looked back";
const CAPTURE_NOTED: &str = "payments: capture noted";
const REFUND_WRITTEN: &str = "payments: refund written";

/// Answered or cut off: both can be.
async fn sends(person: &Person, query: &str, input: &Value) {
    let body = json!({ "query": query, "variables": { "input": input } });
    let request = client()
        .post(format!("{}/graphql", person.url))
        .bearer_auth(person.token.as_deref().expect("a token"));
    let _ = request.json(&body).send().await;
}

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
        // What is left over of her registration would let it die before it has begun.
        eventually(async || {
            let me = ann.gets("{ me { unreadNotificationCount } }", json!({})).await["me"].clone();
            (me["unreadNotificationCount"] != 0).then_some(())
        })
        .await;
        shop.is_quiet().await;
        shop.start_again_to_die_at(place).await;
        let mut ann = ann.at(&shop.url);
        ann.adds(&sku, 1).await;
        let query = "mutation($input: CheckoutInput!) { checkout(input: $input) { order { id } userErrors { code } } }";
        sends(&ann, query, &ann.checkout_input(token, "one order, please")).await;
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
        let input = json!({ "orderId": order.id });
        sends(&ann, query, &input).await;
        shop.dies().await;

        shop.start_again().await;
        let ann = ann.at(&shop.url);
        // As a shopper does who got no answer. What is cancelled already is refused.
        sends(&ann, query, &input).await;
        let ended = ann
            .looks_until(&order, |it| it["payment"]["status"] == "REFUNDED")
            .await;
        assert_eq!(ended["status"], "CANCELLED", "{place}");
        assert_eq!(ended["payment"]["refundedAmount"], ended["total"], "{place}");
        assert_eq!(ann.sees_available(&sku).await, before, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_dies_between_the_promise_and_the_money_it_is_taken_once() {
    if crate::processes::wanted() {
        return;
    }
    for place in [CAPTURE_NOTED, "payments: asked"] {
        let mut shop = Shop::start().await;
        let mut ann = shop.newcomer("Ann").await;
        let sku = ann.finds_one().await;
        ann.adds(&sku, 1).await;
        let order = ann.checks_out("action_required").await;
        let waiting = ann
            .looks_until(&order, |it| it["payment"]["redirectUrl"].is_string())
            .await;
        let page = waiting["payment"]["redirectUrl"]
            .as_str()
            .expect("a page")
            .to_owned();
        let path = page
            .split_once("/sandbox/")
            .expect("the sandbox's page")
            .1
            .to_owned();
        shop.is_quiet().await;
        shop.start_again_to_die_at(place).await;
        // It dies before, in or after the answer.
        let _ = client()
            .post(format!("{}/sandbox/{path}/approve", shop.url))
            .send()
            .await;
        shop.dies().await;

        shop.start_again().await;
        let ann = ann.at(&shop.url);
        let paid = ann.awaits(&order, "PAID").await;
        let payments = paid["payment"]["status"].clone();
        assert_eq!(payments, "SUCCEEDED", "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dying_behind_staffs_word_the_refund_is_made_once() {
    if crate::processes::wanted() {
        return;
    }
    let mut shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    let paid = ann.awaits(&order, "PAID").await;
    shop.is_quiet().await;
    shop.start_again_to_die_at(REFUND_WRITTEN).await;
    let staff = shop.staff().await;
    let query = "mutation($input: RefundPaymentInput!) { refundPayment(input: $input) { payment { id } userErrors { code } } }";
    let input =
        json!({ "paymentId": paid["payment"]["id"], "amount": "10.00", "idempotencyKey": "a scratch" });
    sends(&staff, query, &input).await;
    shop.dies().await;

    shop.start_again().await;
    // No answer came: they say it again.
    let staff = staff.at(&shop.url);
    let done = staff
        .does(
            "refundPayment",
            "RefundPaymentInput",
            input,
            "payment { refunds { id } }",
        )
        .await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    let ended = ann
        .at(&shop.url)
        .looks_until(&order, |it| it["payment"]["status"] == "PARTIALLY_REFUNDED")
        .await;
    let refunds = ended["payment"]["refunds"].as_array().map(Vec::len);
    assert_eq!(refunds, Some(1), "{ended:#}");
    assert_eq!(ended["payment"]["refundedAmount"]["amount"], "10.00");
}

/// Every place of the services where a test can let them die is died at here.
#[test]
fn no_place_is_left_out() {
    let mine = include_str!("dying.rs");
    let mut left_out = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/subgraphs"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let places = text.split("fault::point(\"").skip(1);
            let names = places.filter_map(|rest| rest.split('"').next());
            left_out.extend(
                names
                    .filter(|name| *name != OF_THE_SAGA && !mine.contains(&format!("\"{name}\"")))
                    .map(str::to_owned),
            );
        }
    }
    assert_eq!(left_out, Vec::<String>::new());
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
