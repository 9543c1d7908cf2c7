//! Orders that end before they arrive.

use serde_json::json;

use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_gives_back_the_money_and_the_stock() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    let before = ann.sees_available(&sku).await;
    ann.adds(&sku, 2).await;
    let order = ann.checks_out("ok").await;
    ann.awaits(&order, "PAID").await;

    let input = json!({ "orderId": order.id, "orderKey": order.key, "reason": "I changed my mind" });
    let cancelled = ann
        .does(
            "cancelOrder",
            "CancelOrderInput",
            input.clone(),
            "order { id status history { note } }",
        )
        .await;
    assert_eq!(cancelled["order"]["status"], "CANCELLED", "{cancelled:#}");
    assert_eq!(
        ann.sees_available(&sku).await,
        before,
        "the stock is back at once"
    );
    let refunded = ann
        .looks_until(&order, |it| it["payment"]["status"] == "REFUNDED")
        .await;
    assert_eq!(refunded["payment"]["refundedAmount"], refunded["total"]);
    assert_eq!(
        refunded["status"], "CANCELLED",
        "what became of the money is told by the payment"
    );

    let twice = ann
        .does("cancelOrder", "CancelOrderInput", input, "order { id }")
        .await;
    assert_eq!(twice["userErrors"][0]["code"], "STATUS_CONFLICT");
    assert_eq!(ann.sees_available(&sku).await, before, "and comes back once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assembled_order_is_not_cancelled() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    ann.awaits(&order, "PAID").await;
    staff
        .does(
            "assembleOrder",
            "OrderIdInput",
            json!({ "orderId": order.id }),
            "order { id }",
        )
        .await;
    let refused = ann
        .does(
            "cancelOrder",
            "CancelOrderInput",
            json!({ "orderId": order.id }),
            "order { id }",
        )
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "STATUS_CONFLICT", "{refused:#}");
    let skipped = staff
        .does(
            "deliverOrder",
            "OrderIdInput",
            json!({ "orderId": order.id }),
            "order { id }",
        )
        .await;
    assert_eq!(
        skipped["userErrors"][0]["code"], "STATUS_CONFLICT",
        "no step is skipped"
    );
    assert_eq!(ann.looks_at(&order).await["status"], "ASSEMBLED");
    let untracked = json!({ "orderId": order.id, "trackingNumber": " " });
    let refused = staff
        .does(
            "handOrderToDelivery",
            "HandOrderToDeliveryInput",
            untracked,
            "order { id }",
        )
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "TRACKING_NUMBER_REQUIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_waits_for_payment_is_cancelled_without_a_charge() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("action_required").await;
    let mut following = ann.follows_order(&order).await;
    while following.next().await["payment"]["status"] != "ACTION_REQUIRED" {}
    let cancelled = ann
        .does(
            "cancelOrder",
            "CancelOrderInput",
            json!({ "orderId": order.id }),
            "order { id status }",
        )
        .await;
    assert_eq!(cancelled["order"]["status"], "CANCELLED");
    let ended = ann
        .looks_until(&order, |it| it["payment"]["status"] == "CANCELLED")
        .await;
    assert_eq!(
        ended["payment"]["redirectUrl"],
        json!(null),
        "there is nothing left to confirm"
    );
}
