//! Peers that answer, refuse, hang, and lie.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use super::*;
use crate::BoxFuture;
use crate::testing::{FakePeer, TestWorld};

/// A catalog that knows every sku but "gone".
fn catalog() -> Arc<FakePeer> {
    FakePeer::of_entities(|key| {
        let sku = key["sku"].as_str()?;
        (sku != "gone").then(|| json!({ "sku": sku }))
    })
}

#[tokio::test]
async fn entities_come_in_the_order_of_their_keys_and_each_is_asked_for_once() {
    let world = TestWorld::of("cart").await;
    let peer = catalog();
    world.context.peers.connect("catalog", peer.clone());
    let keys = ["b", "gone", "a", "b"].map(|sku| json!({ "sku": sku }));
    let found = world
        .context
        .peers
        .entities("catalog", "Variant", &keys, "sku")
        .await
        .unwrap();
    assert_eq!(
        found,
        [
            Some(json!({ "sku": "b" })),
            None,
            Some(json!({ "sku": "a" })),
            Some(json!({ "sku": "b" }))
        ]
    );
    let (query, variables) = peer.asked().remove(0);
    assert!(query.contains("... on Variant { sku }"), "{query}");
    assert_eq!(variables["keys"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        variables["keys"][0],
        json!({ "sku": "b", "__typename": "Variant" })
    );
}

#[tokio::test]
async fn many_entities_are_asked_for_in_several_requests() {
    let world = TestWorld::of("cart").await;
    let peer = catalog();
    world.context.peers.connect("catalog", peer.clone());
    let keys: Vec<_> = (0..450).map(|n| json!({ "sku": n.to_string() })).collect();
    let found = world
        .context
        .peers
        .entities("catalog", "Variant", &keys, "sku")
        .await
        .unwrap();
    assert_eq!(found[449], Some(json!({ "sku": "449" })));
    assert_eq!(peer.asked().len(), 3);
    let none = world
        .context
        .peers
        .entities("catalog", "Variant", &[], "sku")
        .await
        .unwrap();
    assert_eq!((none, peer.asked().len()), (vec![], 3));
}

#[tokio::test]
async fn a_loader_makes_one_request_of_many() {
    let world = TestWorld::of("cart").await;
    let peer = catalog();
    world.context.peers.connect("catalog", peer.clone());
    let loaders = RequestLoaders::default();
    let loader = loaders.of(&world.context.peers, "catalog", "Variant", "sku");
    let load = async |sku: &str| loader.load(&json!({ "sku": sku })).await.unwrap();
    let found = tokio::join!(load("a"), load("b"), load("a"), load("gone"));
    assert_eq!(found.2, Some(json!({ "sku": "a" })));
    assert_eq!(found.3, None);
    assert_eq!(peer.asked().len(), 1);
}

#[tokio::test]
async fn an_error_says_which_peer_and_what_for() {
    let world = TestWorld::of("orders").await;
    let peers = &world.context.peers;
    let told = async |transport: Option<Arc<dyn PeerTransport>>| {
        if let Some(transport) = transport {
            peers.connect("cart", transport);
        }
        let call = peers.call(
            "cart",
            "mutation ($id: ID!) { takeOrderedLines(cartId: $id) { ok } }",
            json!({}),
        );
        call.await.unwrap_err().to_string()
    };
    assert_eq!(
        told(None).await,
        "call takeOrderedLines at the cart service: not connected"
    );
    assert_eq!(
        told(Some(FakePeer::away())).await,
        "call takeOrderedLines at the cart service: away"
    );
    assert_eq!(
        told(Some(FakePeer::new(|_, _| Err("no such cart".into())))).await,
        "call takeOrderedLines at the cart service: it answers: no such cart"
    );
    assert_eq!(
        told(Some(Arc::new(Raw("<html>")))).await,
        "call takeOrderedLines at the cart service: its answer can't be read: expected value at line 1 column 1"
    );
    assert_eq!(
        told(Some(Arc::new(Raw("{}")))).await,
        "call takeOrderedLines at the cart service: its answer can't be read: no data in it"
    );
}

#[tokio::test]
async fn fewer_entities_than_keys_are_not_taken_for_the_right_ones() {
    let world = TestWorld::of("cart").await;
    world
        .context
        .peers
        .connect("catalog", FakePeer::new(|_, _| Ok(json!({ "_entities": [] }))));
    let keys = [json!({ "sku": "a" })];
    let error = world
        .context
        .peers
        .entities("catalog", "Variant", &keys, "sku")
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "read 1 Variant at the catalog service: its answer can't be read: not 1 entities"
    );
}

/// A peer that says always the same.
struct Raw(&'static str);

impl PeerTransport for Raw {
    fn send(&self, _: PeerRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async { Ok(Bytes::from_static(self.0.as_bytes())) })
    }
}

/// A peer whose own database is away says so, and so does who asked it; any other error beside it counts more.
#[test]
fn a_peer_that_can_not_answer_now_is_told_from_one_that_refuses() {
    let error = |code: &str| json!({ "message": code, "extensions": { "code": code } });
    let problem = |codes: &[&str]| {
        let errors: Vec<Value> = codes.iter().map(|code| error(code)).collect();
        data_of(json!({ "data": null, "errors": errors }).to_string().as_bytes()).unwrap_err()
    };
    let away = problem(&["SERVICE_UNAVAILABLE", "SERVICE_UNAVAILABLE"]);
    assert!(matches!(away, PeerProblem::Away(_)), "{away}");
    let refused = problem(&["SERVICE_UNAVAILABLE", "FORBIDDEN"]);
    assert!(matches!(refused, PeerProblem::Refused(_)), "{refused}");
}

#[test]
fn data_beside_errors_is_no_answer() {
    let told = data_of(br#"{"data": {"a": 1}, "errors": [{"message": "half"}]}"#).map_err(|e| e.to_string());
    assert_eq!(told, Err("it answers: half".to_owned()));
    assert_eq!(
        data_of(br#"{"data": {"a": 1}}"#).ok(),
        Some(Value::from_iter([("a", 1)]))
    );
}
