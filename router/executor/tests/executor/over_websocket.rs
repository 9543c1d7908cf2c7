//! Subscriptions over graphql-transport-ws, against a server that the test plays.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, header};
use lavka_executor::{HttpOptions, HttpTransport, SubgraphRequest, Transport, TransportError};
use serde_json::{Value as Json, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

type Events = BoxStream<'static, Result<Bytes, TransportError>>;

/// A subgraph's side of one connection.
struct Server(WebSocketStream<TcpStream>);

impl Server {
    #[expect(clippy::result_large_err, reason = "the library's callback type")]
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = listener.accept().await.expect("a connection");
        let choose = |request: &Request, mut response: Response| {
            let protocol = request
                .headers()
                .get(header::SEC_WEBSOCKET_PROTOCOL)
                .cloned()
                .expect("a protocol");
            response
                .headers_mut()
                .insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
            assert_eq!(
                request.headers().get(header::ACCEPT_LANGUAGE),
                Some(&HeaderValue::from_static("ru"))
            );
            Ok(response)
        };
        Self(
            tokio_tungstenite::accept_hdr_async(stream, choose)
                .await
                .expect("a handshake"),
        )
    }

    async fn hears(&mut self) -> Json {
        loop {
            match self.0.next().await.expect("a message").expect("a message") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Close(_) => return Json::Null,
                _ => {}
            }
        }
    }

    async fn says(&mut self, message: Json) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .expect("an open connection");
    }

    async fn greets(&mut self) {
        assert_eq!(
            self.hears().await,
            json!({"type": "connection_init", "payload": {"authorization": "Bearer t"}})
        );
        self.says(json!({"type": "connection_ack"})).await;
        assert_eq!(
            self.hears().await,
            json!({"id": "1", "type": "subscribe", "payload": {"query": "subscription{x}"}})
        );
    }
}

fn request() -> SubgraphRequest {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer t"));
    headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("ru"));
    SubgraphRequest {
        subgraph: "a".into(),
        headers,
        body: r#"{"query":"subscription{x}"}"#.into(),
        is_repeatable: true,
    }
}

async fn listen() -> (TcpListener, HttpTransport) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/graphql", listener.local_addr().expect("an address"));
    let options = HttpOptions {
        response_bytes: 1000,
        ..HttpOptions::default()
    };
    (listener, HttpTransport::new([url], options).expect("a URL"))
}

async fn opened() -> (Server, Events) {
    let (listener, transport) = listen().await;
    let (server, events) = tokio::join!(
        async {
            let mut server = Server::accept(&listener).await;
            server.greets().await;
            server
        },
        transport.subscribe(request())
    );
    (server, events.expect("it is accepted"))
}

async fn next(events: &mut Events) -> Option<Result<String, String>> {
    let event = events.next().await?;
    Some(
        event
            .map(|body| String::from_utf8_lossy(&body).into_owned())
            .map_err(|error| error.to_string()),
    )
}

#[tokio::test]
async fn events_come_as_they_were_written_until_the_subgraph_completes() {
    let (mut server, mut events) = opened().await;
    server
        .0
        .send(Message::text(
            r#"{"payload":{"data":{"x": 1.50}}, "id":"1","type":"next"}"#,
        ))
        .await
        .expect("open");
    assert_eq!(
        next(&mut events).await,
        Some(Ok(r#"{"data":{"x": 1.50}}"#.to_owned()))
    );
    server.says(json!({"type": "ping"})).await;
    assert_eq!(server.hears().await, json!({"type": "pong"}));
    server.says(json!({"type": "complete", "id": "1"})).await;
    assert_eq!(next(&mut events).await, None);
    assert_eq!(server.hears().await, Json::Null, "the connection is closed");
}

#[tokio::test]
async fn when_the_client_goes_away_the_subgraph_is_told() {
    let (mut server, events) = opened().await;
    drop(events);
    assert_eq!(server.hears().await, json!({"id": "1", "type": "complete"}));
    assert_eq!(server.hears().await, Json::Null);
}

#[tokio::test]
async fn a_refused_operation_is_its_errors_and_nothing_more() {
    let (mut server, mut events) = opened().await;
    server
        .says(json!({"type": "error", "id": "1", "payload": [{"message": "no such field"}]}))
        .await;
    assert_eq!(
        next(&mut events).await,
        Some(Ok(r#"{"errors":[{"message":"no such field"}]}"#.to_owned()))
    );
    assert_eq!(next(&mut events).await, None);
}

#[tokio::test]
async fn a_broken_stream_ends_with_its_reason() {
    for (message, reason) in [
        (
            Message::Close(Some(CloseFrame {
                code: 4403.into(),
                reason: "no".into(),
            })),
            "closed with 4403",
        ),
        (Message::Close(None), "closed without a word"),
        (Message::text("nonsense"), "it sent a message that isn't JSON"),
        (
            Message::text(r#"{"type":"surprise"}"#),
            "it sent a message of an unknown type",
        ),
        (Message::binary(vec![1]), "it sent a binary message"),
        (Message::text("x".repeat(1001)), "it sent too large a message"),
    ] {
        let (mut server, mut events) = opened().await;
        server.0.send(message).await.expect("an open connection");
        let told = format!("the subgraph ended the subscription: {reason}");
        assert_eq!(next(&mut events).await, Some(Err(told)));
        assert_eq!(next(&mut events).await, None);
    }
}

#[tokio::test]
async fn a_refused_connection_is_an_error_at_once() {
    let (listener, transport) = listen().await;
    let refuse = async {
        let mut server = Server::accept(&listener).await;
        server.hears().await;
        server
            .0
            .close(Some(CloseFrame {
                code: 4403.into(),
                reason: "Forbidden".into(),
            }))
            .await
            .expect("open");
        server
    };
    let (_server, refused) = tokio::join!(refuse, transport.subscribe(request()));
    let error = refused.err().expect("refused");
    assert_eq!(
        error.to_string(),
        "the subgraph ended the subscription: closed with 4403"
    );
    assert_eq!(error.code(), "SUBREQUEST_WEBSOCKET_ERROR");
    drop(listener);
    let error = transport
        .subscribe(request())
        .await
        .err()
        .expect("nobody listens");
    assert_eq!(error.code(), "SUBREQUEST_HTTP_ERROR");
}
