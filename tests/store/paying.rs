//! Payments that fail, wait, and are given back.

use serde_json::json;

use crate::shop::{Shop, get};

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_is_tried_again() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    let before = ann.sees_available(&sku).await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("declined").await;
    let mut following = ann.follows_order(&order).await;
    following.until("PAYMENT_FAILED").await;
    let failed = ann.looks_at(&order).await;
    assert_eq!(failed["payment"]["status"], "FAILED");
    assert!(
        failed["payment"]["failureCode"].is_string() && failed["payment"]["failureMessage"].is_string(),
        "{failed:#}"
    );
    assert_eq!(
        ann.sees_available(&sku).await,
        before - 1,
        "the stock is kept for the next try"
    );

    let retry = json!({ "orderId": order.id, "payment": { "gateway": "SANDBOX", "token": "ok" }, "idempotencyKey": "again" });
    let one = ann
        .does(
            "retryPayment",
            "RetryPaymentInput",
            retry.clone(),
            "order { id status }",
        )
        .await;
    let two = ann
        .does("retryPayment", "RetryPaymentInput", retry, "order { id status }")
        .await;
    assert_eq!((&one["userErrors"], &two["userErrors"]), (&json!([]), &json!([])));
    following.until("PAID").await;
    let paid = ann.looks_at(&order).await;
    let statuses: Vec<_> = paid["payments"]
        .as_array()
        .expect("payments")
        .iter()
        .map(|it| it["status"].clone())
        .collect();
    assert_eq!(
        statuses.iter().filter(|it| *it == "SUCCEEDED").count(),
        1,
        "charged once: {statuses:?}"
    );
    assert_eq!(statuses.len(), 2);
    assert_eq!(ann.sees_available(&sku).await, before - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_wants_the_shopper_goes_on_when_they_acted() {
    let shop = Shop::start().await;
    for (button, status) in [("approve", "PAID"), ("decline", "PAYMENT_FAILED")] {
        let mut ann = shop.guest();
        let sku = ann.finds_one().await;
        ann.adds(&sku, 1).await;
        let order = ann.checks_out("action_required").await;
        let mut following = ann.follows_order(&order).await;
        let url = loop {
            let order = following.next().await;
            if let Some(url) = order["payment"]["redirectUrl"].as_str() {
                assert_eq!(order["payment"]["status"], "ACTION_REQUIRED");
                break url.to_owned();
            }
        };
        let url = if url.starts_with("http") {
            url
        } else {
            format!("{}{url}", shop.url)
        };
        let page = get(&url).await.expect("the sandbox's page");
        assert_eq!(page.status(), 200);
        let text = page.text().await.expect("the page");
        let action = form_action(&text, button).unwrap_or_else(|| panic!("no form for {button} in {text}"));
        let action = reqwest::Url::parse(&url)
            .expect("a URL")
            .join(&action)
            .expect("a URL");
        let client = lavka_kit::tls::http_client()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let answer = client
            .post(action)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("decision={button}"))
            .send()
            .await
            .expect("an answer");
        assert!(answer.status().is_redirection(), "{}", answer.status());
        following.until(status).await;
    }
}

/// Where a form with a button for a decision goes to.
fn form_action(page: &str, button: &str) -> Option<String> {
    page.split("<form")
        .skip(1)
        .find(|it| it.contains(button))
        .and_then(|form| {
            let from = form.find("action=\"")? + "action=\"".len();
            Some(form[from..].split('"').next()?.replace("&amp;", "&"))
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_payment_succeeds_in_the_end() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("slow").await;
    ann.awaits(&order, "PAID").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_refunds_a_part_and_then_the_rest() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    let mut following = ann.follows_order(&order).await;
    following.until("PAID").await;
    let payment = ann.looks_at(&order).await["payment"]["id"].clone();
    let selection = "payment { id status refundedAmount { amount currency } refunds { id amount { amount } reason status createdAt } }";
    let refund = |amount: Option<&str>, key: &str| json!({ "paymentId": payment, "amount": amount, "reason": "a scratch", "idempotencyKey": key });

    let part = staff
        .does(
            "refundPayment",
            "RefundPaymentInput",
            refund(Some("10.00"), "part"),
            selection,
        )
        .await;
    assert_eq!(part["userErrors"], json!([]), "{part:#}");
    let again = staff
        .does(
            "refundPayment",
            "RefundPaymentInput",
            refund(Some("10.00"), "part"),
            selection,
        )
        .await;
    assert_eq!(
        again["payment"]["refunds"].as_array().map(Vec::len),
        Some(1),
        "the same key refunds once"
    );
    for (amount, key, code) in [
        (Some("11.00"), "part", "IDEMPOTENCY_KEY_REUSED"),
        (Some("100000000.00"), "much", "AMOUNT_EXCEEDS_CAPTURED"),
        (Some("0"), "nothing", "AMOUNT_INVALID"),
    ] {
        let refused = staff
            .does(
                "refundPayment",
                "RefundPaymentInput",
                refund(amount, key),
                selection,
            )
            .await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused:#}");
    }
    let rest = staff
        .does(
            "refundPayment",
            "RefundPaymentInput",
            refund(None, "rest"),
            selection,
        )
        .await;
    assert_eq!(rest["userErrors"], json!([]), "{rest:#}");
    following.until("REFUNDED").await;
    let refunded = ann.looks_at(&order).await;
    assert_eq!(refunded["payment"]["status"], "REFUNDED");
    assert_eq!(refunded["payment"]["refundedAmount"], refunded["total"]);

    let query = "mutation($input: RefundPaymentInput!) { refundPayment(input: $input) { payment { id } userErrors { code message field } } }";
    let hers = ann.asks(query, json!({ "input": refund(None, "mine") })).await;
    assert_eq!(hers.code(), "UNAUTHORIZED_FIELD_OR_TYPE", "{:#}", hers.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_fulfilled_waits_for_staff_and_goes_back_on_their_word() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    let before = ann.sees_available(&sku).await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    let mut following = ann.follows_order(&order).await;
    let paid = following.until("PAID").await;
    let selection = "order { id status flag { reason at } }";
    let flag = json!({ "orderId": order.id, "reason": "it fell off the shelf" });
    let flagged = staff
        .does("flagOrder", "FlagOrderInput", flag.clone(), selection)
        .await;
    assert_eq!(
        flagged["order"]["flag"]["reason"], "it fell off the shelf",
        "{flagged:#}"
    );

    let waiting = async || {
        let query =
            "{ orders(flagged: true) { nodes { id flag { reason at } payment { id status attention } } } }";
        staff.gets(query, json!({})).await["orders"]["nodes"].clone()
    };
    assert_eq!(waiting().await[0]["id"], order.id);
    let hers = ann
        .gets(
            "query($id: ID!) { order(id: $id) { flag { reason } } }",
            json!({ "id": order.id }),
        )
        .await;
    assert_eq!(hers["order"]["flag"], json!(null), "it is staff's own");
    let query = "mutation($input: FlagOrderInput!) { flagOrder(input: $input) { order { id } } }";
    let refused = ann.asks(query, json!({ "input": flag })).await;
    assert_eq!(refused.code(), "UNAUTHORIZED_FIELD_OR_TYPE", "{:#}", refused.body);
    let one = json!({ "orderId": order.id });
    let packed = staff
        .does("assembleOrder", "OrderIdInput", one.clone(), selection)
        .await;
    assert_eq!(packed["userErrors"][0]["code"], "STATUS_CONFLICT", "{packed:#}");

    // Another one is found, and lost as well.
    let found = staff.does("unflagOrder", "OrderIdInput", one, selection).await;
    assert_eq!(
        (&found["order"]["flag"], waiting().await),
        (&json!(null), json!([]))
    );
    staff.does("flagOrder", "FlagOrderInput", flag, selection).await;
    let input = json!({ "paymentId": paid["payment"]["id"], "idempotencyKey": "we have none" });
    let back = staff
        .does(
            "refundPayment",
            "RefundPaymentInput",
            input,
            "payment { id order { id status } }",
        )
        .await;
    assert_eq!(back["payment"]["order"]["id"], order.id, "{back:#}");
    let ended = following.until("REFUNDED").await;
    assert_eq!(ended["payment"]["status"], "REFUNDED");
    assert_eq!(waiting().await, json!([]), "nothing is left to decide");
    assert_eq!(ann.sees_available(&sku).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_says_how_one_can_pay() {
    let shop = Shop::start().await;
    let answer = shop
        .guest()
        .gets("{ paymentGateways { gateway publishableKey tokens } }", json!({}))
        .await;
    assert_eq!(answer["paymentGateways"][0]["gateway"], "SANDBOX", "{answer:#}");
}
