//! Scenes through the schema: a shop with a catalog that sells lamps and books, and no longer sells clocks.

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::events::orders::{OrderPlaced, OrderRecipient, OrderShipping, PaymentMethod, PlacedLine};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::subgraph::Subgraph;
use lavka_kit::testing::{Answer, FakePeer, TestWorld};
use serde_json::{Value, json};

const ADD: &str = "mutation ($input: AddToCartInput!) { addToCart(input: $input) { cart { id itemCount lines { variant { sku } quantity } } userErrors { code message field } } }";
const SET: &str = "mutation ($input: SetCartLineQuantityInput!) { setCartLineQuantity(input: $input) { cart { itemCount } userErrors { code } } }";
const REMOVE: &str = "mutation ($input: RemoveFromCartInput!) { removeFromCart(input: $input) { cart { itemCount } userErrors { code } } }";
const CLEAR: &str = "mutation ($input: ClearCartInput!) { clearCart(input: $input) { cart { itemCount } userErrors { code } } }";
const CART: &str = "query ($id: ID!) { cart(id: $id) { lines { variant { sku } quantity unitPrice { amount } subtotal { amount currency } } itemCount total { amount currency } updatedAt } }";
const MINE: &str =
    "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on User { cart { id itemCount } } } }";
const MERGE: &str =
    "mutation ($cart: ID!, $user: ID!) { mergeCart(cartId: $cart, userId: $user) { id itemCount } }";
const TAKE: &str = "mutation ($cart: ID!, $generation: Int!, $lines: [OrderedLineInput!]!) { takeOrderedLines(cartId: $cart, generation: $generation, lines: $lines) { generation lines { sku quantity } userId } }";

struct Shop {
    world: TestWorld,
    carts: Subgraph,
    catalog: Arc<FakePeer>,
}

/// What the catalog says: lamps and books are sold, clocks were taken off, and anything else was never there.
fn variant(key: &Value) -> Option<Value> {
    let (orderable, amount) = match key["sku"].as_str()? {
        "lamp" => (true, "1290.50"),
        "book" => (true, "300.00"),
        "clock" => (false, "99.00"),
        sku if sku.starts_with("pin-") => (true, "1.00"),
        _ => return None,
    };
    Some(json!({ "orderable": orderable, "price": { "amount": amount, "currency": "RUB" } }))
}

impl Shop {
    async fn open() -> Self {
        let world = TestWorld::of("cart").await;
        let catalog = FakePeer::of_entities(variant);
        world.context.peers.connect("catalog", catalog.clone());
        let carts = crate::start(crate::Config::default(), world.context.clone())
            .await
            .unwrap();
        Self {
            world,
            carts,
            catalog,
        }
    }

    async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.world.ask(&self.carts, token, query, variables).await
    }

    async fn add(&self, token: Option<&str>, cart: Option<&str>, sku: &str, quantity: i32) -> Value {
        let input = json!({ "input": { "cartId": cart, "sku": sku, "quantity": quantity } });
        self.ask(token, ADD, input).await.data()["addToCart"].clone()
    }

    /// A guest's cart with something in it.
    async fn guest_cart(&self, sku: &str, quantity: i32) -> String {
        let payload = self.add(None, None, sku, quantity).await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["cart"]["id"].as_str().unwrap().to_owned()
    }

    async fn take(&self, cart: &str, generation: i32, sku: &str, quantity: i32) -> Value {
        let lines = json!([{ "sku": sku, "quantity": quantity }]);
        let variables = json!({ "cart": cart, "generation": generation, "lines": lines });
        let token = self.world.service_token("orders");
        self.ask(Some(&token), TAKE, variables).await.data()["takeOrderedLines"].clone()
    }
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_guest_fills_a_cart_and_sees_todays_prices() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 2).await;
    shop.add(None, Some(&cart), "book", 1).await;
    insta::assert_json_snapshot!(shop.ask(None, CART, json!({ "id": cart })).await.data(), @r#"
    {
      "cart": {
        "lines": [
          {
            "variant": {
              "sku": "lamp"
            },
            "quantity": 2,
            "unitPrice": {
              "amount": "1290.50"
            },
            "subtotal": {
              "amount": "2581.00",
              "currency": "RUB"
            }
          },
          {
            "variant": {
              "sku": "book"
            },
            "quantity": 1,
            "unitPrice": {
              "amount": "300.00"
            },
            "subtotal": {
              "amount": "300.00",
              "currency": "RUB"
            }
          }
        ],
        "itemCount": 3,
        "total": {
          "amount": "2881.00",
          "currency": "RUB"
        },
        "updatedAt": "2026-01-15T12:00:00+00:00"
      }
    }
    "#);
    // Each price was asked for once, when its thing was added, and is remembered for a moment.
    let asked = || -> Vec<usize> {
        let asked = shop.catalog.asked();
        let keys = asked.iter().map(|(_, variables)| &variables["keys"]);
        keys.map(|keys| keys.as_array().unwrap().len()).collect()
    };
    assert_eq!(asked(), [1, 1]);
    shop.world.clock.advance(Duration::from_secs(2));
    shop.ask(None, CART, json!({ "id": cart })).await.data();
    assert_eq!(asked(), [1, 1, 2], "both together");
}

#[tokio::test]
async fn a_price_is_forgotten_when_the_catalog_has_changed() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 1).await;
    shop.world.context.peers.connect(
        "catalog",
        FakePeer::of_entities(|_| {
            Some(json!({ "orderable": true, "price": { "amount": "7.00", "currency": "RUB" } }))
        }),
    );
    let total = async || {
        let seen = shop.ask(None, CART, json!({ "id": cart })).await;
        seen.data()["cart"]["total"]["amount"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(total().await, "1290.50", "a moment ago");
    let gone = lavka_kit::events::catalog::ProductDeleted {
        product_id: Id::from_u128(9),
    };
    let heard = async {
        while total().await != "7.00" {
            // Again, since the cart may begin to listen only now.
            shop.world.publish(gone.product_id, &gone).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard)
        .await
        .unwrap();
}

#[tokio::test]
async fn quantities_are_set_lines_removed_and_carts_cleared() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 2).await;
    let set =
        |sku: &str, quantity: i32| json!({ "input": { "cartId": cart, "sku": sku, "quantity": quantity } });
    let count = |answer: &Answer, field: &str| answer.data()[field]["cart"]["itemCount"].as_i64().unwrap();
    assert_eq!(
        count(&shop.ask(None, SET, set("lamp", 5)).await, "setCartLineQuantity"),
        5
    );
    assert_eq!(
        count(&shop.ask(None, SET, set("book", 1)).await, "setCartLineQuantity"),
        6
    );
    assert_eq!(
        count(&shop.ask(None, SET, set("lamp", 0)).await, "setCartLineQuantity"),
        1
    );
    let book = json!({ "input": { "cartId": cart, "sku": "book" } });
    for _twice in 0..2 {
        assert_eq!(
            count(&shop.ask(None, REMOVE, book.clone()).await, "removeFromCart"),
            0
        );
    }
    shop.add(None, Some(&cart), "lamp", 1).await;
    let all = json!({ "input": { "cartId": cart } });
    assert_eq!(count(&shop.ask(None, CLEAR, all).await, "clearCart"), 0);
}

#[tokio::test]
async fn what_can_not_be_is_refused_with_a_code() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 999).await;
    for (sku, quantity, refusal) in [
        ("lamp", 1, "QUANTITY_INVALID"),
        ("book", 0, "QUANTITY_INVALID"),
        ("book", -1, "QUANTITY_INVALID"),
        ("book", 1_000_000_000, "QUANTITY_INVALID"),
        ("clock", 1, "UNKNOWN_VARIANT"),
        ("unheard-of", 1, "UNKNOWN_VARIANT"),
        ("", 1, "UNKNOWN_VARIANT"),
    ] {
        let payload = shop.add(None, Some(&cart), sku, quantity).await;
        assert_eq!(code(&payload), refusal, "{quantity} of {sku:?}");
        assert_eq!(payload["cart"]["itemCount"], 999);
    }
    for absent in ["", "x", "00000000-0000-4000-8000-000000000000"] {
        assert_eq!(
            code(&shop.add(None, Some(absent), "lamp", 1).await),
            "CART_NOT_FOUND"
        );
    }
    let opened = shop.add(None, None, "unheard-of", 1).await;
    assert_eq!(
        (code(&opened), &opened["cart"]),
        ("UNKNOWN_VARIANT", &Value::Null)
    );
}

#[tokio::test]
async fn a_refusal_speaks_the_shoppers_language() {
    let shop = Shop::open().await;
    let input = json!({ "input": { "sku": "unheard-of", "quantity": 1 } });
    let answer = shop
        .world
        .ask_with(&shop.carts, None, ADD, input, &[("accept-language", "ru")])
        .await;
    insta::assert_json_snapshot!(answer.data()["addToCart"]["userErrors"], @r#"
    [
      {
        "code": "UNKNOWN_VARIANT",
        "message": "Такого товара нет в продаже",
        "field": [
          "input",
          "sku"
        ]
      }
    ]
    "#);
}

#[tokio::test]
async fn the_hundred_and_first_line_is_refused() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 1).await;
    for n in 1..100 {
        shop.add(None, Some(&cart), &format!("pin-{n}"), 1).await;
    }
    let payload = shop.add(None, Some(&cart), "book", 1).await;
    assert_eq!(
        (code(&payload), &payload["cart"]["itemCount"]),
        ("CART_FULL", &json!(100))
    );
}

#[tokio::test]
async fn an_accounts_cart_is_for_that_account_only() {
    let shop = Shop::open().await;
    let ann = shop.world.customer_token(Id::from_u128(0xa));
    let eve = shop.world.customer_token(Id::from_u128(0xe));
    let staff = shop.world.staff_token();
    let payload = shop.add(Some(&ann), None, "lamp", 1).await;
    let cart = payload["cart"]["id"].as_str().unwrap().to_owned();
    let again = shop.add(Some(&ann), None, "lamp", 1).await;
    assert_eq!(
        (&again["cart"]["id"], &again["cart"]["itemCount"]),
        (&payload["cart"]["id"], &json!(2))
    );
    for stranger in [None, Some(&*eve), Some(&*staff)] {
        let seen = shop.ask(stranger, CART, json!({ "id": cart })).await;
        assert_eq!(seen.data()["cart"], Value::Null);
        assert_eq!(
            code(&shop.add(stranger, Some(&cart), "lamp", 1).await),
            "CART_NOT_FOUND"
        );
    }
    let keys = json!({ "keys": [{ "__typename": "User", "id": Id::from_u128(0xa) }] });
    let mine = shop.ask(Some(&ann), MINE, keys.clone()).await;
    assert_eq!(
        mine.data()["_entities"][0]["cart"],
        json!({ "id": cart, "itemCount": 2 })
    );
    assert_eq!(
        shop.ask(Some(&eve), MINE, keys.clone()).await.error_code(),
        "FORBIDDEN"
    );
    assert_eq!(shop.ask(None, MINE, keys).await.error_code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_account_has_a_cart_before_anything_is_in_it() {
    let shop = Shop::open().await;
    let ann = shop.world.customer_token(Id::from_u128(0xa));
    let keys = json!({ "keys": [{ "__typename": "User", "id": Id::from_u128(0xa) }] });
    let first = shop.ask(Some(&ann), MINE, keys.clone()).await.data()["_entities"][0].clone();
    assert_eq!(first["cart"]["itemCount"], 0);
    assert_eq!(
        shop.ask(Some(&ann), MINE, keys).await.data()["_entities"][0],
        first
    );
}

#[tokio::test]
async fn a_guests_cart_comes_along_at_sign_in_once() {
    let shop = Shop::open().await;
    let guest = shop.guest_cart("lamp", 2).await;
    let users = shop.world.service_token("users");
    let variables = json!({ "cart": guest, "user": Id::from_u128(0xa) });
    let merged = shop.ask(Some(&users), MERGE, variables.clone()).await.data()["mergeCart"].clone();
    assert_eq!(merged["itemCount"], 2);
    assert_eq!(
        shop.ask(Some(&users), MERGE, variables.clone()).await.data()["mergeCart"],
        merged
    );
    let gone = shop.ask(None, CART, json!({ "id": guest })).await;
    assert_eq!(gone.data()["cart"], Value::Null);
    assert_eq!(
        code(&shop.add(None, Some(&guest), "lamp", 1).await),
        "CART_NOT_FOUND"
    );
    let ann = shop.world.customer_token(Id::from_u128(0xa));
    assert_eq!(
        shop.ask(Some(&ann), MERGE, variables.clone()).await.error_code(),
        "FORBIDDEN"
    );
    assert_eq!(
        shop.ask(None, MERGE, variables).await.error_code(),
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn a_sold_generation_leaves_the_cart_once_by_call_or_by_event() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 3).await;
    let taken = shop.take(&cart, 1, "lamp", 2).await;
    assert_eq!(
        taken,
        json!({ "generation": 2, "lines": [{ "sku": "lamp", "quantity": 1 }], "userId": null })
    );
    assert_eq!(shop.take(&cart, 1, "lamp", 2).await, taken);

    // The next order's call is lost; its event isn't, and comes twice.
    let placed = placed(cart.parse().unwrap(), 2);
    shop.world.publish(placed.order_id, &placed).await;
    shop.world.publish(placed.order_id, &placed).await;
    shop.world.settle("cart").await;
    let seen = shop.ask(None, CART, json!({ "id": cart })).await;
    assert_eq!(seen.data()["cart"]["itemCount"], 0);
    assert_eq!(shop.take(&cart, 2, "lamp", 1).await["generation"], 3);
}

#[tokio::test]
async fn what_nobody_can_order_any_more_is_shown_to_services_only() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 1).await;
    shop.add(None, Some(&cart), "book", 1).await;
    shop.world.context.peers.connect(
        "catalog",
        FakePeer::of_entities(|key| variant(key).filter(|_| key["sku"] != "book")),
    );
    shop.world.clock.advance(Duration::from_secs(2));
    let seen = shop.ask(None, CART, json!({ "id": cart })).await;
    assert_eq!(seen.data()["cart"]["itemCount"], 1);
    assert_eq!(seen.data()["cart"]["total"]["amount"], "1290.50");
    let entity = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Cart { generation userId lines { sku quantity } } } }";
    let keys = json!({ "keys": [{ "__typename": "Cart", "id": cart }] });
    let orders = shop.world.service_token("orders");
    let seen = shop.ask(Some(&orders), entity, keys).await;
    assert_eq!(seen.data()["_entities"][0]["lines"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn without_the_catalog_nothing_is_added_and_nothing_is_told() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart("lamp", 1).await;
    shop.world.context.peers.connect("catalog", FakePeer::away());
    shop.world.clock.advance(Duration::from_secs(2));
    let input = json!({ "input": { "cartId": cart, "sku": "lamp", "quantity": 1 } });
    let answer = shop.ask(None, ADD, input.clone()).await;
    assert_eq!(
        (answer.error_code(), answer.body["errors"][0]["message"].as_str()),
        ("SERVICE_UNAVAILABLE", Some("try again in a moment"))
    );
    // What needs no prices works on.
    let cleared = shop
        .ask(
            None,
            "mutation ($input: ClearCartInput!) { clearCart(input: $input) { cart { id } } }",
            json!({ "input": { "cartId": cart } }),
        )
        .await;
    assert_eq!(cleared.data()["clearCart"]["cart"]["id"], json!(cart));
}

#[tokio::test]
async fn the_schema_is_the_contract() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.carts.sdl);
}

fn placed(cart_id: Id, cart_generation: i32) -> OrderPlaced {
    let price = Money::new(129_050, Currency::Rub);
    OrderPlaced {
        order_id: Id::from_u128(7),
        number: "L-100001".into(),
        customer_id: None,
        cart_id,
        cart_generation,
        locale: Locale::Ru,
        lines: vec![PlacedLine {
            sku: "lamp".into(),
            title: "Lamp".into(),
            quantity: 1,
            unit_price: price,
        }],
        recipient: OrderRecipient {
            name: "Ann".into(),
            phone: "+7 921 555-01-01".into(),
            email: "ann@lavka.test".into(),
            line1: "Nevsky 1".into(),
            line2: None,
            city: "St Petersburg".into(),
            region: None,
            postal_code: "191025".into(),
            country: "RU".into(),
        },
        shipping: OrderShipping {
            code: "PICKUP".into(),
            title: "Pickup".into(),
            price: Money::zero(Currency::Rub),
        },
        total: price,
        payment_method: PaymentMethod {
            gateway: "SANDBOX".into(),
            token: Some("ok".into()),
        },
        attempt: 1,
        order_key: None,
    }
}
