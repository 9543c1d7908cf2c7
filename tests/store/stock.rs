//! No item is sold that is not there.

use futures_util::future::join_all;
use serde_json::json;

use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_shoppers_want_three_lamps_and_three_get_one() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    staff.stocks(&sku, 3).await;
    let mut shoppers = Vec::new();
    for _ in 0..20 {
        let mut shopper = shop.guest();
        shopper.adds(&sku, 1).await;
        shoppers.push(shopper);
    }

    let payloads = join_all(shoppers.iter().map(|it| it.tries_to_check_out("ok", "a key"))).await;

    let won: Vec<_> = payloads
        .iter()
        .zip(&shoppers)
        .filter(|(it, _)| !it["order"].is_null())
        .collect();
    assert_eq!(won.len(), 3, "exactly three");
    for (payload, shopper) in &won {
        shopper.awaits(&shopper.ordered(payload), "PAID").await;
    }
    for lost in payloads.iter().filter(|it| it["order"].is_null()) {
        let error = &lost["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["sku"], &error["available"]),
            (&json!("OUT_OF_STOCK"), &json!(sku), &json!(0))
        );
    }
    assert_eq!(staff.sees_available(&sku).await, 0);
    let variant = staff
        .gets(
            "query($sku: ID!) { variant(sku: $sku) { sku inStock } }",
            json!({ "sku": sku }),
        )
        .await;
    assert_eq!(variant["variant"]["inStock"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_stock_may_be_tried_again_with_the_same_key() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    staff.stocks(&sku, 0).await;
    let mut ann = shop.guest();
    ann.adds(&sku, 2).await;
    assert_eq!(
        ann.tries_to_check_out("ok", "k").await["userErrors"][0]["code"],
        "OUT_OF_STOCK"
    );
    let variant = staff.stocks(&sku, 5).await;
    assert_eq!(
        (&variant["available"], &variant["inStock"]),
        (&json!(5), &json!(true))
    );
    ann.ordered(&ann.tries_to_check_out("ok", "k").await);
    assert_eq!(staff.sees_available(&sku).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_staff_sets_stock_and_only_to_what_can_be() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let sku = staff.finds_one().await;
    let refused = staff
        .does(
            "setStock",
            "SetStockInput",
            json!({ "sku": sku, "quantity": -1 }),
            "variant { sku }",
        )
        .await;
    assert_ne!(refused["userErrors"], json!([]), "{refused:#}");
    assert!(refused["userErrors"][0]["message"].is_string() && refused["userErrors"][0]["field"].is_array());
    let query = "mutation($input: SetStockInput!) { setStock(input: $input) { variant { sku } userErrors { code } } }";
    let stranger = shop
        .shopper()
        .await
        .asks(query, json!({ "input": { "sku": sku, "quantity": 1 } }))
        .await;
    assert_eq!(
        stranger.code(),
        "UNAUTHORIZED_FIELD_OR_TYPE",
        "{:#}",
        stranger.body
    );
}
