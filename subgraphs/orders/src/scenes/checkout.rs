//! A cart becomes an order, or stays a cart.

use lavka_kit::ids::Id;
use lavka_kit::testing::FakePeer;
use serde_json::{Value, json};

use super::shop::{Shop, checkout, code};

#[tokio::test]
async fn a_cart_becomes_an_order_with_its_prices_fixed() {
    let shop = Shop::open().await;
    let cart = shop.cart(None, &[("lamp", 2), ("book", 1)]);
    let mut input = checkout(&cart, "k");
    input["shippingMethod"] = json!("COURIER");
    let payload = shop.checkout(None, input).await;
    insta::assert_json_snapshot!(payload["order"], { ".id" => "[id]" });
    assert_eq!(payload["orderKey"].as_str().unwrap().len(), 43);
    assert_eq!(
        (shop.available("lamp").await, shop.available("book").await),
        (8, 9)
    );
    assert_eq!(shop.cart_lines(&cart), 0);

    let (kind, data) = shop.told(1).await.remove(0);
    assert_eq!(kind, "placed");
    assert_eq!(
        (
            &data["attempt"],
            &data["cartGeneration"],
            &data["total"]["amount"]
        ),
        (&json!(1), &json!(1), &json!("3271.00"))
    );
    assert_eq!(
        data["paymentMethod"],
        json!({ "gateway": "SANDBOX", "token": "ok" })
    );
    assert_eq!(data["orderKey"], payload["orderKey"]);
}

#[tokio::test]
async fn a_cart_that_can_not_be_sold_is_refused_with_a_code() {
    let shop = Shop::open().await;
    let anns = shop.cart(Some(Id::from_u128(0xa)), &[("lamp", 1)]);
    let lamp = shop.cart(None, &[("lamp", 1)]);
    let mut abroad = checkout(&lamp, "k");
    abroad["recipient"]["country"] = json!("DE");
    let mut paypal = checkout(&lamp, "k");
    paypal["payment"] = json!({ "gateway": "PAYPAL" });
    let mut no_token = checkout(&lamp, "k");
    no_token["payment"] = json!({ "gateway": "SANDBOX" });
    let cases = [
        (checkout(&shop.cart(None, &[]), "k"), "CART_EMPTY"),
        (checkout("nonsense", "k"), "CART_NOT_FOUND"),
        (checkout(&Id::from_u128(5).to_string(), "k"), "CART_NOT_FOUND"),
        (checkout(&anns, "k"), "CART_NOT_FOUND"),
        (
            checkout(&shop.cart(None, &[("lamp", 1), ("clock", 1)]), "k"),
            "VARIANT_GONE",
        ),
        (
            checkout(&shop.cart(None, &[("unheard-of", 1)]), "k"),
            "VARIANT_GONE",
        ),
        (checkout(&shop.cart(None, &[("lamp", 11)]), "k"), "OUT_OF_STOCK"),
        (abroad, "SHIPPING_UNAVAILABLE"),
        (paypal, "PAYMENT_METHOD_INVALID"),
        (no_token, "PAYMENT_METHOD_INVALID"),
    ];
    for (input, refusal) in cases {
        let payload = shop.checkout(None, input).await;
        assert_eq!(
            (code(&payload), &payload["order"], &payload["orderKey"]),
            (refusal, &Value::Null, &Value::Null)
        );
    }
    assert_eq!(shop.available("lamp").await, 10, "nothing was taken");
    // No refusal has used the key up.
    assert_eq!(code(&shop.checkout(None, checkout(&lamp, "k")).await), "none");
}

#[tokio::test]
async fn everything_that_is_short_or_wrong_is_told_with_its_place() {
    let shop = Shop::open().await;
    shop.stock("book", 0).await;
    let cart = shop.cart(None, &[("lamp", 11), ("book", 1)]);
    let mut wrong = checkout(&cart, "k");
    wrong["recipient"]["email"] = json!("nobody");
    wrong["recipient"]["name"] = json!(" ");
    let wrong = shop.checkout(None, wrong).await;
    let short = shop.checkout(None, checkout(&cart, "k")).await;
    insta::assert_json_snapshot!(json!([wrong["userErrors"], short["userErrors"]]));
    // When there is enough, the same key is as good as new.
    shop.stock("book", 1).await;
    shop.stock("lamp", 11).await;
    assert_eq!(code(&shop.checkout(None, checkout(&cart, "k")).await), "none");
}

#[tokio::test]
async fn a_key_has_its_limits() {
    let shop = Shop::open().await;
    let cart = shop.cart(None, &[("lamp", 1)]);
    let query = "mutation ($input: CheckoutInput!) { checkout(input: $input) { orderKey } }";
    for key in ["", "  ", &"x".repeat(201)] {
        let answer = shop
            .ask(None, query, json!({ "input": checkout(&cart, key) }))
            .await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn shipping_is_offered_by_country_and_cart() {
    let shop = Shop::open().await;
    let query = "query ($country: String!, $cart: ID) { shippingMethods(country: $country, cartId: $cart) { code title price { amount } estimatedDays } }";
    let full = shop.cart(None, &[("lamp", 8)]);
    let answer = shop.world.ask_with(
        &shop.orders,
        None,
        query,
        json!({ "country": "RU", "cart": full }),
        &[("accept-language", "ru")],
    );
    insta::assert_json_snapshot!(answer.await.data()["shippingMethods"]);
    let strangers = shop.cart(Some(Id::from_u128(0xa)), &[("lamp", 8)]);
    let courier = |answer: Value| answer["shippingMethods"][1]["price"]["amount"].clone();
    let with = shop
        .ask(None, query, json!({ "country": "RU", "cart": strangers }))
        .await;
    assert_eq!(
        courier(with.data().clone()),
        "390.00",
        "a stranger's cart is as good as none"
    );
    assert_eq!(
        shop.ask(None, query, json!({ "country": "XX" })).await.data()["shippingMethods"],
        json!([])
    );
}

#[tokio::test]
async fn without_its_peers_a_checkout_fails_and_leaves_nothing() {
    let shop = Shop::open().await;
    let cart = shop.cart(None, &[("lamp", 1)]);
    shop.world.context.peers.connect("catalog", FakePeer::away());
    let query = "mutation ($input: CheckoutInput!) { checkout(input: $input) { orderKey } }";
    let answer = shop
        .ask(None, query, json!({ "input": checkout(&cart, "k") }))
        .await;
    assert_eq!(answer.error_code(), "SERVICE_UNAVAILABLE");
    assert_eq!(shop.available("lamp").await, 10);
}

#[tokio::test]
async fn the_schema_is_the_contract() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.orders.sdl);
}
