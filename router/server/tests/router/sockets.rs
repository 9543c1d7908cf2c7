//! GraphQL over WebSocket, in both dialects, on a real port.

use lavka_router::Config;
use serde_json::{Value, json};

use crate::world::{Socket, World};

fn subscribe(id: &str, query: &str) -> Value {
    json!({"type": "subscribe", "id": id, "payload": {"query": query}})
}

async fn acknowledged(socket: &mut Socket) {
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
}

#[tokio::test]
async fn a_subscription_runs_to_its_end() {
    let mut socket = World::new().socket().await;
    acknowledged(&mut socket).await;
    socket
        .say(subscribe(
            "1",
            "subscription { count(to: 2) { number person { posts { title } } } }",
        ))
        .await;
    for number in [1, 2] {
        let tick = json!({"number": number, "person": {"posts": [{"title": "Lamps"}]}});
        assert_eq!(
            socket.hear().await,
            json!({"id": "1", "type": "next", "payload": {"data": {"count": tick}}})
        );
    }
    assert_eq!(socket.hear().await, json!({"id": "1", "type": "complete"}));
    // The id is free again.
    socket.say(subscribe("1", "{ hello }")).await;
    assert_eq!(
        socket.hear().await["payload"],
        json!({"data": {"hello": "hello world"}})
    );
    assert_eq!(socket.hear().await, json!({"id": "1", "type": "complete"}));
    socket.say(subscribe("2", "mutation { bump }")).await;
    assert_eq!(socket.hear().await["payload"], json!({"data": {"bump": 1}}));
}

#[tokio::test]
async fn many_operations_share_a_socket() {
    let mut socket = World::new().socket().await;
    acknowledged(&mut socket).await;
    for id in 0..20 {
        socket
            .say(subscribe(
                &id.to_string(),
                "subscription { count(to: 3) { number } }",
            ))
            .await;
    }
    let (mut events, mut ends) = (0, 0);
    while ends < 20 {
        match socket.hear().await["type"].as_str() {
            Some("next") => events += 1,
            Some("complete") => ends += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(events, 60);
}

#[tokio::test]
async fn errors_before_execution_belong_to_their_operation() {
    let mut socket = World::new().socket().await;
    acknowledged(&mut socket).await;
    socket.say(subscribe("a", "{ nope }")).await;
    let error = socket.hear().await;
    assert_eq!((&error["id"], &error["type"]), (&json!("a"), &json!("error")));
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    socket
        .say(json!({"type": "subscribe", "id": "b", "payload": {}}))
        .await;
    assert_eq!(
        socket.hear().await["payload"][0]["message"],
        "the request has no `query`"
    );
    socket.say(subscribe("c", "{ hello }")).await;
    assert_eq!(socket.hear().await["type"], "next");
}

#[tokio::test]
async fn pings_are_answered_with_their_payload() {
    let mut socket = World::new().socket().await;
    // Allowed before the connection is acknowledged, too.
    socket.say(json!({"type": "ping", "payload": {"at": 1}})).await;
    assert_eq!(socket.hear().await, json!({"type": "pong", "payload": {"at": 1}}));
    socket.say(json!({"type": "pong"})).await;
    acknowledged(&mut socket).await;
}

#[tokio::test]
async fn completing_ends_the_subscription_at_its_subgraph() {
    let world = World::new();
    let mut socket = world.socket().await;
    acknowledged(&mut socket).await;
    socket
        .say(subscribe("1", "subscription { ticks { number } }"))
        .await;
    assert_eq!(socket.hear().await["type"], "next");
    socket.say(json!({"type": "complete", "id": "1"})).await;
    world.stage.ticks_dropped.notified().await;
    socket
        .say(subscribe("1", "subscription { ticks { number } }"))
        .await;
    assert_eq!(socket.hear().await["type"], "next");
    drop(socket);
    world.stage.ticks_dropped.notified().await;
}

#[tokio::test]
async fn breaking_the_protocol_closes_the_socket_with_its_code() {
    let world = World::new();
    let closed = async |messages: &[&str]| {
        let mut socket = world.socket().await;
        for message in messages {
            socket.say_text(message).await;
        }
        loop {
            // Answers to what was right may come first.
            if let Some(close) = socket.next_or_close().await {
                return close;
            }
        }
    };
    let init = r#"{"type":"connection_init"}"#;
    let start = r#"{"type":"subscribe","id":"1","payload":{"query":"subscription { ticks { number } }"}}"#;
    assert_eq!(closed(&[start]).await, (4401, "Unauthorized".into()));
    assert_eq!(
        closed(&[init, init]).await,
        (4429, "Too many initialisation requests".into())
    );
    assert_eq!(
        closed(&[init, start, start]).await,
        (4409, "Subscriber for 1 already exists".into())
    );
    assert_eq!(closed(&["hello"]).await.0, 4400);
    assert_eq!(
        closed(&[r#"{"type":"nonsense"}"#]).await,
        (4400, "Invalid message: unknown type `nonsense`".into())
    );

    let mut socket = world.socket().await;
    assert_eq!(socket.say_bytes(b"{}").await.closed().await.0, 4400);
    let mut socket = world.socket().await;
    assert_eq!(
        socket
            .say_text(&"x".repeat(2 * 1024 * 1024))
            .await
            .closed()
            .await
            .0,
        1009
    );
}

#[tokio::test]
async fn an_unknown_subprotocol_is_told_so() {
    let address = World::new().listen().await;
    assert_eq!(
        Socket::open(address, "", &[]).await.closed().await,
        (4406, "Subprotocol not acceptable".into())
    );
}

#[tokio::test]
async fn a_silent_client_is_sent_away() {
    let mut config = Config::default();
    config.websocket.init_seconds = 0;
    let mut socket = World::with(config).socket().await;
    assert_eq!(
        socket.closed().await,
        (4408, "Connection initialisation timeout".into())
    );
}

#[tokio::test]
async fn the_token_travels_in_connection_init() {
    let world = World::new();
    let mut socket = world.socket().await;
    let payload = json!({"Authorization": format!("Bearer {}", world.token("hr")), "accept-language": "ru"});
    socket
        .say(json!({"type": "connection_init", "payload": payload}))
        .await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket.say(subscribe("1", "{ me { salary } }")).await;
    assert_eq!(
        socket.hear().await["payload"],
        json!({"data": {"me": {"salary": 100}}})
    );
    let seen = world.stage.headers.lock().unwrap().clone();
    assert!(seen["authorization"].to_str().unwrap().starts_with("Bearer ey"));
    assert_eq!(seen["accept-language"], "ru");
    assert_eq!(seen["x-forwarded-for"], "127.0.0.1");
}

#[tokio::test]
async fn a_guest_on_a_socket_is_a_guest() {
    let mut socket = World::new().socket().await;
    acknowledged(&mut socket).await;
    socket.say(subscribe("1", "{ me { salary } }")).await;
    let answer = socket.hear().await;
    assert_eq!(answer["payload"]["data"], json!({"me": null}));
    assert_eq!(
        answer["payload"]["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn a_bad_token_closes_with_4403() {
    let world = World::new();
    let mut socket = world.socket().await;
    socket
        .say(json!({"type": "connection_init", "payload": {"authorization": "Bearer forged"}}))
        .await;
    assert_eq!(
        socket.closed().await,
        (4403, "Forbidden: the access token is not valid".into())
    );

    let mut legacy = Socket::open(world.listen().await, "graphql-ws", &[]).await;
    legacy
        .say(json!({"type": "connection_init", "payload": {"authorization": "Bearer forged"}}))
        .await;
    let error = json!({"type": "connection_error", "payload": {"message": "the access token is not valid"}});
    assert_eq!(legacy.hear().await, error);
    assert_eq!(legacy.closed().await.0, 4403);
}

#[tokio::test]
async fn the_tokens_end_is_the_sockets_end() {
    let world = World::new();
    let mut socket = world.socket().await;
    let payload = json!({"authorization": format!("Bearer {}", world.token_for(15, ""))});
    socket
        .say(json!({"type": "connection_init", "payload": payload}))
        .await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket
        .say(subscribe("1", "subscription { ticks { number } }"))
        .await;
    assert_eq!(socket.hear().await["type"], "next");
    // From here on time runs as soon as nobody has anything to do.
    tokio::time::pause();
    assert_eq!(
        socket.closed().await,
        (4403, "Forbidden: the access token has expired".into())
    );
    world.stage.ticks_dropped.notified().await;
}

#[tokio::test]
async fn an_upgrade_with_a_bad_token_or_a_foreign_cookie_is_refused() {
    let world = World::new();
    let address = world.listen().await;
    let open = async |headers: &[(&'static str, &str)]| {
        Socket::try_open(address, "graphql-transport-ws", headers)
            .await
            .err()
    };
    assert_eq!(open(&[("authorization", "Bearer forged")]).await, Some(401));
    assert_eq!(
        open(&[("cookie", "refresh=1"), ("origin", "https://evil.example")]).await,
        Some(403)
    );
    assert_eq!(
        open(&[("cookie", "refresh=1"), ("origin", &format!("http://{address}"))]).await,
        None
    );
}

#[tokio::test]
async fn places_are_limited() {
    let mut config = Config::default();
    config.websocket.connections = 1;
    config.websocket.operations = 1;
    let world = World::with(config);
    let address = world.listen().await;
    let mut socket = Socket::open(address, "graphql-transport-ws", &[]).await;
    assert_eq!(
        Socket::try_open(address, "graphql-transport-ws", &[]).await.err(),
        Some(503)
    );
    acknowledged(&mut socket).await;
    socket
        .say(subscribe("1", "subscription { ticks { number } }"))
        .await;
    assert_eq!(socket.hear().await["type"], "next");
    socket.say(subscribe("2", "{ hello }")).await;
    assert_eq!(
        socket.hear().await["payload"][0]["extensions"]["code"],
        "TOO_MANY_OPERATIONS"
    );
}

#[tokio::test]
async fn the_older_dialect_is_spoken() {
    let world = World::new();
    let mut socket = Socket::open(world.listen().await, "graphql-ws", &[]).await;
    socket
        .say(json!({"type": "connection_init", "payload": {}}))
        .await;
    assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
    assert_eq!(socket.hear().await, json!({"type": "ka"}));
    let payload = json!({"query": "subscription { count(to: 1) { number } }"});
    socket
        .say(json!({"type": "start", "id": "1", "payload": payload}))
        .await;
    assert_eq!(
        socket.hear().await,
        json!({"id": "1", "type": "data", "payload": {"data": {"count": {"number": 1}}}})
    );
    assert_eq!(socket.hear().await, json!({"id": "1", "type": "complete"}));
    socket
        .say(json!({"type": "start", "id": "2", "payload": {"query": "{ nope }"}}))
        .await;
    let error = socket.hear().await;
    assert_eq!(
        error["payload"]["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(socket.hear().await, json!({"id": "2", "type": "complete"}));
    socket.say(json!({"type": "connection_terminate"})).await;
    assert_eq!(socket.closed().await.0, 1000);
}

#[tokio::test]
async fn a_shutdown_says_goodbye() {
    let world = World::new();
    let mut socket = world.socket().await;
    acknowledged(&mut socket).await;
    world.handle.shut_down();
    assert_eq!(socket.closed().await, (1001, "The server is going away".into()));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_and_its_subscriptions_with_it() {
    let mut config = Config::default();
    // The clock below runs faster than the machine: silence must not be taken for the client's going away.
    config.websocket.ping_seconds = 1_000_000;
    let world = World::with(config);
    let mut socket = world.socket().await;
    acknowledged(&mut socket).await;
    // Far more than fits into the buffers of the sockets and of the session.
    for id in 0..90 {
        socket
            .say(subscribe(&id.to_string(), "{ big(size: 1000000) }"))
            .await;
    }
    tokio::time::pause();
    while !world
        .handle
        .metrics_page()
        .contains("lavka_router_open_sockets 0\n")
    {
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        tokio::task::yield_now().await;
    }
    assert!(
        world
            .handle
            .metrics_page()
            .contains("lavka_router_slow_clients_total 1\n")
    );
}
