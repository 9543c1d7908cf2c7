//! What checkout asks of others: the cart, and what its lines cost now.

use std::collections::HashMap;

use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::Money;
use lavka_kit::peers::{PeerError, Peers};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::order::Order;

const CART: &str = "userId generation lines { sku quantity }";
const OFFER: &str = "title price { amount currency } product { title } orderable";
const TAKE: &str = "mutation takeOrderedLines($cartId: ID!, $generation: Int!, $lines: [OrderedLineInput!]!) { \
                    takeOrderedLines(cartId: $cartId, generation: $generation, lines: $lines) { id } }";

/// A peer did not tell us what we need.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Peer(#[from] PeerError),
    #[error("read the answer about {what}")]
    Answer {
        what: String,
        #[source]
        source: serde_json::Error,
    },
}

/// A cart as it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cart {
    /// The account; none for a guest's.
    pub user_id: Option<Id>,
    pub generation: i32,
    pub lines: Vec<CartLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CartLine {
    pub sku: String,
    pub quantity: i32,
}

/// What something is called and costs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub title: String,
    pub price: Money,
}

#[derive(Deserialize)]
struct Variant {
    title: String,
    price: Money,
    product: Product,
    orderable: bool,
}

#[derive(Deserialize)]
struct Product {
    title: String,
}

impl From<Variant> for Offer {
    fn from(
        Variant {
            title,
            price,
            product,
            ..
        }: Variant,
    ) -> Self {
        // A product's only variant is called like the product.
        let full = title.is_empty() || title == product.title;
        Self {
            title: if full {
                product.title
            } else {
                format!("{}, {title}", product.title)
            },
            price,
        }
    }
}

/// The cart of this id, whosever it is.
pub async fn cart(peers: &Peers, id: Id) -> Result<Option<Cart>, AskError> {
    let answer = peers
        .entities("cart", "Cart", &[json!({ "id": id })], CART)
        .await?
        .pop()
        .flatten();
    answer
        .map(|answer| read(answer, || format!("cart {id}")))
        .transpose()
}

/// What these are called, in this language, and cost; what nobody can order (any more) is not in it.
pub async fn offers(
    peers: &Peers,
    skus: &[&str],
    locale: Locale,
) -> Result<HashMap<String, Offer>, AskError> {
    let keys: Vec<Value> = skus.iter().map(|sku| json!({ "sku": sku })).collect();
    let answers = peers
        .speaking(locale)
        .entities("catalog", "Variant", &keys, OFFER)
        .await?;
    let mut offers = HashMap::new();
    for (sku, answer) in skus.iter().zip(answers) {
        let Some(answer) = answer else { continue };
        let variant: Variant = read(answer, || format!("variant {sku}"))?;
        if variant.orderable {
            offers.insert((*sku).to_owned(), variant.into());
        }
    }
    Ok(offers)
}

/// An order was placed: its lines leave the cart.
pub async fn take_ordered_lines(peers: &Peers, order: &Order) -> Result<(), PeerError> {
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| json!({ "sku": line.sku, "quantity": line.quantity }))
        .collect();
    let variables = json!({ "cartId": order.cart.id, "generation": order.cart.generation, "lines": lines });
    peers.call("cart", TAKE, variables).await.map(drop)
}

fn read<T: serde::de::DeserializeOwned>(answer: Value, what: impl Fn() -> String) -> Result<T, AskError> {
    serde_json::from_value(answer).map_err(|source| AskError::Answer { what: what(), source })
}
