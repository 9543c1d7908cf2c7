//! Orders that nobody pays in time.

use serde_json::json;

use crate::shop::Shop;

/// A shop that gives an unpaid order up at its next round, which comes within a second.
async fn impatient_shop() -> Shop {
    Shop::start_configured("[orders]\nunpaid_minutes = 0\n").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_nobody_pays_is_given_up_and_its_stock_goes_back() {
    let shop = impatient_shop().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    let before = ann.sees_available(&sku).await;
    ann.adds(&sku, 2).await;
    let order = ann.checks_out("action_required").await;
    let expired = ann.awaits(&order, "CANCELLED").await;
    let history = expired["history"].as_array().expect("a history");
    let last = history.last().expect("a last step");
    assert_eq!(
        (&last["status"], &last["note"]),
        (&json!("CANCELLED"), &json!("Not paid in time")),
        "{expired:#}"
    );
    assert_eq!(ann.sees_available(&sku).await, before, "the stock is back");
    let ended = ann
        .looks_until(&order, |it| it["payment"]["status"] == "CANCELLED")
        .await;
    assert_eq!(
        ended["payment"]["redirectUrl"],
        json!(null),
        "nothing can be paid any more"
    );
    let retry = json!({ "orderId": order.id, "payment": { "gateway": "SANDBOX", "token": "ok" }, "idempotencyKey": "too late" });
    let refused = ann
        .does("retryPayment", "RetryPaymentInput", retry, "order { id }")
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "STATUS_CONFLICT", "{refused:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_is_under_way_when_the_order_expires_is_not_kept() {
    let shop = impatient_shop().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    // The bank takes three seconds, the shop at most one.
    let order = ann.checks_out("slow").await;
    ann.awaits(&order, "CANCELLED").await;
    let ended = ann
        .looks_until(&order, |it| {
            it["payment"]["status"] == "CANCELLED" || it["payment"]["status"] == "REFUNDED"
        })
        .await;
    assert_eq!(ended["status"], "CANCELLED", "{ended:#}");
    if ended["payment"]["status"] == "REFUNDED" {
        assert_eq!(
            ended["payment"]["refundedAmount"], ended["total"],
            "all of it came back: {ended:#}"
        );
    }
}
