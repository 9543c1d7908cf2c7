//! Staff bring an order on its way, count the stock and look things up; everybody sees what is theirs.

use lavka_kit::ids::Id;
use serde_json::{Value, json};

use super::shop::{Shop, code};

const FIND: &str = "query ($search: String, $status: OrderStatus, $first: Int, $after: String) { orders(search: $search, status: $status, first: $first, after: $after) { totalCount nodes { number } pageInfo { hasNextPage endCursor } } }";
const MINE: &str = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on User { orders { totalCount nodes { id } } } } }";

#[tokio::test]
async fn from_paid_to_delivered_one_step_after_the_other() {
    let shop = Shop::open().await;
    let staff = shop.staff.clone();
    let guest = shop.order(&[("lamp", 1)]).await;
    let id = json!({ "orderId": guest.id });
    let parcel = json!({ "orderId": guest.id, "trackingNumber": " RA123 " });
    let step = async |mutation: &str, kind: &str, input: &Value| {
        let payload = shop.does(Some(&staff), mutation, kind, input.clone()).await;
        (
            code(&payload).to_owned(),
            payload["order"]["status"].as_str().unwrap_or("none").to_owned(),
        )
    };
    let conflict = |status: &str| ("STATUS_CONFLICT".to_owned(), status.to_owned());
    let done = |status: &str| ("none".to_owned(), status.to_owned());
    assert_eq!(
        step("assembleOrder", "OrderIdInput", &id).await,
        conflict("PENDING_PAYMENT")
    );
    shop.pays(&guest.id).await;
    assert_eq!(step("deliverOrder", "OrderIdInput", &id).await, conflict("PAID"));
    assert_eq!(
        step("assembleOrder", "OrderIdInput", &id).await,
        done("ASSEMBLED")
    );
    assert_eq!(
        step("assembleOrder", "OrderIdInput", &id).await,
        conflict("ASSEMBLED")
    );
    assert_eq!(
        step("cancelOrder", "CancelOrderInput", &id).await,
        conflict("ASSEMBLED")
    );
    let nameless = json!({ "orderId": guest.id, "trackingNumber": "  " });
    let refused = step("handOrderToDelivery", "HandOrderToDeliveryInput", &nameless).await;
    assert_eq!(
        refused,
        ("TRACKING_NUMBER_REQUIRED".to_owned(), "ASSEMBLED".to_owned())
    );
    assert_eq!(
        step("handOrderToDelivery", "HandOrderToDeliveryInput", &parcel).await,
        done("HANDED_TO_DELIVERY")
    );
    assert_eq!(shop.seen(&guest.id).await["trackingNumber"], "RA123");
    assert_eq!(step("deliverOrder", "OrderIdInput", &id).await, done("DELIVERED"));
    // A refund after all that changes the status, not the stock: the lamp has left.
    shop.refunded(&guest.id, 1, true).await;
    assert_eq!(
        (
            shop.status(&guest.id).await.as_str(),
            shop.available("lamp").await
        ),
        ("REFUNDED", 9)
    );
    let nowhere = json!({ "orderId": Id::from_u128(5) });
    assert_eq!(
        step("assembleOrder", "OrderIdInput", &nowhere).await.0,
        "ORDER_NOT_FOUND"
    );
}

#[tokio::test]
async fn what_is_for_staff_is_for_staff() {
    let shop = Shop::open().await;
    let ann = shop.world.customer_token(Id::from_u128(0xa));
    let asks = [
        (FIND, json!({})),
        (
            "mutation { assembleOrder(input: { orderId: \"x\" }) { order { id } } }",
            json!({}),
        ),
        (
            "mutation { deliverOrder(input: { orderId: \"x\" }) { order { id } } }",
            json!({}),
        ),
        (
            "mutation { handOrderToDelivery(input: { orderId: \"x\", trackingNumber: \"y\" }) { order { id } } }",
            json!({}),
        ),
        (
            "mutation { flagOrder(input: { orderId: \"x\", reason: \"y\" }) { order { id } } }",
            json!({}),
        ),
        (
            "mutation { unflagOrder(input: { orderId: \"x\" }) { order { id } } }",
            json!({}),
        ),
        (
            "mutation { setStock(input: { sku: \"lamp\", quantity: 1 }) { variant { sku } } }",
            json!({}),
        ),
    ];
    for (query, variables) in asks {
        assert_eq!(
            shop.ask(None, query, variables.clone()).await.error_code(),
            "UNAUTHENTICATED",
            "{query}"
        );
        assert_eq!(
            shop.ask(Some(&ann), query, variables).await.error_code(),
            "FORBIDDEN",
            "{query}"
        );
    }
    assert_eq!(shop.available("lamp").await, 10);
}

#[tokio::test]
async fn a_paid_order_that_can_not_be_fulfilled_waits_for_a_person_and_goes_back_on_their_word() {
    let shop = Shop::open().await;
    let staff = shop.staff.clone();
    let guest = shop.order(&[("lamp", 1)]).await;
    let id = json!({ "orderId": guest.id });
    let flag = json!({ "orderId": guest.id, "reason": "  it fell off the shelf " });
    let does = async |mutation: &str, kind: &str, input: &Value| {
        let payload = shop.does(Some(&staff), mutation, kind, input.clone()).await;
        code(&payload).to_owned()
    };
    let flagged = async |token: Option<&str>| {
        let query =
            "query ($id: ID!, $key: String) { order(id: $id, orderKey: $key) { flag { reason at } } }";
        let variables = json!({ "id": guest.id, "key": guest.key });
        shop.ask(token, query, variables).await.data()["order"]["flag"].clone()
    };
    let waiting = async || {
        let query = "{ orders(flagged: true) { totalCount nodes { id } } }";
        shop.ask(Some(&staff), query, json!({})).await.data()["orders"]["totalCount"].clone()
    };
    assert_eq!(
        does("flagOrder", "FlagOrderInput", &flag).await,
        "STATUS_CONFLICT",
        "nobody has paid"
    );
    shop.pays(&guest.id).await;
    assert_eq!(does("unflagOrder", "OrderIdInput", &id).await, "STATUS_CONFLICT");
    assert_eq!(does("flagOrder", "FlagOrderInput", &flag).await, "none");
    assert_eq!(flagged(Some(&staff)).await["reason"], "it fell off the shelf");
    assert_eq!(flagged(None).await, Value::Null, "not the shopper's to read");
    assert_eq!(waiting().await, 1);
    assert_eq!(
        does("assembleOrder", "OrderIdInput", &id).await,
        "STATUS_CONFLICT"
    );

    assert_eq!(does("unflagOrder", "OrderIdInput", &id).await, "none");
    assert_eq!(
        (flagged(Some(&staff)).await, waiting().await),
        (Value::Null, json!(0))
    );
    assert_eq!(does("assembleOrder", "OrderIdInput", &id).await, "none");
    assert_eq!(does("flagOrder", "FlagOrderInput", &flag).await, "none");
    shop.refunded(&guest.id, 1, true).await;
    assert_eq!(shop.status(&guest.id).await, "REFUNDED");
    assert_eq!(
        (flagged(Some(&staff)).await, waiting().await),
        (Value::Null, json!(0))
    );
    assert_eq!(
        does("flagOrder", "FlagOrderInput", &flag).await,
        "STATUS_CONFLICT"
    );
}

#[tokio::test]
async fn orders_are_found_by_what_a_person_remembers() {
    let shop = Shop::open().await;
    for _ in 0..3 {
        shop.order(&[("lamp", 1)]).await;
    }
    let find =
        async |variables: Value| shop.ask(Some(&shop.staff), FIND, variables).await.data()["orders"].clone();
    for (search, count) in [
        ("l-100002", 1),
        ("ANN", 3),
        ("5550101", 3),
        ("+7 (921) 555", 3),
        ("ann@lavka", 3),
        ("%", 0),
        ("_", 0),
        ("bob", 0),
        ("  ", 3),
    ] {
        assert_eq!(
            find(json!({ "search": search })).await["totalCount"],
            count,
            "{search:?}"
        );
    }
    assert_eq!(find(json!({ "status": "PAID" })).await["totalCount"], 0);
    let first = find(json!({ "first": 2 })).await;
    assert_eq!(
        first["nodes"],
        json!([{ "number": "L-100003" }, { "number": "L-100002" }])
    );
    let rest = find(json!({ "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!(
        (&rest["nodes"], &rest["pageInfo"]["hasNextPage"]),
        (&json!([{ "number": "L-100001" }]), &json!(false))
    );
    let many = shop.ask(Some(&shop.staff), FIND, json!({ "first": 101 })).await;
    assert_eq!(many.error_code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn an_order_is_its_owners_staffs_and_the_services() {
    let shop = Shop::open().await;
    let (ann, eve) = (Id::from_u128(0xa), Id::from_u128(0xe));
    let (ann_token, eve_token) = (shop.world.customer_token(ann), shop.world.customer_token(eve));
    let service = shop.world.service_token("payments");
    let id = shop.order_of(ann, &[("lamp", 1)]).await;
    let guest = shop.order(&[("book", 1)]).await;
    let query = "query ($id: ID!, $key: String) { order(id: $id, orderKey: $key) { number } }";
    let entity = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Order { number } } }";
    for (token, sees) in [
        (Some(&ann_token), true),
        (Some(&shop.staff), true),
        (Some(&service), true),
        (Some(&eve_token), false),
        (None, false),
    ] {
        let token = token.map(String::as_str);
        let seen = shop
            .ask(token, query, json!({ "id": id, "key": guest.key }))
            .await;
        assert_eq!(seen.data()["order"].is_object(), sees, "{token:?}");
        let keys = json!({ "keys": [{ "__typename": "Order", "id": id }] });
        assert_eq!(
            shop.ask(token, entity, keys).await.data()["_entities"][0].is_object(),
            sees
        );
    }
    for (key, sees) in [
        (json!(guest.key), true),
        (json!(format!("{}x", guest.key)), false),
        (json!(""), false),
        (Value::Null, false),
    ] {
        let seen = shop.ask(None, query, json!({ "id": guest.id, "key": key })).await;
        assert_eq!(seen.data()["order"].is_object(), sees, "{key}");
    }
    let keys = json!({ "keys": [{ "__typename": "User", "id": ann }] });
    for token in [&ann_token, &shop.staff] {
        let mine = shop.ask(Some(token), MINE, keys.clone()).await;
        assert_eq!(
            mine.data()["_entities"][0]["orders"],
            json!({ "totalCount": 1, "nodes": [{ "id": id }] })
        );
    }
    assert_eq!(
        shop.ask(Some(&eve_token), MINE, keys.clone()).await.error_code(),
        "FORBIDDEN"
    );
    assert_eq!(shop.ask(None, MINE, keys).await.error_code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_stock_is_counted_beside_what_orders_hold() {
    let shop = Shop::open().await;
    let guest = shop.order(&[("lamp", 4)]).await;
    assert_eq!(
        shop.stock("lamp", 2).await["variant"],
        json!({ "available": 2, "inStock": true })
    );
    let input = json!({ "orderId": guest.id, "orderKey": guest.key });
    shop.does(None, "cancelOrder", "CancelOrderInput", input).await;
    assert_eq!(shop.available("lamp").await, 6);
    assert_eq!(shop.available("never counted").await, 0);
    for (sku, quantity, refusal) in [
        ("lamp", -1, "QUANTITY_INVALID"),
        ("lamp", 1_000_000_000, "QUANTITY_INVALID"),
        ("unheard-of", 1, "UNKNOWN_VARIANT"),
    ] {
        assert_eq!(code(&shop.stock(sku, quantity).await), refusal);
    }
    // What is not sold (yet) can be counted all the same.
    assert_eq!(code(&shop.stock("clock", 5).await), "none");
    assert_eq!(
        shop.stock("lamp", 0).await["variant"],
        json!({ "available": 0, "inStock": false })
    );
}

#[tokio::test]
async fn many_variants_are_read_in_one_go() {
    let shop = Shop::open().await;
    let query = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Variant { sku available inStock } } }";
    let keys: Vec<Value> = (0..90)
        .map(|n| json!({ "__typename": "Variant", "sku": if n % 2 == 0 { "lamp".to_owned() } else { format!("none-{n}") } }))
        .collect();
    let answer = shop.ask(None, query, json!({ "keys": keys })).await;
    let entities = answer.data()["_entities"].as_array().unwrap();
    let stocked = entities
        .iter()
        .filter(|entity| entity["available"] == 10 && entity["inStock"] == true)
        .count();
    assert_eq!((entities.len(), stocked), (90, 45));
}
