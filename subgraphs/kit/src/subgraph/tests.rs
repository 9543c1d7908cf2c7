//! A small subgraph, asked in process, over HTTP and over WebSocket.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_graphql::{Context, EmptyMutation, EmptySubscription, Object, Result, Subscription};
use futures_util::{SinkExt as _, StreamExt as _, stream};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::{Keeping, Subgraph, serve};
use crate::caller::{self, Caller, Scope, request_head};
use crate::ids::Id;
use crate::testing::TestWorld;

struct Query;

#[Object]
impl Query {
    async fn whoami(&self, ctx: &Context<'_>) -> String {
        match caller::caller(ctx) {
            Caller::Guest => "a guest".to_owned(),
            Caller::User(user) => format!("user {}", user.id),
            Caller::Service { name } => format!("the service {name}"),
        }
    }

    async fn mine(&self, ctx: &Context<'_>) -> Result<bool> {
        caller::require_user(ctx).map(|_| true)
    }

    async fn everybodys(&self, ctx: &Context<'_>) -> Result<bool> {
        caller::require_scope(ctx, Scope::ORDERS_MANAGE).map(|_| true)
    }

    async fn language(&self, ctx: &Context<'_>) -> &'static str {
        request_head(ctx).locale.pick("по-русски", "in English")
    }

    async fn biscuit(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.append_http_header("set-cookie", "biscuit=1");
        request_head(ctx).cookies.get("biscuit").cloned()
    }

    async fn careless(&self) -> Result<bool> {
        Err(std::io::Error::other("the password is hunter2"))?;
        Ok(true)
    }

    async fn page(&self, first: i32) -> Result<i32> {
        let args = crate::graphql::PageArgs::new(Some(first), None, 20, 100)?;
        Ok(args.first as i32)
    }
}

struct Count;

#[Subscription]
impl Count {
    async fn count(&self, ctx: &Context<'_>) -> Result<stream::Iter<std::ops::Range<i32>>> {
        caller::require_user(ctx)?;
        Ok(stream::iter(1..3))
    }

    async fn silence(&self) -> stream::Pending<i32> {
        stream::pending()
    }
}

async fn shop() -> (TestWorld, Subgraph) {
    let world = TestWorld::of("small").await;
    let schema = crate::graphql::schema(Query, EmptyMutation, Count).finish();
    let subgraph = Subgraph::new("small", schema, &world.context);
    (world, subgraph)
}

fn ann() -> Id {
    Id::from_u128(0xa)
}

#[tokio::test]
async fn the_bearer_is_who_the_token_says() {
    let (world, small) = shop().await;
    let whoami = async |token: Option<&str>| {
        world.ask(&small, token, "{ whoami }", json!({})).await.data()["whoami"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(whoami(None).await, "a guest");
    assert_eq!(
        whoami(Some(&world.customer_token(ann()))).await,
        format!("user {}", ann())
    );
    assert_eq!(
        whoami(Some(&world.service_token("cart"))).await,
        "the service cart"
    );
}

#[tokio::test]
async fn a_bad_token_is_an_error_and_never_a_guest() {
    let (world, small) = shop().await;
    let good = world.customer_token(ann());
    let forged = format!("{}x", &good[..good.len() - 1]);
    for (name, token) in [
        ("forged", forged.as_str()),
        ("nonsense", "nonsense"),
        ("empty", " "),
    ] {
        let answer = world.ask(&small, Some(token), "{ whoami }", json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{name}");
        assert_eq!(answer.body["data"], Value::Null, "{name}");
    }
    world.clock.advance(Duration::from_secs(901));
    let late = world.ask(&small, Some(&good), "{ whoami }", json!({})).await;
    assert_eq!(late.body["errors"][0]["message"], "the token has expired");
}

#[tokio::test]
async fn resolvers_ask_who_may() {
    let (world, small) = shop().await;
    let (customer, staff) = (world.customer_token(ann()), world.staff_token());
    let code = async |token: Option<&str>, field: &str| {
        let answer = world
            .ask(&small, token, &format!("{{ {field} }}"), json!({}))
            .await;
        answer.body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or("none")
            .to_owned()
    };
    assert_eq!(code(None, "mine").await, "UNAUTHENTICATED");
    assert_eq!(code(Some(&customer), "mine").await, "none");
    assert_eq!(code(Some(&customer), "everybodys").await, "FORBIDDEN");
    assert_eq!(code(Some(&staff), "everybodys").await, "none");
}

#[tokio::test]
async fn every_error_has_a_code_and_none_tells_a_secret() {
    let (world, small) = shop().await;
    let first = async |query: &str| {
        let answer = world.ask(&small, None, query, json!({})).await;
        (
            answer.error_code().to_owned(),
            answer.body["errors"][0]["message"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(
        first("{ careless }").await,
        ("INTERNAL_SERVER_ERROR".into(), "internal error".into())
    );
    assert_eq!(first("{ page(first: 101) }").await.0, "BAD_USER_INPUT");
    assert_eq!(
        first("{ page(first: \"x\") }").await.0,
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(first("{ whoam }").await.0, "GRAPHQL_VALIDATION_FAILED");
    assert!(!first("{ whoam }").await.1.contains("whoami"), "no suggestions");
    assert_eq!(first("{").await.0, "GRAPHQL_VALIDATION_FAILED");
    // Long enough to be too complex.
    let many: String = (0..2_001).map(|n| format!("a{n}: whoami ")).collect();
    assert_eq!(
        first(&format!("{{ {many} }}")).await.0,
        "GRAPHQL_VALIDATION_FAILED"
    );
}

#[tokio::test]
async fn a_text_with_the_character_that_no_text_may_hold_is_refused() {
    let (world, small) = shop().await;
    let query = "query ($note: [String!]) { whoami }";
    let answer = world
        .ask(&small, None, query, json!({ "note": ["a", "b\0c"] }))
        .await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    let answer = world
        .ask(&small, None, r#"{ whoami(note: "\u0000") }"#, json!({}))
        .await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn language_and_cookies_travel_both_ways() {
    let (world, small) = shop().await;
    let headers = [("accept-language", "ru-RU"), ("cookie", "biscuit=crumbs")];
    let answer = world
        .ask_with(&small, None, "{ language biscuit }", json!({}), &headers)
        .await;
    assert_eq!(
        answer.data(),
        &json!({ "language": "по-русски", "biscuit": "crumbs" })
    );
    assert_eq!(answer.headers["set-cookie"], "biscuit=1");
}

#[tokio::test]
async fn introspection_is_for_services_and_the_sdl_for_everybody() {
    let (world, small) = shop().await;
    let names = "{ __schema { queryType { name } } }";
    let guest = world.ask(&small, None, names, json!({})).await;
    assert_eq!(guest.body["data"]["__schema"], Value::Null);
    let service = world
        .ask(&small, Some(&world.service_token("router")), names, json!({}))
        .await;
    assert_eq!(service.data()["__schema"]["queryType"]["name"], "Query");
    let sdl = world
        .ask(&small, None, "{ s: _service { text: sdl } }", json!({}))
        .await;
    assert_eq!(sdl.data()["s"]["text"], small.sdl.as_str());
    assert!(small.sdl.contains("\"@authenticated\""));
}

async fn served(subgraph: Subgraph) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(subgraph, listener, std::future::pending()));
    address.to_string()
}

#[tokio::test]
async fn http_has_statuses() {
    let (world, small) = shop().await;
    let address = served(small).await;
    let client = crate::tls::http_client().build().unwrap();
    let url = format!("http://{address}/graphql");
    let token = world.customer_token(ann());
    let good = client
        .post(&url)
        .bearer_auth(&token)
        .body(r#"{"query":"{ whoami }"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(good.status(), 200);
    assert_eq!(good.headers()["content-type"], "application/json");
    assert_eq!(
        good.text().await.unwrap(),
        format!(r#"{{"data":{{"whoami":"user {}"}}}}"#, ann())
    );
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    assert_eq!(
        status(
            client
                .post(&url)
                .bearer_auth("x")
                .body(r#"{"query":"{ whoami }"}"#)
        )
        .await,
        401
    );
    assert_eq!(status(client.post(&url).body("not JSON")).await, 400);
    assert_eq!(status(client.get(&url)).await, 405);
    assert_eq!(status(client.post(&url).body(vec![b' '; 17 << 20])).await, 413);
    assert_eq!(
        status(client.get(format!("http://{address}/health/live"))).await,
        200
    );
    assert_eq!(
        status(client.get(format!("http://{address}/health/ready"))).await,
        200
    );
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn socket(address: &str) -> Socket {
    let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    tokio_tungstenite::connect_async(request).await.unwrap().0
}

async fn say(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

/// The next message, or the close code.
async fn hear(socket: &mut Socket) -> Value {
    match socket.next().await.unwrap().unwrap() {
        Message::Text(text) => serde_json::from_str(&text).unwrap(),
        Message::Close(Some(frame)) => json!(u16::from(frame.code)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_subscription_over_websocket_runs_to_its_end() {
    let (world, small) = shop().await;
    let mut socket = socket(&served(small).await).await;
    let token = format!("Bearer {}", world.customer_token(ann()));
    say(
        &mut socket,
        json!({ "type": "connection_init", "payload": { "authorization": token } }),
    )
    .await;
    assert_eq!(hear(&mut socket).await, json!({ "type": "connection_ack" }));
    say(&mut socket, json!({ "type": "ping" })).await;
    assert_eq!(hear(&mut socket).await, json!({ "type": "pong" }));
    let query = json!({ "query": "subscription { count }" });
    say(
        &mut socket,
        json!({ "type": "subscribe", "id": "7\"", "payload": query }),
    )
    .await;
    for count in [1, 2] {
        let next = json!({ "id": "7\"", "type": "next", "payload": { "data": { "count": count } } });
        assert_eq!(hear(&mut socket).await, next);
    }
    assert_eq!(
        hear(&mut socket).await,
        json!({ "id": "7\"", "type": "complete" })
    );
}

#[tokio::test]
async fn a_bad_token_over_websocket_refuses_the_subscription() {
    let (_world, small) = shop().await;
    let mut socket = socket(&served(small).await).await;
    say(
        &mut socket,
        json!({ "type": "connection_init", "payload": { "Authorization": "Bearer x" } }),
    )
    .await;
    assert_eq!(hear(&mut socket).await["type"], "connection_ack");
    let query = json!({ "query": "subscription { count }" });
    say(
        &mut socket,
        json!({ "type": "subscribe", "id": "1", "payload": query }),
    )
    .await;
    let refusal = hear(&mut socket).await;
    assert_eq!(refusal["type"], "error");
    assert_eq!(refusal["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn who_breaks_the_protocol_is_shown_the_door() {
    let (_world, small) = shop().await;
    let address = served(small).await;
    let subscribe =
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "subscription { silence }" } });
    let init = json!({ "type": "connection_init" });
    for (code, messages) in [
        (4401, vec![subscribe.clone()]),
        (4400, vec![json!({ "type": "hello" })]),
        (4429, vec![init.clone(), init.clone()]),
        (4409, vec![init.clone(), subscribe.clone(), subscribe.clone()]),
    ] {
        let mut socket = socket(&address).await;
        for message in messages {
            say(&mut socket, message).await;
        }
        let mut heard = hear(&mut socket).await;
        if heard["type"] == "connection_ack" {
            heard = hear(&mut socket).await;
        }
        assert_eq!(heard, json!(code));
    }
}

/// A shop window whose answers are kept: it counts how often it was dressed.
struct Window(Arc<AtomicU64>);

#[Object]
impl Window {
    async fn dressed(&self, ctx: &Context<'_>, fails: Option<bool>) -> Result<String> {
        if fails == Some(true) {
            return Err(crate::errors::invalid("as planned"));
        }
        let times = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(format!(
            "{times} {}",
            request_head(ctx).locale.pick("раз", "times")
        ))
    }
}

struct Dressing;

#[Object]
impl Dressing {
    async fn dress(&self) -> i32 {
        1
    }
}

struct Street {
    world: TestWorld,
    window: Subgraph,
    state: Arc<AtomicU64>,
}

impl Street {
    async fn open() -> Self {
        let world = TestWorld::of("small").await;
        let (times, state) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let schema = crate::graphql::schema(Window(times), Dressing, EmptySubscription).finish();
        let shown = state.clone();
        let keeping = Keeping {
            moment: chrono::TimeDelta::seconds(2),
            state: Arc::new(move || shown.load(Ordering::SeqCst)),
        };
        let window = Subgraph::with_answers("small", schema, &world.context, keeping);
        Self { world, window, state }
    }

    async fn looks(&self, token: Option<&str>) -> String {
        let answer = self
            .world
            .ask(&self.window, token, "{ dressed }", json!({}))
            .await;
        answer.data()["dressed"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_kept_answer_is_given_to_guests_for_a_moment_and_while_nothing_changes() {
    let street = Street::open().await;
    assert_eq!(street.looks(None).await, "1 times");
    assert_eq!(street.looks(None).await, "1 times");
    street.world.clock.advance(Duration::from_secs(2));
    assert_eq!(street.looks(None).await, "2 times");
    street.state.fetch_add(1, Ordering::SeqCst);
    assert_eq!(street.looks(None).await, "3 times");
    assert_eq!(street.looks(None).await, "3 times");
}

#[tokio::test]
async fn who_may_see_more_is_always_answered_anew_and_a_bad_token_never() {
    let street = Street::open().await;
    assert_eq!(street.looks(None).await, "1 times");
    let (staff, service) = (street.world.staff_token(), street.world.service_token("orders"));
    assert_eq!(street.looks(Some(&staff)).await, "2 times");
    assert_eq!(street.looks(Some(&service)).await, "3 times");
    let customer = street.world.customer_token(ann());
    assert_eq!(street.looks(Some(&customer)).await, "4 times", "not a guest's");
    assert_eq!(street.looks(Some(&customer)).await, "4 times");
    assert_eq!(street.looks(None).await, "1 times");
    let refused = street
        .world
        .ask(&street.window, Some("nonsense"), "{ dressed }", json!({}))
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn neither_a_mutation_nor_a_failure_is_kept() {
    let street = Street::open().await;
    let asks = async |query: &str| street.world.ask(&street.window, None, query, json!({})).await;
    let mixed = "query A { dressed } mutation B { dress }";
    for _ in 0..2 {
        assert_eq!(asks("mutation { dress }").await.data()["dress"], 1);
        assert_eq!(
            asks("{ dressed(fails: true) }").await.error_code(),
            "BAD_USER_INPUT"
        );
        assert_ne!(asks(mixed).await.error_code(), "", "which of them is not said");
    }
    assert_eq!(street.looks(None).await, "1 times");
}
