//! Subscriptions over plain HTTP: SSE and multipart.

use futures_util::StreamExt;
use http::StatusCode;
use lavka_router::Config;

use crate::world::{World, network_client};

const COUNT: &str = "subscription { count(to: 2) { number person { posts { title } } } }";

fn event(number: u8) -> String {
    format!(r#"{{"data":{{"count":{{"number":{number},"person":{{"posts":[{{"title":"Lamps"}}]}}}}}}}}"#)
}

#[tokio::test]
async fn events_over_sse_are_completed_by_other_subgraphs() {
    let reply = World::new().post(COUNT).accept("text/event-stream").send().await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/event-stream; charset=utf-8");
    let (one, two) = (event(1), event(2));
    assert_eq!(
        reply.text,
        format!(":\n\nevent: next\ndata: {one}\n\nevent: next\ndata: {two}\n\nevent: complete\ndata:\n\n")
    );
}

#[tokio::test]
async fn events_over_multipart() {
    let world = World::new();
    let reply = world
        .post(COUNT)
        .accept("multipart/mixed;subscriptionSpec=1.0, application/json")
        .send()
        .await;
    assert_eq!(
        reply.header("content-type"),
        "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"
    );
    let parts: Vec<_> = reply.text.split("--graphql").collect();
    assert_eq!(parts.len(), 4, "{}", reply.text);
    assert_eq!(
        parts[1],
        format!(
            "\r\ncontent-type: application/json\r\n\r\n{{\"payload\":{}}}\r\n",
            event(1)
        )
    );
    assert_eq!(parts[3], "--\r\n");
}

#[tokio::test]
async fn a_subscription_by_get_works_for_an_event_source() {
    let reply = World::new()
        .get(&[("query", COUNT)])
        .accept("text/event-stream")
        .send()
        .await;
    assert!(
        reply.text.ends_with("event: complete\ndata:\n\n"),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn queries_and_their_errors_go_over_sse_as_well() {
    let world = World::new();
    let reply = world.post("{ hello }").accept("text/event-stream").send().await;
    assert!(
        reply
            .text
            .contains("event: next\ndata: {\"data\":{\"hello\":\"hello world\"}}\n\nevent: complete\n")
    );
    let reply = world.post("{ nope }").accept("text/event-stream").send().await;
    assert_eq!(
        reply.status,
        StatusCode::OK,
        "EventSource can't read anything else"
    );
    assert!(
        reply.text.contains("GRAPHQL_VALIDATION_FAILED")
            && reply.text.ends_with("event: complete\ndata:\n\n")
    );
}

#[tokio::test]
async fn who_cannot_take_a_stream_is_told() {
    let reply = World::new().post(COUNT).accept("application/json").send().await;
    assert_eq!((reply.status.as_u16(), &*reply.code()), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn leaving_ends_the_subscription_at_its_subgraph() {
    let world = World::new();
    let request = network_client()
        .post(format!("http://{}/graphql", world.listen().await))
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .header("accept-encoding", "gzip")
        .body(r#"{"query":"subscription { ticks { number } }"}"#);
    let response = request.send().await.unwrap();
    assert_eq!(
        response.headers().get("content-encoding"),
        None,
        "a stream is not held up by compression"
    );
    let mut body = response.bytes_stream();
    let mut seen = String::new();
    while !seen.contains("event: next") {
        seen.push_str(std::str::from_utf8(&body.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(
        world
            .handle
            .metrics_page()
            .contains("lavka_router_open_subscriptions 1\n")
    );
    drop(body);
    world.stage.ticks_dropped.notified().await;
}

#[tokio::test]
async fn one_stream_too_many_is_refused() {
    let mut config = Config::default();
    config.streams.open = 0;
    let reply = World::with(config)
        .post(COUNT)
        .accept("text/event-stream")
        .send()
        .await;
    assert_eq!((reply.status.as_u16(), &*reply.code()), (503, "OVERLOADED"));
}

#[tokio::test]
async fn a_shutdown_ends_streams() {
    let world = World::new();
    let open = tokio::spawn(
        world
            .post("subscription { ticks { number } }")
            .accept("text/event-stream")
            .send(),
    );
    while !world
        .handle
        .metrics_page()
        .contains("lavka_router_open_subscriptions 1\n")
    {
        tokio::task::yield_now().await;
    }
    world.handle.shut_down();
    let reply = open.await.unwrap();
    assert!(
        !reply.text.contains("complete"),
        "the client shall come again: {}",
        reply.text
    );
}
