//! Everything is sent twice, and everybody wants the last one.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::future::join_all;
use lavka_kit::ids::Id;
use lavka_kit::testing::FakePeer;
use serde_json::{Value, json};

use super::shop::{Shop, checkout, code};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_shoppers_for_three_lamps_exactly_three_win() {
    let shop = Arc::new(Shop::open().await);
    shop.stock("lamp", 3).await;
    let shoppers = (0..20).map(|n| {
        let shop = shop.clone();
        tokio::spawn(async move {
            let cart = shop.cart(None, &[("lamp", 1)]);
            shop.checkout(None, checkout(&cart, &n.to_string())).await
        })
    });
    let payloads: Vec<Value> = join_all(shoppers).await.into_iter().map(Result::unwrap).collect();
    let codes: Vec<&str> = payloads.iter().map(code).collect();
    assert_eq!(codes.iter().filter(|code| **code == "none").count(), 3);
    assert_eq!(codes.iter().filter(|code| **code == "OUT_OF_STOCK").count(), 17);
    let numbers: HashSet<_> = payloads
        .iter()
        .filter_map(|payload| payload["order"]["number"].as_str())
        .collect();
    assert_eq!(numbers.len(), 3);
    assert_eq!(shop.available("lamp").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_double_click_makes_one_order_and_one_answer() {
    let shop = Arc::new(Shop::open().await);
    let cart = shop.cart(None, &[("lamp", 1)]);
    let clicks = (0..10).map(|_| {
        let (shop, cart) = (shop.clone(), cart.clone());
        tokio::spawn(async move { shop.checkout(None, checkout(&cart, "k")).await })
    });
    let payloads: Vec<Value> = join_all(clicks).await.into_iter().map(Result::unwrap).collect();
    // A click that read the cart after it was sold finds it empty before it finds the key: it must ask for the key first.
    for payload in &payloads {
        assert_eq!(
            (&payload["order"]["id"], &payload["orderKey"]),
            (&payloads[0]["order"]["id"], &payloads[0]["orderKey"])
        );
        assert_eq!(code(payload), "none");
    }
    assert_eq!(shop.available("lamp").await, 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_can_not_sell_one_cart_twice() {
    let shop = Arc::new(Shop::open().await);
    let cart = shop.cart(None, &[("lamp", 1)]);
    let tabs = (0..10).map(|n| {
        let (shop, cart) = (shop.clone(), cart.clone());
        tokio::spawn(async move { shop.checkout(None, checkout(&cart, &n.to_string())).await })
    });
    let payloads: Vec<Value> = join_all(tabs).await.into_iter().map(Result::unwrap).collect();
    let codes: Vec<&str> = payloads.iter().map(code).collect();
    assert_eq!(
        codes.iter().filter(|code| **code == "none").count(),
        1,
        "{codes:?}"
    );
    assert!(
        codes
            .iter()
            .all(|code| ["none", "CART_BUSY", "CART_EMPTY"].contains(code)),
        "{codes:?}"
    );
    assert_eq!(shop.available("lamp").await, 9);
}

#[tokio::test]
async fn while_the_cart_has_not_heard_it_is_busy() {
    let shop = Shop::open().await;
    let cart = Id::from_u128(0xca);
    // A cart service that answers but can't take anything out.
    shop.world.context.peers.connect("cart", FakePeer::new(|query, _| {
        if query.contains("takeOrderedLines") {
            return Err("away".into());
        }
        Ok(json!({ "_entities": [{ "userId": null, "generation": 1, "lines": [{ "sku": "lamp", "quantity": 1 }] }] }))
    }));
    let placed = shop.checkout(None, checkout(&cart.to_string(), "one")).await;
    assert_eq!(code(&placed), "none", "the lost call harms nobody");
    assert_eq!(
        code(&shop.checkout(None, checkout(&cart.to_string(), "two")).await),
        "CART_BUSY"
    );
    assert_eq!(shop.available("lamp").await, 9);
}

/// A Redis that was killed has lost its last second, and `order.placed` has been heard already.
#[tokio::test]
async fn a_cart_that_has_forgotten_its_order_can_be_sold_again() {
    let shop = Shop::open().await;
    let cart = shop.cart(None, &[("lamp", 1)]);
    assert_eq!(code(&shop.checkout(None, checkout(&cart, "one")).await), "none");
    shop.forgets_that_it_was_sold(&cart, &[("lamp", 1)]);
    assert_eq!(
        code(&shop.checkout(None, checkout(&cart, "two")).await),
        "CART_BUSY"
    );
    assert_eq!(shop.cart_lines(&cart), 0, "it was told again");
    assert_eq!(
        code(&shop.checkout(None, checkout(&cart, "three")).await),
        "CART_EMPTY"
    );
    assert_eq!(shop.available("lamp").await, 9);
}

#[tokio::test]
async fn a_key_answers_its_own_body_only_and_its_owner_only() {
    let shop = Shop::open().await;
    let ann = shop.world.customer_token(Id::from_u128(0xa));
    let cart = shop.cart(None, &[("lamp", 1)]);
    let first = shop.checkout(None, checkout(&cart, "k")).await;
    assert_eq!(shop.checkout(None, checkout(&cart, "k")).await, first);
    let mut other = checkout(&cart, "k");
    other["recipient"]["city"] = json!("Tver");
    assert_eq!(code(&shop.checkout(None, other).await), "IDEMPOTENCY_KEY_REUSED");
    // The same key from somebody else, or for another cart, is another key.
    let strangers = shop.checkout(Some(&ann), checkout(&cart, "k")).await;
    assert_eq!(
        (code(&strangers), &strangers["orderKey"]),
        ("CART_EMPTY", &Value::Null)
    );
    let elsewhere = shop.cart(None, &[("lamp", 1)]);
    let second = shop.checkout(None, checkout(&elsewhere, "k")).await;
    assert_ne!(second["order"]["id"], first["order"]["id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cancelled_by_everybody_at_once_the_stock_goes_back_once() {
    let shop = Arc::new(Shop::open().await);
    let guest = shop.order(&[("lamp", 4)]).await;
    let input = json!({ "orderId": guest.id, "orderKey": guest.key });
    let clicks = (0..10).map(|_| {
        let (shop, input) = (shop.clone(), input.clone());
        tokio::spawn(async move { shop.does(None, "cancelOrder", "CancelOrderInput", input).await })
    });
    let payloads: Vec<Value> = join_all(clicks).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        payloads.iter().filter(|payload| code(payload) == "none").count(),
        1
    );
    assert!(
        payloads
            .iter()
            .all(|payload| payload["order"]["status"] == "CANCELLED")
    );
    assert_eq!(shop.available("lamp").await, 10);
}
