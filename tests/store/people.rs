//! People who use the store, as scenes speak of them: `ann.adds("LAMP-1", 2)`, `ann.checks_out("ok")`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::graphql::{Answer, ask};
use crate::socket::Subscription;

/// Somebody with a browser or an app: signed in or not, with a cart or without.
pub struct Person {
    client: reqwest::Client,
    pub url: String,
    pub token: Option<String>,
    pub refresh_token: Option<String>,
    pub cart: Option<String>,
    pub language: &'static str,
}

/// An order as its owner knows it.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: String,
    /// What a guest shows for it.
    pub key: Option<String>,
}

/// What every journey wants to know of an order.
pub const ORDER: &str = "
    id number status placedAt trackingNumber
    history { status at note }
    lines { sku title quantity unitPrice { amount currency } subtotal { amount currency } variant { sku title } }
    recipient { name phone email line1 line2 city region postalCode country }
    shippingMethod { code title estimatedDays price { amount currency } }
    subtotal { amount currency } shipping { amount currency } total { amount currency }
    payment { id status gateway amount { amount currency } refundedAmount { amount currency } failureCode failureMessage
              clientSecret redirectUrl createdAt refunds { id reason status createdAt amount { amount currency } } }
";

/// What every journey wants to know of a cart.
pub const CART: &str = "
    id itemCount updatedAt total { amount currency }
    lines { id quantity unitPrice { amount currency } subtotal { amount currency } variant { sku title available } }
";

impl Person {
    /// Somebody who is not signed in and has no cart.
    pub fn new(url: &str) -> Self {
        let client = lavka_kit::tls::http_client()
            .cookie_store(true)
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .build()
            .expect("an HTTP client");
        Self {
            client,
            url: url.to_owned(),
            token: None,
            refresh_token: None,
            cart: None,
            language: "en",
        }
    }

    /// The same person at another address of the store (it was started again).
    pub fn at(&self, url: &str) -> Self {
        Self {
            client: self.client.clone(),
            url: url.to_owned(),
            token: self.token.clone(),
            refresh_token: self.refresh_token.clone(),
            cart: self.cart.clone(),
            language: self.language,
        }
    }

    /// Sends an operation.
    pub async fn asks(&self, query: &str, variables: Value) -> Answer {
        ask(
            &self.client,
            &self.url,
            self.token.as_deref(),
            self.language,
            query,
            variables,
        )
        .await
    }

    /// Sends an operation that must succeed, and gives its data.
    pub async fn gets(&self, query: &str, variables: Value) -> Value {
        self.asks(query, variables).await.data()
    }

    /// Sends a mutation with one `input`, and gives its payload.
    pub async fn does(&self, mutation: &str, input_type: &str, input: Value, selection: &str) -> Value {
        let query = format!(
            "mutation Do($input: {input_type}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code message field }} }} }}"
        );
        self.gets(&query, json!({ "input": input })).await[mutation].clone()
    }

    /// Follows a subscription.
    pub async fn follows(&self, query: &str, variables: Value) -> Subscription {
        Subscription::open(&self.url, self.token.as_deref(), query, variables).await
    }

    /// Registers and is signed in then.
    pub async fn registers(&mut self, email: &str, name: &str) {
        let input = json!({ "email": email, "password": "a long enough password", "name": name, "locale": "EN", "cartId": self.cart });
        let payload = self.does("register", "RegisterInput", input, SIGNED_IN).await;
        self.signs_in(&payload);
    }

    /// Logs in with a password that is right.
    pub async fn logs_in(&mut self, email: &str, password: &str) {
        let input = json!({ "email": email, "password": password, "cartId": self.cart });
        let payload = self.does("logIn", "LogInInput", input, SIGNED_IN).await;
        self.signs_in(&payload);
    }

    #[track_caller]
    pub fn signs_in(&mut self, payload: &Value) {
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        let tokens = &payload["tokens"];
        self.token = Some(
            tokens["accessToken"]
                .as_str()
                .expect("an access token")
                .to_owned(),
        );
        self.refresh_token = tokens["refreshToken"].as_str().map(ToOwned::to_owned);
        self.cart = None;
    }

    /// Puts something into the cart.
    pub async fn adds(&mut self, sku: &str, quantity: i64) -> Value {
        let payload = self.tries_to_add(sku, quantity).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        self.cart = Some(payload["cart"]["id"].as_str().expect("a cart's id").to_owned());
        payload["cart"].clone()
    }

    /// Puts something into the cart, which may be refused.
    pub async fn tries_to_add(&self, sku: &str, quantity: i64) -> Value {
        let input = json!({ "cartId": self.cart, "sku": sku, "quantity": quantity });
        self.does(
            "addToCart",
            "AddToCartInput",
            input,
            &format!("cart {{ {CART} }}"),
        )
        .await
    }

    /// Orders what is in the cart; the sandbox ends the payment as `token` says.
    pub async fn checks_out(&self, token: &str) -> Order {
        let payload = self.tries_to_check_out(token, "a key").await;
        self.ordered(&payload)
    }

    /// The order of a checkout that must have succeeded.
    #[track_caller]
    pub fn ordered(&self, payload: &Value) -> Order {
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        Order {
            id: payload["order"]["id"].as_str().expect("an order's id").to_owned(),
            key: payload["orderKey"].as_str().map(ToOwned::to_owned),
        }
    }

    /// Sends a checkout, which may be refused.
    pub async fn tries_to_check_out(&self, token: &str, idempotency_key: &str) -> Value {
        self.sends_checkout(self.checkout_input(token, idempotency_key))
            .await
    }

    /// A checkout that is as it should be.
    pub fn checkout_input(&self, token: &str, idempotency_key: &str) -> Value {
        json!({
            "cartId": self.cart.as_deref().expect("a cart"),
            "recipient": recipient(),
            "shippingMethod": "COURIER",
            "payment": { "gateway": "SANDBOX", "token": token },
            "idempotencyKey": idempotency_key,
        })
    }

    /// Sends a checkout as it is.
    pub async fn sends_checkout(&self, input: Value) -> Value {
        let query = format!(
            "mutation Checkout($input: CheckoutInput!) {{ checkout(input: $input) {{
                orderKey order {{ {ORDER} customer {{ id name }} }} userErrors {{ code message field sku available }} }} }}"
        );
        self.gets(&query, json!({ "input": input })).await["checkout"].clone()
    }

    /// Looks at an order; null when it isn't theirs.
    pub async fn looks_at(&self, order: &Order) -> Value {
        let query = format!(
            "query Order($id: ID!, $key: String) {{ order(id: $id, orderKey: $key) {{ {ORDER} payments {{ id status }} customer {{ id name }} }} }}"
        );
        self.gets(&query, json!({ "id": order.id, "key": order.key }))
            .await["order"]
            .clone()
    }

    /// Looks at an order until it is as wanted: for what no subscription tells, such as a payment after the order's end.
    pub async fn looks_until(&self, order: &Order, wanted: impl Fn(&Value) -> bool) -> Value {
        eventually(async || Some(self.looks_at(order).await).filter(|it| wanted(it))).await
    }

    /// Follows an order live.
    pub async fn follows_order(&self, order: &Order) -> Following {
        let query = format!(
            "subscription Follow($id: ID!, $key: String) {{ orderUpdated(id: $id, orderKey: $key) {{ {ORDER} }} }}"
        );
        Following {
            subscription: self
                .follows(&query, json!({ "id": order.id, "key": order.key }))
                .await,
            seen: Vec::new(),
        }
    }

    /// Follows an order until it has a status, and gives it as it is then.
    pub async fn awaits(&self, order: &Order, status: &str) -> Value {
        self.follows_order(order).await.until(status).await
    }

    /// Sets what can be bought of a thing (staff).
    pub async fn stocks(&self, sku: &str, quantity: i64) -> Value {
        let selection = "variant { sku available inStock }";
        let payload = self
            .does(
                "setStock",
                "SetStockInput",
                json!({ "sku": sku, "quantity": quantity }),
                selection,
            )
            .await;
        assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        payload["variant"].clone()
    }

    /// How many can be bought of a thing.
    pub async fn sees_available(&self, sku: &str) -> i64 {
        let data = self
            .gets(
                "query($sku: ID!) { variant(sku: $sku) { sku available } }",
                json!({ "sku": sku }),
            )
            .await;
        data["variant"]["available"].as_i64().expect("a number")
    }

    /// Things that can be bought: a sku of each of `count` products.
    pub async fn finds(&self, count: usize) -> Vec<String> {
        let query = "{ products(first: 100, sort: PRICE_ASC) { nodes { variants { sku available } } } }";
        let data = self.gets(query, json!({})).await;
        let nodes = data["products"]["nodes"].as_array().expect("products").clone();
        let skus: Vec<String> = nodes
            .iter()
            .filter_map(|it| {
                it["variants"]
                    .as_array()?
                    .iter()
                    .find(|it| it["available"].as_i64() > Some(4))
            })
            .map(|it| it["sku"].as_str().expect("a sku").to_owned())
            .take(count)
            .collect();
        assert_eq!(skus.len(), count, "the demo shop has enough things in stock");
        skus
    }

    /// One thing that can be bought.
    pub async fn finds_one(&self) -> String {
        self.finds(1).await.remove(0)
    }
}

/// Looks again and again until there is something to see; gives up after half a minute.
pub async fn eventually<T>(look: impl AsyncFn() -> Option<T>) -> T {
    let mut again = tokio::time::interval(Duration::from_millis(25));
    for _ in 0..1200 {
        again.tick().await;
        if let Some(seen) = look().await {
            return seen;
        }
    }
    panic!("it did not happen within half a minute");
}

const SIGNED_IN: &str = "
    user { id email emailVerified name phone locale roles createdAt }
    tokens { accessToken accessTokenExpiresAt refreshToken }
";

/// Somebody who can receive a parcel.
pub fn recipient() -> Value {
    json!({
        "name": "Анна Петрова", "phone": "+79161234567", "email": "anna@example.com",
        "line1": "Мясницкая, 1", "line2": "кв. 7", "city": "Москва", "region": "Москва", "postalCode": "101000", "country": "RU",
    })
}

/// An order that is followed live.
pub struct Following {
    subscription: Subscription,
    /// Every status that was seen, in order.
    pub seen: Vec<String>,
}

impl Following {
    /// The next event.
    pub async fn next(&mut self) -> Value {
        let order = self.subscription.next().await["orderUpdated"].clone();
        self.seen
            .push(order["status"].as_str().expect("a status").to_owned());
        order
    }

    /// Waits for the event with a status.
    pub async fn until(&mut self, status: &str) -> Value {
        loop {
            let order = self.next().await;
            if order["status"] == status {
                return order;
            }
        }
    }
}
