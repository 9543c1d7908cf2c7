//! `@defer`: what is slow doesn't hold up the rest.

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::world::{Reply, World, network_client};

const SLOW: &str = r#"{ newest { title } ... @defer(label: "later") { slow } }"#;
const WITH_IDS: &str =
    "multipart/mixed;incrementalSpec=v0.2, application/graphql-response+json, application/json;q=0.9";
const WITH_PATHS: &str = "multipart/mixed;deferSpec=20220824,application/json";

/// The parts of a body, each as JSON.
fn parts(reply: &Reply) -> Vec<Value> {
    let body = reply.text.strip_suffix("--graphql--\r\n");
    let body = body.unwrap_or_else(|| panic!("no end: {}", reply.text));
    let parts = body.split("--graphql").skip(1);
    parts
        .map(|part| {
            let (head, json) = part.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{part}"));
            assert_eq!(head, "\r\ncontent-type: application/json; charset=utf-8");
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
        })
        .collect()
}

/// The slow field may be answered as often as it is asked for.
fn patient() -> World {
    let world = World::new();
    world.stage.patience.notify_one();
    world
}

#[tokio::test]
async fn the_first_piece_is_out_before_the_slow_subgraph_has_answered() {
    let world = World::new();
    let request = network_client()
        .post(format!("http://{}/graphql", world.listen().await))
        .header("content-type", "application/json")
        .header("accept", WITH_IDS)
        .header("accept-encoding", "gzip")
        .body(json!({ "query": SLOW }).to_string());
    let response = request.send().await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "multipart/mixed;boundary=graphql;incrementalSpec=v0.2"
    );
    let mut body = response.bytes_stream();
    let mut seen = String::new();
    while !seen.ends_with("--graphql") || seen.len() < 12 {
        seen.push_str(std::str::from_utf8(&body.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(
        seen.contains(r#"{"data":{"newest":{"title":"Lamps"}},"pending":[{"id":"0","path":[],"label":"later"}],"hasNext":true}"#),
        "{seen}"
    );
    // Only now does it answer.
    world.stage.waiting.notified().await;
    world.stage.patience.notify_one();
    while let Some(more) = body.next().await {
        seen.push_str(std::str::from_utf8(&more.unwrap()).unwrap());
    }
    assert!(
        seen.ends_with("{\"incremental\":[{\"id\":\"0\",\"data\":{\"slow\":true}}],\"completed\":[{\"id\":\"0\"}],\"hasNext\":false}\r\n--graphql--\r\n"),
        "{seen}"
    );
}

#[tokio::test]
async fn in_the_form_of_2022_patches_have_paths() {
    let reply = patient().post(SLOW).accept(WITH_PATHS).send().await;
    assert_eq!(
        reply.header("content-type"),
        "multipart/mixed;boundary=graphql;deferSpec=20220824"
    );
    assert_eq!(
        parts(&reply),
        [
            json!({"data": {"newest": {"title": "Lamps"}}, "hasNext": true}),
            json!({"incremental": [{"data": {"slow": true}, "path": [], "label": "later"}], "hasNext": false}),
        ]
    );
}

#[tokio::test]
async fn who_cannot_take_pieces_gets_one() {
    for accept in [
        "application/json",
        "*/*",
        "multipart/mixed;subscriptionSpec=1.0, application/json",
    ] {
        let reply = patient().post(SLOW).accept(accept).send().await;
        assert_eq!(
            reply.json(),
            json!({"data": {"newest": {"title": "Lamps"}, "slow": true}}),
            "{accept}"
        );
    }
}

#[tokio::test]
async fn where_nothing_is_deferred_there_is_one_piece() {
    let world = patient();
    let query = "query($later: Boolean!) { newest { title } ... @defer(if: $later) { slow } }";
    let reply = world
        .post_with(query, json!({ "later": false }))
        .accept(WITH_IDS)
        .send()
        .await;
    assert_eq!(reply.text, r#"{"data":{"newest":{"title":"Lamps"},"slow":true}}"#);
    let reply = world
        .post("{ hello ... @defer { person(id: \"ann\") { name } } }")
        .accept(WITH_IDS)
        .send()
        .await;
    assert_eq!(
        reply.text, r#"{"data":{"hello":"hello world","person":{"name":"Ann"}}}"#,
        "the same request to the same subgraph brings it"
    );
    world.stage.patience.notify_one();
    let reply = world
        .post_with(query, json!({ "later": true }))
        .accept(WITH_IDS)
        .send()
        .await;
    assert_eq!(parts(&reply).len(), 2, "each value has a plan of its own");
}

#[tokio::test]
async fn pieces_over_sse() {
    let reply = patient().post(SLOW).accept("text/event-stream").send().await;
    let events: Vec<&str> = reply.text.split("event: next\ndata: ").collect();
    assert_eq!(events.len(), 3, "{}", reply.text);
    assert!(events[1].starts_with(r#"{"data":{"newest":"#) && events[1].contains(r#""hasNext":true"#));
    assert!(events[2].contains(r#""hasNext":false"#) && events[2].ends_with("event: complete\ndata:\n\n"));
}

#[tokio::test]
async fn pieces_over_websocket_are_messages() {
    let world = World::new();
    let mut socket = world.socket().await;
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket
        .say(json!({"type": "subscribe", "id": "1", "payload": {"query": SLOW}}))
        .await;
    let first = socket.hear().await;
    assert_eq!(first["type"], "next");
    assert_eq!(first["payload"]["data"], json!({"newest": {"title": "Lamps"}}));
    assert_eq!(first["payload"]["hasNext"], true);
    world.stage.patience.notify_one();
    let second = socket.hear().await;
    assert_eq!(second["payload"]["incremental"][0]["data"], json!({"slow": true}));
    assert_eq!(second["payload"]["hasNext"], false);
    assert_eq!(socket.hear().await, json!({"type": "complete", "id": "1"}));
}

#[tokio::test]
async fn who_leaves_stops_the_work() {
    let world = World::new();
    let request = network_client()
        .post(format!("http://{}/graphql", world.listen().await))
        .header("content-type", "application/json")
        .header("accept", WITH_IDS)
        .body(json!({ "query": SLOW }).to_string());
    let mut body = request.send().await.unwrap().bytes_stream();
    body.next().await.unwrap().unwrap();
    world.stage.waiting.notified().await;
    drop(body);
    world.stage.slow_dropped.notified().await;
}

#[tokio::test]
async fn the_rules_for_defer_are_checked() {
    let world = World::new();
    for (query, message) in [
        (
            r#"{ ... @defer(label: "a") { hello } me { ... @defer(label: "a") { name } } }"#,
            "`@defer` label `a` is not unique within the document",
        ),
        (
            "mutation { ... @defer { bump } }",
            "`@defer` is not allowed on root selections of mutation operations",
        ),
        ("subscription { ticks { ... @defer { number } } }", ""),
    ] {
        let reply = world.post(query).send().await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
        let told = reply.json()["errors"][0]["message"].to_string();
        assert!(told.contains(message), "{told}");
        assert!(reply.json()["errors"][0]["locations"][0]["line"].is_number());
    }
}

#[tokio::test]
async fn clients_can_see_that_defer_is_there() {
    let query = "{ __schema { directives { name locations args { name defaultValue } } } }";
    let reply = World::new().post(query).send().await.json();
    let directives = reply["data"]["__schema"]["directives"].as_array().unwrap();
    let defer = directives.iter().find(|directive| directive["name"] == "defer");
    assert_eq!(
        defer,
        Some(&json!({
            "name": "defer",
            "locations": ["FRAGMENT_SPREAD", "INLINE_FRAGMENT"],
            "args": [{"name": "if", "defaultValue": "true"}, {"name": "label", "defaultValue": null}],
        }))
    );
}
