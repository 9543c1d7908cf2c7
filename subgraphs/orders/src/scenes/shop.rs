//! The shop of the scenes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use lavka_kit::BoxStream;
use lavka_kit::clock::Clock as _;
use lavka_kit::events::payments::{PaymentActionRequired, PaymentFailed, PaymentRefunded, PaymentSucceeded};
use lavka_kit::events::topics;
use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};
use lavka_kit::subgraph::Subgraph;
use lavka_kit::testing::{Answer, FakePeer, TestWorld};
use serde_json::{Value, json};

pub const ORDER: &str = "id number status history { status note } lines { sku title quantity unitPrice { amount } subtotal { amount } } recipient { name country } shippingMethod { code title } subtotal { amount } shipping { amount } total { amount currency } trackingNumber customer { id }";

/// One cart of the pretended cart service.
#[derive(Debug, Clone)]
struct Cart {
    user: Option<Id>,
    generation: i32,
    lines: Vec<(String, i32)>,
}

type Carts = Arc<Mutex<HashMap<String, Cart>>>;

pub struct Shop {
    pub world: TestWorld,
    pub orders: Subgraph,
    carts: Carts,
    pub staff: String,
    /// Everything that was published on lavka.orders.
    published: tokio::sync::Mutex<BoxStream<'static, Arc<lavka_kit::events::CloudEvent>>>,
}

/// A guest's order.
#[derive(Debug, Clone)]
pub struct Guest {
    pub id: String,
    pub key: String,
}

fn variant(key: &Value) -> Option<Value> {
    let (title, orderable, amount) = match key["sku"].as_str()? {
        "lamp" => ("Brass", true, "1290.50"),
        "book" => ("Lamps of the world", true, "300.00"),
        "clock" => ("Cuckoo", false, "99.00"),
        _ => return None,
    };
    let product = if orderable && amount == "1290.50" {
        "Lamp"
    } else {
        title
    };
    let price = json!({ "amount": amount, "currency": "RUB" });
    Some(
        json!({ "sku": key["sku"], "title": title, "price": price, "product": { "title": product }, "orderable": orderable }),
    )
}

fn cart_service(carts: Carts) -> Arc<FakePeer> {
    FakePeer::new(move |query, variables| {
        let mut carts = carts.lock().map_err(|_| "poisoned")?;
        if query.contains("takeOrderedLines") {
            let id = variables["cartId"].as_str().unwrap_or_default();
            let Some(cart) = carts.get_mut(id) else {
                return Ok(json!({ "takeOrderedLines": null }));
            };
            if variables["generation"] == cart.generation {
                cart.generation += 1;
                cart.lines.clear();
            }
            return Ok(json!({ "takeOrderedLines": { "id": id } }));
        }
        let entity = |key: &Value| {
            let cart = carts.get(key["id"].as_str()?)?;
            let lines: Vec<_> = cart
                .lines
                .iter()
                .map(|(sku, quantity)| json!({ "sku": sku, "quantity": quantity }))
                .collect();
            Some(json!({ "userId": cart.user, "generation": cart.generation, "lines": lines }))
        };
        let keys = variables["keys"].as_array().cloned().unwrap_or_default();
        Ok(json!({ "_entities": keys.iter().map(entity).collect::<Vec<_>>() }))
    })
}

impl Shop {
    pub async fn open() -> Self {
        let world = TestWorld::of("orders").await;
        let carts = Carts::default();
        world.context.peers.connect("cart", cart_service(carts.clone()));
        world
            .context
            .peers
            .connect("catalog", FakePeer::of_entities(variant));
        let published = tokio::sync::Mutex::new(world.listen(topics::ORDERS).await);
        let orders = crate::start(crate::Config::default(), world.context.clone())
            .await
            .unwrap();
        let staff = world.staff_token();
        let shop = Self {
            world,
            orders,
            carts,
            staff,
            published,
        };
        shop.stock("lamp", 10).await;
        shop.stock("book", 10).await;
        shop
    }

    pub async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.world.ask(&self.orders, token, query, variables).await
    }

    /// The payload of a mutation with one input.
    pub async fn does(&self, token: Option<&str>, mutation: &str, kind: &str, input: Value) -> Value {
        let more = if mutation == "checkout" { "orderKey" } else { "" };
        let detail = if mutation == "checkout" {
            "sku available"
        } else {
            ""
        };
        let query = format!(
            "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {more} order {{ {ORDER} }} userErrors {{ code message field {detail} }} }} }}"
        );
        self.ask(token, &query, json!({ "input": input })).await.data()[mutation].clone()
    }

    pub async fn stock(&self, sku: &str, quantity: i32) -> Value {
        let query = "mutation ($input: SetStockInput!) { setStock(input: $input) { variant { available inStock } userErrors { code } } }";
        let input = json!({ "input": { "sku": sku, "quantity": quantity } });
        self.ask(Some(&self.staff), query, input).await.data()["setStock"].clone()
    }

    pub async fn available(&self, sku: &str) -> i64 {
        let query =
            "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Variant { available } } }";
        let keys = json!({ "keys": [{ "__typename": "Variant", "sku": sku }] });
        self.ask(None, query, keys).await.data()["_entities"][0]["available"]
            .as_i64()
            .unwrap()
    }

    /// A cart with something in it.
    pub fn cart(&self, user: Option<Id>, lines: &[(&str, i32)]) -> String {
        let id = self.world.context.ids.next().to_string();
        let lines = lines
            .iter()
            .map(|(sku, quantity)| ((*sku).to_owned(), *quantity))
            .collect();
        self.carts.lock().unwrap().insert(
            id.clone(),
            Cart {
                user,
                generation: 1,
                lines,
            },
        );
        id
    }

    /// The cart's engine has lost its last moments: it is as it was when it was made.
    pub fn forgets_that_it_was_sold(&self, id: &str, lines: &[(&str, i32)]) {
        let mut carts = self.carts.lock().unwrap();
        let cart = carts.get_mut(id).unwrap();
        cart.generation -= 1;
        cart.lines = lines
            .iter()
            .map(|(sku, quantity)| ((*sku).to_owned(), *quantity))
            .collect();
    }

    pub fn cart_lines(&self, id: &str) -> usize {
        self.carts.lock().unwrap()[id].lines.len()
    }

    pub async fn checkout(&self, token: Option<&str>, input: Value) -> Value {
        self.does(token, "checkout", "CheckoutInput", input).await
    }

    /// A guest's order of these.
    pub async fn order(&self, lines: &[(&str, i32)]) -> Guest {
        let cart = self.cart(None, lines);
        let payload = self.checkout(None, checkout(&cart, "first")).await;
        assert_eq!(payload["userErrors"], json!([]));
        Guest {
            id: payload["order"]["id"].as_str().unwrap().to_owned(),
            key: payload["orderKey"].as_str().unwrap().to_owned(),
        }
    }

    pub async fn order_of(&self, user: Id, lines: &[(&str, i32)]) -> String {
        let token = self.world.customer_token(user);
        let cart = self.cart(Some(user), lines);
        let payload = self.checkout(Some(&token), checkout(&cart, &cart)).await;
        assert_eq!(payload["userErrors"], json!([]));
        payload["order"]["id"].as_str().unwrap().to_owned()
    }

    /// The order as staff see it.
    pub async fn seen(&self, id: &str) -> Value {
        let query = format!("query ($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}");
        self.ask(Some(&self.staff), &query, json!({ "id": id }))
            .await
            .data()["order"]
            .clone()
    }

    pub async fn status(&self, id: &str) -> String {
        self.seen(id).await["status"].as_str().unwrap().to_owned()
    }

    pub async fn succeeded(&self, id: &str, attempt: i32, minor: i64) {
        let data = PaymentSucceeded {
            order_id: id.parse().unwrap(),
            payment_id: payment(attempt),
            attempt,
            gateway: "SANDBOX".into(),
            gateway_reference: "ref".into(),
            amount: Money::new(minor, Currency::Rub),
            at: self.world.clock.now(),
            metadata: Default::default(),
        };
        self.world.publish(data.order_id, &data).await;
        self.world.settle("orders").await;
    }

    /// The whole price of one lamp with pickup.
    pub async fn pays(&self, id: &str) {
        self.succeeded(id, 1, 129_050).await;
    }

    pub async fn failed(&self, id: &str, attempt: i32) {
        let data = PaymentFailed {
            order_id: id.parse().unwrap(),
            payment_id: payment(attempt),
            attempt,
            gateway: "SANDBOX".into(),
            amount: Money::new(129_050, Currency::Rub),
            failure_code: "declined".into(),
            failure_message: "The card was declined".into(),
            may_retry: true,
            at: self.world.clock.now(),
        };
        self.world.publish(data.order_id, &data).await;
        self.world.settle("orders").await;
    }

    pub async fn wants_action(&self, id: &str, attempt: i32) {
        let data = PaymentActionRequired {
            order_id: id.parse().unwrap(),
            payment_id: payment(attempt),
            attempt,
            gateway: "SANDBOX".into(),
            redirect_url: None,
            expires_at: self.world.clock.now(),
            at: self.world.clock.now(),
        };
        self.world.publish(data.order_id, &data).await;
        self.world.settle("orders").await;
    }

    pub async fn refunded(&self, id: &str, attempt: i32, wholly: bool) {
        let amount = Money::new(129_050, Currency::Rub);
        let data = PaymentRefunded {
            order_id: id.parse().unwrap(),
            payment_id: payment(attempt),
            refund_id: Id::from_u128(77),
            amount,
            total: wholly,
            refunded_amount: amount,
            at: self.world.clock.now(),
        };
        self.world.publish(data.order_id, &data).await;
        self.world.settle("orders").await;
    }

    /// The next events, by the last part of their type and their data.
    pub async fn told(&self, count: usize) -> Vec<(String, Value)> {
        let mut published = self.published.lock().await;
        let mut told = Vec::new();
        while told.len() < count {
            let next = tokio::time::timeout(std::time::Duration::from_secs(10), published.next()).await;
            let event = next
                .expect("an event within ten seconds")
                .expect("a bus that goes on");
            let kind = event
                .kind
                .trim_start_matches("lavka.order.")
                .trim_end_matches(".v1")
                .to_owned();
            told.push((kind, event.data.clone()));
        }
        told
    }
}

pub fn payment(attempt: i32) -> Id {
    Id::from_u128(0xbeef_0000 + u128::from(attempt.unsigned_abs()))
}

/// A checkout that nothing is wrong with.
pub fn checkout(cart: &str, key: &str) -> Value {
    json!({
        "cartId": cart,
        "recipient": {
            "name": "Ann", "phone": "+7 921 555-01-01", "email": "ann@lavka.test", "line1": "Nevsky 1",
            "city": "St Petersburg", "postalCode": "191025", "country": "RU",
        },
        "shippingMethod": "PICKUP",
        "payment": { "gateway": "SANDBOX", "token": "ok" },
        "idempotencyKey": key,
    })
}

pub fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("none")
}
