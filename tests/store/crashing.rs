//! kill -9 at any moment: nothing is lost, nothing is doubled.

use futures_util::future::join_all;
use serde_json::json;

use crate::shop::{Shop, client};

#[tokio::test(flavor = "multi_thread")]
async fn killed_amid_checkouts_the_store_neither_loses_nor_doubles() {
    let mut shop = Shop::start().await;
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    staff.stocks(&sku, 40).await;
    let mut shoppers = Vec::new();
    for number in 0..12 {
        let mut shopper = shop.newcomer(&format!("Shopper{number}")).await;
        shopper.adds(&sku, 1).await;
        shoppers.push(shopper);
    }
    // Some of the checkouts are answered before the end, some are cut off; the shop dies when the third is through.
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let sending = join_all(shoppers.iter().map(|it| {
        let told = told.clone();
        async move {
            let query = "mutation($input: CheckoutInput!) { checkout(input: $input) { order { id } userErrors { code } } }";
            let body = json!({ "query": query, "variables": { "input": it.checkout_input("slow", "one order, please") } });
            let request = client().post(format!("{}/graphql", it.url)).bearer_auth(it.token.as_deref().expect("a token"));
            if request.json(&body).send().await.is_ok() {
                let _ = told.send(());
            }
        }
    }));
    let killing = async {
        for _ in 0..3 {
            heard.recv().await;
        }
        shop.kill().await;
    };
    tokio::join!(sending, killing);

    shop.start_again().await;
    let shoppers: Vec<_> = shoppers.iter().map(|it| it.at(&shop.url)).collect();
    let payloads = join_all(
        shoppers
            .iter()
            .map(|it| it.tries_to_check_out("slow", "one order, please")),
    )
    .await;
    for (shopper, payload) in shoppers.iter().zip(&payloads) {
        let order = shopper.ordered(payload);
        shopper.awaits(&order, "PAID").await;
        let orders = shopper
            .gets(
                "{ me { orders { totalCount nodes { payments { status } } } } }",
                json!({}),
            )
            .await["me"]["orders"]
            .clone();
        assert_eq!(orders["totalCount"], 1, "one order each: {orders:#}");
        let payments = orders["nodes"][0]["payments"]
            .as_array()
            .expect("payments")
            .clone();
        assert_eq!(
            payments.iter().filter(|it| it["status"] == "SUCCEEDED").count(),
            1,
            "charged once: {payments:?}"
        );
    }
    assert_eq!(shop.guest().sees_available(&sku).await, 40 - 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_an_order_still_arrives() {
    let mut shop = Shop::start().await;
    let sku = shop.guest().finds_one().await;
    let mut ann = shop.newcomer("Ann").await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("slow").await;
    for _ in 0..3 {
        shop.kill().await;
        shop.start_again().await;
    }
    let ann = ann.at(&shop.url);
    let paid = ann.awaits(&order, "PAID").await;
    assert_eq!(paid["payment"]["status"], "SUCCEEDED");
    let staff = shop.staff().await;
    let step = json!({ "orderId": order.id });
    staff
        .does("assembleOrder", "OrderIdInput", step.clone(), "order { id }")
        .await;
    shop.kill().await;
    shop.start_again().await;
    let staff = staff.at(&shop.url);
    let ann = ann.at(&shop.url);
    let handed = json!({ "orderId": order.id, "trackingNumber": "RA1" });
    staff
        .does(
            "handOrderToDelivery",
            "HandOrderToDeliveryInput",
            handed,
            "order { id }",
        )
        .await;
    staff
        .does("deliverOrder", "OrderIdInput", step, "order { id }")
        .await;
    let delivered = ann.awaits(&order, "DELIVERED").await;
    assert_eq!(
        delivered["history"].as_array().map(Vec::len),
        Some(5),
        "each step once: {delivered:#}"
    );
}
