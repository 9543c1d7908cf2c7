//! Putting things into carts that are there.

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::goods;
use crate::report::Report;
use crate::store::Store;
use crate::traffic::{Pace, Visitor};

const ADD: &str = "mutation Add($input: AddToCartInput!) { addToCart(input: $input) { cart { id itemCount total { amount currency } } userErrors { code } } }";

/// Somebody who fills a cart, and takes another when it is full.
struct Filler {
    cart: Option<String>,
    added: usize,
    number: usize,
}

impl Visitor for Filler {
    fn asks(&mut self) -> Option<Bytes> {
        self.added += 1;
        // Ten things, up to so many times: real carts hold a few lines.
        if self.added.is_multiple_of(500) {
            self.cart = None;
        }
        let sku = goods::in_stock(self.number + self.added % 10);
        Some(add(self.cart.as_deref(), &sku))
    }

    fn hears(&mut self, answer: &Bytes) -> Result<()> {
        if self.cart.is_none() {
            self.cart = Some(cart_of(answer)?);
        } else if !answer.starts_with(br#"{"data":{"addToCart":{"cart":{"id""#)
            || !answer.ends_with(br#""userErrors":[]}}}"#)
        {
            bail!("nothing was added: {:.500}", String::from_utf8_lossy(answer));
        }
        Ok(())
    }
}

/// The request that puts one of a thing into a cart, or into a new one.
pub fn add(cart: Option<&str>, sku: &str) -> Bytes {
    let input = json!({ "cartId": cart, "sku": sku, "quantity": 1 });
    let request = json!({ "query": ADD, "variables": { "input": input } });
    request.to_string().into()
}

/// The cart that something was added to.
pub fn cart_of(answer: &Bytes) -> Result<String> {
    let told = || format!("nothing was added: {:.500}", String::from_utf8_lossy(answer));
    let answer: Value = serde_json::from_slice(answer).with_context(told)?;
    let id = answer["data"]["addToCart"]["cart"]["id"].as_str();
    Ok(id.with_context(told)?.to_owned())
}

/// As fast as it goes.
pub async fn measure(store: &Store, pace: Pace, report: &mut Report) -> Result<()> {
    let fillers = (0..pace.shoppers).map(|number| Filler {
        cart: None,
        added: 0,
        number,
    });
    let traffic = pace.traffic(store, None);
    let (outcome, _) = traffic.of(fillers.collect(), store.programs()).await?;
    report.add("add to cart", "5,000/s", outcome);
    Ok(())
}
