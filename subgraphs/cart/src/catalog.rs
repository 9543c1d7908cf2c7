//! What things cost now, from the peer that knows: the catalog.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use lavka_kit::money::Money;
use lavka_kit::peers::{EntityLoader, PeerError, Peers, RequestLoaders};
use serde::Deserialize;
use serde_json::{Value, json};

const SELECTION: &str = "orderable price { amount currency }";

/// The catalog did not say what something costs.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("ask the catalog for prices")]
    Peer(#[from] PeerError),
    #[error("read the catalog's answer about {sku}")]
    Answer {
        sku: String,
        #[source]
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Offer {
    orderable: bool,
    price: Money,
}

/// What one variant costs; `None` when nobody can order it (any more).
pub async fn price(
    peers: &Peers,
    loaders: &RequestLoaders,
    sku: &str,
) -> Result<Option<Money>, CatalogError> {
    one(&loaders.of(peers, "catalog", "Variant", SELECTION), sku).await
}

/// What several cost, asked for together. What nobody can order (any more) is not in it.
pub async fn prices(
    peers: &Peers,
    loaders: &RequestLoaders,
    skus: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, Money>, CatalogError> {
    let loader = loaders.of(peers, "catalog", "Variant", SELECTION);
    let asked = skus.into_iter().map(|sku| {
        let loader = &loader;
        async move { Ok::<_, CatalogError>((sku.to_owned(), one(loader, sku).await?)) }
    });
    let answers = try_join_all(asked).await?;
    Ok(answers
        .into_iter()
        .filter_map(|(sku, price)| Some((sku, price?)))
        .collect())
}

async fn one(loader: &EntityLoader, sku: &str) -> Result<Option<Money>, CatalogError> {
    let Some(answer): Option<Value> = loader.load(&json!({ "sku": sku })).await? else {
        return Ok(None);
    };
    let offer: Offer = serde_json::from_value(answer).map_err(|source| CatalogError::Answer {
        sku: sku.to_owned(),
        source,
    })?;
    Ok(offer.orderable.then_some(offer.price))
}
