//! The rules of GraphQL over HTTP: methods, media types, statuses, forms of requests.

use lavka_router::Config;
use serde_json::json;

use crate::world::World;

const GRAPHQL: &str = "application/graphql-response+json";

#[tokio::test]
async fn a_query_by_post_crosses_subgraphs() {
    let reply = World::new()
        .post("{ newest { title author { name } } }")
        .send()
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(
        reply.text,
        r#"{"data":{"newest":{"title":"Lamps","author":{"name":"Ann"}}}}"#
    );
}

#[tokio::test]
async fn a_query_by_get_needs_no_special_headers() {
    let parameters = [
        (
            "query",
            "query A { hello } query B($n: String!) { hello(name: $n) }",
        ),
        ("operationName", "B"),
        ("variables", r#"{"n":"Ann"}"#),
    ];
    let reply = World::new().get(&parameters).send().await;
    assert_eq!(reply.json(), json!({"data": {"hello": "hello Ann"}}));
}

#[tokio::test]
async fn a_mutation_by_get_is_not_run() {
    let world = World::new();
    let reply = world.get(&[("query", "mutation { bump }")]).send().await;
    assert_eq!((reply.status.as_u16(), reply.header("allow")), (405, "POST"));
    assert_eq!(world.stage.bumps.load(std::sync::atomic::Ordering::Relaxed), 0);
    let reply = world.post("mutation { a: bump b: bump }").send().await;
    assert_eq!(reply.json(), json!({"data": {"a": 1, "b": 2}}));
}

#[tokio::test]
async fn the_client_chooses_the_form_and_the_form_decides_the_status() {
    let world = World::new();
    for (accept, content_type) in [
        ("", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        (GRAPHQL, "application/graphql-response+json; charset=utf-8"),
        (
            "application/json;q=0.9, application/graphql-response+json",
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let reply = world.post("{ hello }").accept(accept).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-type")),
            (200, content_type),
            "{accept}"
        );
    }
    for (accept, status) in [("application/json", 200), (GRAPHQL, 400)] {
        for (query, code) in [
            ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ hello", "GRAPHQL_PARSE_FAILED"),
        ] {
            let reply = world.post(query).accept(accept).send().await;
            assert_eq!(
                (reply.status.as_u16(), &*reply.code()),
                (status, code),
                "{accept} {query}"
            );
            assert_eq!(reply.json().get("data"), None);
        }
    }
    assert_eq!(
        world.post("{ hello }").accept("image/png").send().await.status,
        406
    );
}

#[tokio::test]
async fn malformed_requests_are_refused_with_a_reason() {
    let world = World::new();
    for (body, message) in [
        (
            "",
            "the request body is not JSON: EOF while parsing a value at line 1 column 0",
        ),
        (
            "{",
            "the request body is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            "[{\"query\":\"{hello}\"}]",
            "a list of operations is not supported; send one operation a request",
        ),
        ("{}", "the request has no `query`"),
        (r#"{"query":1}"#, "`query` must be a string, not a number"),
    ] {
        let reply = world.post_body(body).send().await;
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(reply.json()["errors"][0]["message"], message);
    }
    for content_type in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=koi8-r",
    ] {
        let reply = world
            .post("{ hello }")
            .header("content-type", content_type)
            .send()
            .await;
        assert_eq!(
            (reply.status.as_u16(), &*reply.code()),
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            "{content_type}"
        );
    }
    let reply = world
        .post("{ hello }")
        .header("content-type", "Application/JSON; charset=\"UTF-8\"")
        .send()
        .await;
    assert_eq!(reply.status, 200);
    for method in ["PUT", "DELETE", "PATCH"] {
        let reply = world.post("{ hello }").method(method).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("allow")),
            (405, "GET, POST"),
            "{method}"
        );
    }
    assert_eq!(world.get(&[]).send().await.status, 400);
}

#[tokio::test]
async fn multipart_in_one_part_is_for_who_reads_nothing_else() {
    let world = World::new();
    let plain = "multipart/mixed;boundary=graphql;incrementalSpec=v0.2";
    let older = "multipart/mixed;boundary=graphql;deferSpec=20220824";
    let subscriptions = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0";
    for (accept, content_type) in [
        ("multipart/mixed", plain),
        ("multipart/mixed;deferSpec=20220824", older),
        ("multipart/mixed;subscriptionSpec=1.0", subscriptions),
        (
            "multipart/mixed, application/json",
            "application/json; charset=utf-8",
        ),
        (
            "multipart/mixed;deferSpec=20220824, application/json",
            "application/json; charset=utf-8",
        ),
    ] {
        for query in ["{ hello }", "{ nope }", "{ ... @defer(if: false) { hello } }"] {
            let reply = world.post(query).accept(accept).send().await;
            assert_eq!(reply.header("content-type"), content_type, "{accept} {query}");
        }
    }
}

#[tokio::test]
async fn null_decides_no_condition() {
    let world = World::new();
    let query = "query($v: Boolean = true) { newest { title @include(if: $v) } }";
    let reply = world
        .post_with(query, json!({"v": null}))
        .accept(GRAPHQL)
        .send()
        .await;
    assert_eq!((reply.status.as_u16(), &*reply.code()), (400, "BAD_USER_INPUT"));
    assert_eq!(
        reply.json()["errors"][0]["message"],
        "variable `$v`: it decides a condition, got null"
    );
    let reply = world.post_with(query, json!({})).send().await;
    assert_eq!(reply.json(), json!({"data": {"newest": {"title": "Lamps"}}}));
}

#[tokio::test]
async fn variables_are_checked_against_the_operation() {
    let world = World::new();
    let query = "query($n: String!) { hello(name: $n) }";
    let reply = world
        .post_with(query, json!({"n": 3}))
        .accept(GRAPHQL)
        .send()
        .await;
    assert_eq!((reply.status.as_u16(), &*reply.code()), (400, "BAD_USER_INPUT"));
    assert_eq!(
        reply.json()["errors"][0]["message"],
        "variable `$n`: expected String, got 3"
    );
    let reply = world.post_with(query, json!({"n": "you"})).send().await;
    assert_eq!(reply.json(), json!({"data": {"hello": "hello you"}}));
}

#[tokio::test]
async fn a_persisted_query_is_asked_for_its_text() {
    let mut config = Config::default();
    config.persisted.automatic = false;
    let world = World::with(config);
    let hash = r#"{"persistedQuery":{"version":1,"sha256Hash":"abc"}}"#;
    let first = world.get(&[("extensions", hash)]).send().await;
    assert_eq!(
        (first.status.as_u16(), &*first.code()),
        (200, "PERSISTED_QUERY_NOT_SUPPORTED")
    );
    let second = world
        .get(&[("extensions", hash), ("query", "{ hello }")])
        .send()
        .await;
    assert_eq!(second.json(), json!({"data": {"hello": "hello world"}}));
}

#[tokio::test]
async fn introspection_is_answered_here_also_beside_other_fields() {
    let world = World::new();
    let reply = world
        .post("{ a: hello __schema { queryType { name } } __typename b: hello }")
        .send()
        .await;
    assert_eq!(
        reply.text,
        r#"{"data":{"a":"hello world","__schema":{"queryType":{"name":"Query"}},"__typename":"Query","b":"hello world"}}"#
    );
    let before = world.stage.requests.load(std::sync::atomic::Ordering::Relaxed);
    let reply = world
        .post(r#"{ __typename __type(name: "_Entity") { name } __schema { types { name } } }"#)
        .send()
        .await;
    assert_eq!(
        reply.json()["data"]["__type"],
        json!(null),
        "the machinery is hidden"
    );
    assert!(!reply.text.contains("join__"), "{}", reply.text);
    assert_eq!(
        world.stage.requests.load(std::sync::atomic::Ordering::Relaxed),
        before,
        "no subgraph was asked"
    );
    let deep = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    assert_eq!(world.post(deep).send().await.code(), "MAX_INTROSPECTION_DEPTH");
}

#[tokio::test]
async fn introspection_can_be_switched_off() {
    let mut config = lavka_router::Config::default();
    config.introspection.enabled = false;
    let world = World::with(config);
    assert_eq!(
        world
            .post("{ hello __schema { queryType { name } } }")
            .send()
            .await
            .code(),
        "INTROSPECTION_DISABLED"
    );
    assert_eq!(
        world.post("{ __typename }").send().await.json(),
        json!({"data": {"__typename": "Query"}})
    );
}

#[tokio::test]
async fn cookies_come_back_and_only_chosen_headers_go_forth() {
    let world = World::new();
    let request = world
        .post("mutation { signIn }")
        .header("cookie", "refresh=1")
        .header("x-secret", "1");
    let reply = request
        .header("accept-language", "ru")
        .header("x-forwarded-for", "10.0.0.1")
        .send()
        .await;
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["refresh=abc; HttpOnly", "seen=1"]);
    assert_eq!(reply.header("cache-control"), "no-store");
    let seen = world.stage.headers.lock().unwrap().clone();
    assert_eq!(seen["cookie"], "refresh=1");
    assert_eq!(seen["accept-language"], "ru");
    assert_eq!(seen["x-forwarded-for"], "10.0.0.1");
    assert_eq!(seen.get("x-secret"), None);
}

#[tokio::test]
async fn the_operation_is_chosen_by_name() {
    let world = World::new();
    let both = "query A { hello } query B { b: hello }";
    let reply = world.post(both).accept(GRAPHQL).send().await;
    assert_eq!(
        (reply.status.as_u16(), &*reply.code()),
        (400, "OPERATION_RESOLUTION_FAILURE")
    );
    let body = json!({"query": both, "operationName": "B"}).to_string();
    assert_eq!(
        world.post_body(&body).send().await.json(),
        json!({"data": {"b": "hello world"}})
    );
}
