//! Too much of anything ends in a clear answer, and the router goes on.

use std::io::Write;

use lavka_router::Config;
use serde_json::json;

use crate::world::{World, network_client};

#[tokio::test]
async fn a_body_past_the_limit_gets_413() {
    let world = World::new();
    let body = json!({"query": "{ hello }", "variables": {"x": "x".repeat(20 * 1024 * 1024)}}).to_string();
    let reply = world.post_body(&body).send().await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (413, "PAYLOAD_TOO_LARGE")
    );
}

#[tokio::test]
async fn a_huge_body_over_a_real_connection_gets_to_hear_413() {
    let address = World::new().listen().await;
    let request = network_client().post(format!("http://{address}/graphql"));
    let body = format!(r#"{{"query":"{}"}}"#, " ".repeat(20 * 1024 * 1024));
    let response = request
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "PAYLOAD_TOO_LARGE");
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn gzip_is_unpacked_and_measured_unpacked() {
    let world = World::new();
    let small = gzipped(r#"{"query":"{ hello }"}"#);
    let reply = world
        .post("")
        .header("content-encoding", "gzip")
        .body(small)
        .send()
        .await;
    assert_eq!(reply.json(), json!({"data": {"hello": "hello world"}}));
    let bomb = gzipped(&format!(r#"{{"query":"{}"}}"#, " ".repeat(4 * 1024 * 1024)));
    assert!(bomb.len() < 10_000);
    let reply = world
        .post("")
        .header("content-encoding", "gzip")
        .body(bomb)
        .send()
        .await;
    assert_eq!(reply.status, 413);
    let reply = world
        .post("{ hello }")
        .header("content-encoding", "br")
        .send()
        .await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (415, "UNSUPPORTED_MEDIA_TYPE")
    );
    let reply = world
        .post("{ hello }")
        .header("content-encoding", "gzip")
        .send()
        .await;
    assert_eq!(reply.status, 400, "{reply:?}");
}

#[tokio::test]
async fn answers_are_compressed_for_who_wants_it() {
    let world = World::new();
    let reply = network_client()
        .get(format!(
            "http://{}/graphql?query=%7Bbig(size:5000)%7D",
            world.listen().await
        ))
        .header("accept-encoding", "gzip")
        .send()
        .await
        .unwrap();
    assert_eq!(reply.headers()["content-encoding"], "gzip");
    assert!(reply.bytes().await.unwrap().len() < 500);
}

#[tokio::test]
async fn an_operations_shape_is_limited() {
    let mut config = Config::default();
    config.limits.depth = 4;
    config.limits.aliases = 3;
    config.limits.root_fields = 5;
    config.limits.tokens = 200;
    let world = World::with(config);
    let deep = "{ newest { author { posts { author { name } } } } }";
    let aliases = "{ a: hello b: hello c: hello d: hello }";
    let roots = "{ hello hello hello hello hello hello }";
    let tokens = format!("{{ hello {} }}", "__typename ".repeat(300));
    for (query, code) in [
        (deep, "MAX_DEPTH_LIMIT"),
        (aliases, "MAX_ALIASES_LIMIT"),
        (roots, "MAX_ROOT_FIELDS_LIMIT"),
        (&tokens, "MAX_TOKENS_LIMIT"),
    ] {
        let reply = world
            .post(query)
            .accept("application/graphql-response+json")
            .send()
            .await;
        assert_eq!((reply.status.as_u16(), &*reply.code()), (400, code), "{query}");
    }
    assert_eq!(
        world
            .post("{ newest { author { posts { title } } } }")
            .send()
            .await
            .code(),
        ""
    );
}

#[tokio::test]
async fn one_request_too_many_is_shed_at_once() {
    let mut config = Config::default();
    config.limits.concurrent_requests = 1;
    let world = World::with(config);
    let slow = tokio::spawn(world.post("{ slow }").send());
    world.stage.waiting.notified().await;
    let shed = world.post("{ hello }").send().await;
    assert_eq!(
        (shed.status.as_u16(), &*shed.code(), shed.header("retry-after")),
        (503, "OVERLOADED", "1")
    );
    world.stage.patience.notify_one();
    assert_eq!(slow.await.unwrap().json(), json!({"data": {"slow": true}}));
    assert_eq!(world.post("{ hello }").send().await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn of_a_request_that_takes_too_long_the_rest_is_answered_in_time() {
    let world = World::new();
    let started = tokio::time::Instant::now();
    // Its second wave doesn't get more time than is left.
    let reply = world
        .post("{ newest { title author { name } } slow }")
        .send()
        .await;
    assert_eq!(started.elapsed().as_secs(), 27);
    assert_eq!(
        reply.json()["data"],
        json!({"newest": {"title": "Lamps", "author": {"name": "Ann"}}, "slow": null})
    );
    assert_eq!(reply.json()["errors"][0]["path"], json!(["slow"]));
    assert_eq!(reply.code(), "SUBREQUEST_TIMEOUT");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_asks_too_often_is_told_so() {
    let mut config = Config::default();
    config.rate_limit.per_second = 1;
    config.rate_limit.burst = 2;
    config.rate_limit.proxies = 1;
    let world = World::with(config);
    let ask = |client: &str| world.post("{ hello }").header("x-forwarded-for", client).send();
    for _ in 0..2 {
        assert_eq!(ask("192.0.2.1").await.status, 200);
    }
    let refused = ask("192.0.2.1").await;
    assert_eq!(
        (
            refused.status.as_u16(),
            &*refused.code(),
            refused.header("retry-after")
        ),
        (429, "RATE_LIMITED", "1")
    );
    assert_eq!(ask("192.0.2.2").await.status, 200);
}

#[tokio::test]
async fn counters_are_on_the_page() {
    let world = World::new();
    world.post("{ hello }").send().await;
    world.post("{ hello }").send().await;
    world.post("{ nope }").send().await;
    let page = world.handle.metrics_page();
    for line in [
        r#"lavka_router_http_responses_total{status="200"} 3"#,
        r#"lavka_router_operations_total{protocol="http",outcome="executed"} 2"#,
        r#"lavka_router_operations_total{protocol="http",outcome="GRAPHQL_VALIDATION_FAILED"} 1"#,
        r#"lavka_router_subgraph_requests_total{subgraph="people",outcome="answer"} 2"#,
        r#"lavka_router_cache_lookups_total{cache="document",result="hit"} 1"#,
        r#"lavka_router_cache_lookups_total{cache="plan",result="miss"} 1"#,
    ] {
        assert!(page.lines().any(|found| found == line), "{line} in\n{page}");
    }
}
