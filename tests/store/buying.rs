//! From a guest who looks around to an order at the door.

use serde_json::{Value, json};

use crate::people::recipient;
use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_buys_and_watches_the_order_arrive() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let staff = shop.staff().await;
    let lamp = ann.finds_one().await;
    let before = ann.sees_available(&lamp).await;

    let cart = ann.adds(&lamp, 2).await;
    assert_eq!(cart["itemCount"], 2);
    let order = ann.checks_out("ok").await;
    let mut following = ann.follows_order(&order).await;
    following.until("PAID").await;
    assert_eq!(
        ann.sees_available(&lamp).await,
        before - 2,
        "what was bought can't be bought again"
    );

    let step = json!({ "orderId": order.id });
    let assembled = staff
        .does(
            "assembleOrder",
            "OrderIdInput",
            step.clone(),
            "order { id status }",
        )
        .await;
    assert_eq!(assembled["order"]["status"], "ASSEMBLED", "{assembled:#}");
    following.until("ASSEMBLED").await;
    let handed = json!({ "orderId": order.id, "trackingNumber": "RA123456789RU" });
    staff
        .does(
            "handOrderToDelivery",
            "HandOrderToDeliveryInput",
            handed,
            "order { id status }",
        )
        .await;
    assert_eq!(
        following.until("HANDED_TO_DELIVERY").await["trackingNumber"],
        "RA123456789RU"
    );
    staff
        .does("deliverOrder", "OrderIdInput", step, "order { id status }")
        .await;
    let delivered = following.until("DELIVERED").await;

    let way = [
        "PENDING_PAYMENT",
        "PAID",
        "ASSEMBLED",
        "HANDED_TO_DELIVERY",
        "DELIVERED",
    ];
    let history: Vec<&str> = delivered["history"]
        .as_array()
        .expect("a history")
        .iter()
        .filter_map(|it| it["status"].as_str())
        .collect();
    assert_eq!(history, way);
    assert!(
        way.ends_with(&following.seen.iter().map(String::as_str).collect::<Vec<_>>()),
        "each once and in order: {:?}",
        following.seen
    );
    assert_eq!(delivered["payment"]["status"], "SUCCEEDED");
    assert_eq!(delivered["recipient"]["city"], "Москва");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_keeps_the_prices_it_was_placed_at() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    let cart = ann.adds(&sku, 3).await;
    let order = ann.checks_out("ok").await;
    let placed = ann.awaits(&order, "PAID").await;

    assert_eq!(placed["subtotal"], cart["total"]);
    assert_eq!(placed["lines"][0]["unitPrice"], cart["lines"][0]["unitPrice"]);
    let number = |money: &Value| {
        money["amount"]
            .as_str()
            .expect("an amount")
            .parse::<f64>()
            .expect("a number")
    };
    assert_eq!(
        number(&placed["subtotal"]) + number(&placed["shipping"]),
        number(&placed["total"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_is_one_order() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let before = ann.sees_available(&sku).await;

    let (one, two) = tokio::join!(
        ann.tries_to_check_out("ok", "same"),
        ann.tries_to_check_out("ok", "same")
    );
    let (one, two) = (ann.ordered(&one), ann.ordered(&two));
    assert_eq!(one.id, two.id);
    assert_eq!(one.key, two.key, "a guest gets the key again");
    let again = ann.ordered(&ann.tries_to_check_out("ok", "same").await);
    assert_eq!(one.id, again.id);
    assert_eq!(ann.sees_available(&sku).await, before - 1);
    ann.awaits(&one, "PAID").await;
    assert_eq!(
        ann.looks_at(&one).await["payments"].as_array().map(Vec::len),
        Some(1),
        "one payment"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_what_it_was_used_for_and_to_whom() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;

    let mut other = ann.checkout_input("ok", "a key");
    other["recipient"]["name"] = json!("Somebody Else");
    let refused = ann.sends_checkout(other).await;
    assert_eq!(refused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(refused["order"], Value::Null);

    let mut bob = shop.guest();
    bob.adds(&sku, 1).await;
    let his = bob.checks_out("ok").await;
    assert_ne!(his.id, order.id, "the same key from a stranger is another order");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_order_looks_as_if_it_were_not_there() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let order = ann.checks_out("ok").await;
    ann.awaits(&order, "PAID").await;

    for stranger in [shop.guest(), shop.newcomer("Bob").await] {
        assert_eq!(stranger.looks_at(&order).await, Value::Null);
        let cancelled = stranger
            .does(
                "cancelOrder",
                "CancelOrderInput",
                json!({ "orderId": order.id }),
                "order { id }",
            )
            .await;
        assert_eq!(cancelled["userErrors"][0]["code"], "ORDER_NOT_FOUND");
        let query = "subscription($id: ID!) { orderUpdated(id: $id) { id status } }";
        let message = stranger
            .follows(query, json!({ "id": order.id }))
            .await
            .message()
            .await;
        let error = if message["type"] == "error" {
            &message["payload"][0]
        } else {
            &message["payload"]["errors"][0]
        };
        assert_eq!(error["extensions"]["code"], "NOT_FOUND", "{message:#}");
    }
    assert_eq!(
        shop.staff().await.looks_at(&order).await["id"],
        order.id.as_str(),
        "the staff sees it"
    );

    let mut guest = shop.guest();
    guest.adds(&sku, 1).await;
    let theirs = guest.checks_out("ok").await;
    let mut guessed = theirs.clone();
    guessed.key = Some("a guess".to_owned());
    assert_eq!(
        shop.guest().looks_at(&guessed).await,
        Value::Null,
        "a guest's order wants its key"
    );
    assert_eq!(
        shop.guest().looks_at(&theirs).await["id"],
        theirs.id.as_str(),
        "which is all it wants"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_names_what_is_wrong() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    let input = |change: &dyn Fn(&mut Value)| {
        let mut input = ann.checkout_input("ok", "another");
        change(&mut input);
        input
    };
    let cases: [(&str, Value); 5] = [
        (
            "RECIPIENT_INVALID",
            input(&|it| it["recipient"]["email"] = json!("not an address")),
        ),
        (
            "SHIPPING_UNAVAILABLE",
            input(&|it| it["shippingMethod"] = json!("pigeon")),
        ),
        (
            "PAYMENT_METHOD_INVALID",
            input(&|it| it["payment"]["gateway"] = json!("STRIPE")),
        ),
        (
            "CART_NOT_FOUND",
            input(&|it| it["cartId"] = json!("00000000-0000-4000-8000-000000000000")),
        ),
        ("CART_NOT_FOUND", input(&|it| it["cartId"] = json!("not an id"))),
    ];
    for (code, input) in cases {
        let refused = ann.sends_checkout(input).await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused:#}");
        assert_eq!(refused["order"], Value::Null);
    }
    let refused = ann
        .sends_checkout(input(&|it| it["recipient"]["email"] = json!("not an address")))
        .await;
    let field = refused["userErrors"][0]["field"]
        .as_array()
        .expect("a field")
        .last()
        .cloned();
    assert_eq!(field, Some(json!("email")), "the field is named");

    let order = ann.checks_out("ok").await;
    ann.awaits(&order, "PAID").await;
    let empty = ann.tries_to_check_out("ok", "a second key").await;
    assert_eq!(empty["userErrors"][0]["code"], "CART_EMPTY", "{empty:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_added_after_the_checkout_stays_in_the_cart() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let skus = ann.finds(2).await;
    ann.adds(&skus[0], 1).await;
    let order = ann.checks_out("ok").await;
    ann.awaits(&order, "PAID").await;
    let cart = ann.adds(&skus[1], 1).await;
    assert_eq!(cart["itemCount"], 1);
    assert_eq!(cart["lines"][0]["variant"]["sku"], skus[1].as_str());
    let second = ann.ordered(&ann.tries_to_check_out("ok", "another key").await);
    assert_ne!(second.id, order.id, "the cart's next generation is another order");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_staff_finds_orders_and_sees_new_ones_arrive() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let mut board = staff
        .follows("subscription { newOrders { id number status } }", json!({}))
        .await;
    let mut ann = shop.newcomer("Ann").await;
    let mut hers = ann
        .follows("subscription { myOrdersUpdated { id number status } }", json!({}))
        .await;
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    // The board's subscription is live once the socket has answered a query that came after it.
    let order = ann.checks_out("ok").await;
    let arrived = board.next().await["newOrders"].clone();
    assert_eq!(arrived["id"], order.id.as_str());
    loop {
        let event = hers.next().await["myOrdersUpdated"].clone();
        assert_eq!(event["id"], order.id.as_str());
        if event["status"] == "PAID" {
            break;
        }
    }
    let query = "query($search: String, $status: OrderStatus) { orders(first: 10, search: $search, status: $status) {
        totalCount edges { cursor node { id } } nodes { id number } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let found = staff.gets(query, json!({ "search": arrived["number"] })).await;
    assert_eq!(found["orders"]["nodes"][0]["id"], order.id.as_str());
    let paid = staff.gets(query, json!({ "status": "PAID" })).await;
    assert_eq!(paid["orders"]["totalCount"], 1);

    let mine = "{ me { orders(first: 5) { totalCount edges { cursor node { id } } nodes { id } pageInfo { hasNextPage } } } }";
    assert_eq!(
        ann.gets(mine, json!({})).await["me"]["orders"]["nodes"][0]["id"],
        order.id.as_str()
    );
    let refused = ann.asks("{ orders { totalCount } }", json!({})).await;
    assert_eq!(
        refused.code(),
        "UNAUTHORIZED_FIELD_OR_TYPE",
        "a shopper is not staff: {:#}",
        refused.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn shipping_depends_on_the_country() {
    let shop = Shop::start().await;
    let ann = shop.guest();
    let query = "query($country: String!) { shippingMethods(country: $country) { code title estimatedDays price { amount currency } } }";
    let russia = ann.gets(query, json!({ "country": "RU" })).await["shippingMethods"].clone();
    let germany = ann.gets(query, json!({ "country": "DE" })).await["shippingMethods"].clone();
    assert!(
        russia
            .as_array()
            .expect("methods")
            .iter()
            .any(|it| it["code"] == "COURIER"),
        "{russia:#}"
    );
    assert_ne!(russia, germany);
    assert_eq!(recipient()["country"], "RU");
}
