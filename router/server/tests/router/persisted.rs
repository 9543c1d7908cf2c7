//! Operations that clients name instead of sending their text.

use lavka_router::Config;
use serde_json::{Value, json};

use crate::world::World;

/// SHA-256 of `{ hello }`.
const HELLO: &str = "001c3174e099bd72b729d0c0a529ba9f5a740c446e2a6e1d71b283cb84ec3065";

fn by_hash(text: Option<&str>, hash: &str) -> String {
    let mut body = json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash}}});
    if let Some(text) = text {
        body["query"] = text.into();
    }
    body.to_string()
}

/// As Apollo's clients do it: the hash, then both, then the hash for ever after.
#[tokio::test]
async fn a_client_teaches_its_operation_once() {
    let world = World::new();
    let reply = world.post_body(&by_hash(None, HELLO)).send().await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (200, "PERSISTED_QUERY_NOT_FOUND")
    );
    assert_eq!(reply.json()["errors"][0]["message"], "PersistedQueryNotFound");
    let answer = json!({"data": {"hello": "hello world"}});
    assert_eq!(
        world
            .post_body(&by_hash(Some("{ hello }"), HELLO))
            .send()
            .await
            .json(),
        answer
    );
    assert_eq!(world.post_body(&by_hash(None, HELLO)).send().await.json(), answer);
    let extensions = json!({"persistedQuery": {"version": 1, "sha256Hash": HELLO}}).to_string();
    assert_eq!(
        world.get(&[("extensions", &extensions)]).send().await.json(),
        answer
    );
}

#[tokio::test]
async fn what_is_not_valid_is_not_learnt() {
    let world = World::new();
    // SHA-256 of `{ nope }`, a field that there isn't.
    let nope = "a0276661df3f6318da2313fd98fbe50f1e2be566dbf8092c5e0530cf0ca232d9";
    let reply = world.post_body(&by_hash(Some("{ nope }"), nope)).send().await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
    let reply = world.post_body(&by_hash(None, nope)).send().await;
    assert_eq!(reply.code(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn a_hash_of_something_else_is_a_bad_request() {
    let world = World::new();
    let reply = world.post_body(&by_hash(Some("{ nope }"), HELLO)).send().await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (400, "PERSISTED_QUERY_HASH_MISMATCH")
    );
}

#[tokio::test]
async fn a_socket_may_name_its_operations_too() {
    let world = World::new();
    world.post_body(&by_hash(Some("{ hello }"), HELLO)).send().await;
    let mut socket = world.socket().await;
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    let payload: Value = serde_json::from_str(&by_hash(None, HELLO)).unwrap();
    socket
        .say(json!({"type": "subscribe", "id": "1", "payload": payload}))
        .await;
    assert_eq!(socket.hear().await["payload"]["data"]["hello"], "hello world");
}

#[tokio::test]
async fn only_trusted_documents_are_answered_where_that_is_wanted() {
    let mut config = Config::default();
    config.persisted.trusted_only = true;
    let world = World::with_documents(config, r#"{"greeting": "{ hello }"}"#);
    let answer = json!({"data": {"hello": "hello world"}});
    assert_eq!(
        world
            .post_body(r#"{"documentId": "greeting"}"#)
            .send()
            .await
            .json(),
        answer
    );
    assert_eq!(world.post("{ hello }").send().await.json(), answer);
    assert_eq!(
        world.post("{ hello hello }").send().await.code(),
        "DOCUMENT_NOT_TRUSTED"
    );
    let reply = world.post_body(r#"{"documentId": "farewell"}"#).send().await;
    assert_eq!(reply.code(), "PERSISTED_QUERY_NOT_FOUND");
}
