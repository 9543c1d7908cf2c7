//! Checkouts of guests, each of a cart with two things in it that was filled before.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::adding::{add, cart_of};
use crate::goods;
use crate::report::Report;
use crate::store::Store;
use crate::traffic::{Pace, Traffic, Visitor};

const CHECKOUT: &str = "mutation Checkout($input: CheckoutInput!) { checkout(input: $input) { order { id number status total { amount currency } } orderKey userErrors { code message } } }";

/// Filled carts that nobody has taken yet.
type Carts = Arc<Mutex<VecDeque<String>>>;

/// Fills carts, two requests each, and leaves them for others.
struct Filler {
    filled: Carts,
    wanted: usize,
    cart: Option<String>,
    number: usize,
}

impl Visitor for Filler {
    fn asks(&mut self) -> Option<Bytes> {
        if self.wanted == 0 {
            return None;
        }
        self.number += 1;
        Some(add(self.cart.as_deref(), &goods::in_stock(self.number)))
    }

    fn hears(&mut self, answer: &Bytes) -> Result<()> {
        match self.cart.take() {
            None => self.cart = Some(cart_of(answer)?),
            Some(_) => {
                let cart = cart_of(answer)?;
                lock(&self.filled).push_back(cart);
                self.wanted -= 1;
            }
        }
        Ok(())
    }
}

/// Takes a filled cart and checks out.
struct Buyer {
    filled: Carts,
    orders: Vec<Ordered>,
}

/// An order, and the guest's key to it.
#[derive(Clone)]
pub struct Ordered {
    pub id: String,
    pub key: String,
}

impl Visitor for Buyer {
    fn asks(&mut self) -> Option<Bytes> {
        let cart = lock(&self.filled).pop_front()?;
        Some(checkout(&cart, "ok"))
    }

    fn hears(&mut self, answer: &Bytes) -> Result<()> {
        self.orders.push(ordered(answer)?);
        Ok(())
    }
}

/// The request that makes an order of a cart. The sandbox ends its payment as `token` says.
pub fn checkout(cart: &str, token: &str) -> Bytes {
    let recipient = json!({
        "name": "Анна Петрова", "phone": "+79161234567", "email": "anna@example.com",
        "line1": "Мясницкая, 1", "city": "Москва", "postalCode": "101000", "country": "RU",
    });
    let input = json!({
        "cartId": cart, "recipient": recipient, "shippingMethod": "COURIER", "idempotencyKey": cart,
        "payment": { "gateway": "SANDBOX", "token": token },
    });
    let request = json!({ "query": CHECKOUT, "variables": { "input": input } });
    request.to_string().into()
}

/// The order that was made.
pub fn ordered(answer: &Bytes) -> Result<Ordered> {
    let told = || format!("nothing was ordered: {:.500}", String::from_utf8_lossy(answer));
    let answer: Value = serde_json::from_slice(answer).with_context(told)?;
    let payload = &answer["data"]["checkout"];
    let text = |it: &Value| it.as_str().map(str::to_owned).with_context(told);
    Ok(Ordered {
        id: text(&payload["order"]["id"])?,
        key: text(&payload["orderKey"])?,
    })
}

/// So many carts with two things in each.
pub async fn fill(store: &Store, count: usize) -> Result<Vec<String>> {
    const FILLERS: usize = 16;
    let filled = Carts::default();
    let fillers = (0..FILLERS).map(|number| Filler {
        filled: Arc::clone(&filled),
        wanted: count.div_ceil(FILLERS),
        cart: None,
        number: number * 13,
    });
    Traffic::until_all_have_what_they_want(store.graphql(), fillers.collect()).await?;
    let mut filled = lock(&filled);
    Ok(filled.drain(..).collect())
}

/// First as fast as it goes, then at the rate that is wanted; then until all is paid.
pub async fn measure(store: &Store, pace: Pace, rate: f64, report: &mut Report) -> Result<()> {
    let halves = [
        (format!("checkout, {} at a time", pace.shoppers), "300/s", None),
        (format!("checkout, {rate} a second"), "p99 200 ms", Some(rate)),
    ];
    for (what, target, rate) in halves {
        // More than there can be: nobody is to find the shelf empty before the time is over.
        let most = rate.unwrap_or(600.0) * pace.seconds.as_secs_f64() * 1.3;
        let filled = Arc::new(Mutex::new(VecDeque::from(fill(store, most as usize).await?)));
        store.calms_down().await?;
        let buyers = (0..pace.shoppers * if rate.is_some() { 4 } else { 1 }).map(|_| Buyer {
            filled: Arc::clone(&filled),
            orders: Vec::new(),
        });
        let traffic = pace.traffic(store, rate);
        let (outcome, buyers) = traffic.of(buyers.collect(), store.programs()).await?;
        report.add(what, target, outcome);
        let made: Vec<Ordered> = buyers.into_iter().flat_map(|it| it.orders).collect();
        let closed = Instant::now();
        all_paid(store, &made).await?;
        let took = closed.elapsed().as_secs_f64();
        report.note(format!(
            "of these {} orders the last was paid {took:.1} s after the last checkout",
            made.len()
        ));
        store.calms_down().await?;
    }
    Ok(())
}

/// Looks at the orders until each is PAID, which takes as long as what follows a checkout lags behind.
async fn all_paid(store: &Store, orders: &[Ordered]) -> Result<()> {
    let query = "query Look($id: ID!, $key: String) { order(id: $id, orderKey: $key) { status } }";
    let until = Instant::now() + Duration::from_secs(300);
    // Of many some, from the first to the last: the events of all of them stand in the same lines.
    for order in orders.iter().step_by(orders.len().div_ceil(300).max(1)) {
        loop {
            let answer = store
                .asks(query, json!({ "id": order.id, "key": order.key }))
                .await?;
            match answer["order"]["status"].as_str() {
                Some("PAID") => break,
                _ if Instant::now() > until => {
                    bail!("order {} is not paid after five minutes: {answer}", order.id)
                }
                _ => sleep(Duration::from_millis(20)).await,
            }
        }
    }
    Ok(())
}

fn lock(carts: &Carts) -> std::sync::MutexGuard<'_, VecDeque<String>> {
    carts.lock().unwrap_or_else(PoisonError::into_inner)
}
