//! Carts of guests and of people.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::people::{CART, eventually};
use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_is_filled_changed_and_emptied() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let skus = ann.finds(3).await;
    for sku in &skus {
        ann.adds(sku, 1).await;
    }
    ann.adds(&skus[0], 2).await;
    let cart = ann.cart.clone().expect("a cart");
    let selection = format!("cart {{ {CART} }}");
    let set = json!({ "cartId": cart, "sku": skus[1], "quantity": 5 });
    let payload = ann
        .does("setCartLineQuantity", "SetCartLineQuantityInput", set, &selection)
        .await;
    assert_eq!(payload["cart"]["itemCount"], 3 + 5 + 1, "{payload:#}");
    let none = json!({ "cartId": cart, "sku": skus[1], "quantity": 0 });
    let payload = ann
        .does(
            "setCartLineQuantity",
            "SetCartLineQuantityInput",
            none,
            &selection,
        )
        .await;
    assert_eq!(payload["cart"]["itemCount"], 4);
    let payload = ann
        .does(
            "removeFromCart",
            "RemoveFromCartInput",
            json!({ "cartId": cart, "sku": skus[2] }),
            &selection,
        )
        .await;
    assert_eq!(payload["cart"]["itemCount"], 3);
    let payload = ann
        .does(
            "clearCart",
            "ClearCartInput",
            json!({ "cartId": cart }),
            &selection,
        )
        .await;
    assert_eq!(
        (&payload["cart"]["itemCount"], &payload["cart"]["lines"]),
        (&json!(0), &json!([]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cart_refuses() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    for (sku, quantity, code) in [
        ("NO-SUCH-THING", 1, "UNKNOWN_VARIANT"),
        (sku.as_str(), 0, "QUANTITY_INVALID"),
        (sku.as_str(), -1, "QUANTITY_INVALID"),
        (sku.as_str(), 1_000_000_000, "QUANTITY_INVALID"),
    ] {
        let refused = ann.tries_to_add(sku, quantity).await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused:#}");
        assert!(refused["userErrors"][0]["field"].is_array());
    }
    ann.adds(&sku, 999).await;
    let over = ann.tries_to_add(&sku, 1).await;
    assert_eq!(
        over["userErrors"][0]["code"], "QUANTITY_INVALID",
        "999 of a thing is the most"
    );
    ann.cart = Some("00000000-0000-4000-8000-000000000000".to_owned());
    assert_eq!(
        ann.tries_to_add(&sku, 1).await["userErrors"][0]["code"],
        "CART_NOT_FOUND"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_among_many_at_once() {
    let shop = Shop::start().await;
    let mut ann = shop.guest();
    let sku = ann.finds_one().await;
    ann.adds(&sku, 1).await;
    join_all((0..30).map(|_| ann.tries_to_add(&sku, 1))).await;
    let cart = ann
        .gets(
            "query($id: ID!) { cart(id: $id) { itemCount } }",
            json!({ "id": ann.cart }),
        )
        .await;
    assert_eq!(cart["cart"]["itemCount"], 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_cart_becomes_the_persons_when_they_sign_in() {
    let shop = Shop::start().await;
    let mut ann = shop.newcomer("Ann").await;
    let skus = ann.finds(2).await;
    ann.adds(&skus[0], 1).await;
    let hers = ann.cart.clone();

    let mut guest = shop.guest();
    guest.adds(&skus[0], 2).await;
    guest.adds(&skus[1], 1).await;
    let guests = guest.cart.clone();
    guest.logs_in("ann@example.com", "a long enough password").await;
    let mine = guest
        .gets(&format!("{{ me {{ id cart {{ {CART} }} }} }}"), json!({}))
        .await["me"]["cart"]
        .clone();
    assert_eq!(mine["id"], json!(hers));
    assert_eq!(mine["itemCount"], 4, "{mine:#}");
    guest.logs_in("ann@example.com", "a long enough password").await;
    let stranger = shop.guest();
    for gone in [guests, hers] {
        let seen = stranger
            .gets(
                "query($id: ID!) { cart(id: $id) { id itemCount } }",
                json!({ "id": gone }),
            )
            .await;
        assert!(
            seen["cart"].is_null() || seen["cart"]["itemCount"] == 0,
            "what was merged, and what is hers, is no guest's: {seen:#}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_follow_the_prices_and_what_is_gone_is_said() {
    let shop = Shop::start().await;
    let staff = shop.staff().await;
    let product = |price: &str| {
        json!({ "title": { "en": "A thing of ours" }, "category": shop_category(), "slug": "a-thing-of-ours",
                "variants": [{ "sku": "OURS-1", "price": price }] })
    };
    let saved = staff
        .does(
            "saveProduct",
            "SaveProductInput",
            product("100.00"),
            "product { id }",
        )
        .await;
    assert_eq!(saved["userErrors"], json!([]), "{saved:#}");
    staff.stocks("OURS-1", 10).await;
    let mut ann = shop.guest();
    let cart = ann.adds("OURS-1", 2).await;
    assert_eq!(cart["total"]["amount"], "200.00");
    let mut dearer = product("150.50");
    dearer["id"] = saved["product"]["id"].clone();
    let changed = staff
        .does("saveProduct", "SaveProductInput", dearer, "product { id }")
        .await;
    assert_eq!(changed["userErrors"], json!([]), "{changed:#}");
    let look = async || {
        ann.gets(
            &format!("query($id: ID!) {{ cart(id: $id) {{ {CART} }} }}"),
            json!({ "id": ann.cart }),
        )
        .await["cart"]
            .clone()
    };
    // The cart remembers a price for a moment; that it has changed is heard of at once, but not before the answer to who changed it.
    eventually(async || (look().await["total"]["amount"] == "301.00").then_some(())).await;

    let deleted = staff
        .does(
            "deleteProduct",
            "DeleteProductInput",
            json!({ "id": saved["product"]["id"] }),
            "deletedId",
        )
        .await;
    assert_eq!(deleted["deletedId"], saved["product"]["id"], "{deleted:#}");
    let refused = ann.tries_to_check_out("ok", "k").await;
    assert_eq!(refused["userErrors"][0]["code"], "VARIANT_GONE", "{refused:#}");
    assert_eq!(refused["userErrors"][0]["sku"], "OURS-1");
    assert_ne!(look().await, Value::Null, "the cart itself stands");
}

/// A category of the demo shop.
pub fn shop_category() -> &'static str {
    "lamps"
}
