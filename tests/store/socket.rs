//! A subscription over WebSocket (`graphql-transport-ws`), written from its specification.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::coverage;

/// One operation on a socket of its own.
pub struct Subscription {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    operation: String,
}

impl Subscription {
    /// Connects, signs in by `connection_init`, and subscribes.
    pub async fn open(url: &str, token: Option<&str>, query: &str, variables: Value) -> Self {
        let mut socket = connect(url, token).await;
        let ack = receive(&mut socket).await.expect("an answer to connection_init");
        assert_eq!(ack["type"], "connection_ack", "{ack}");
        let subscribe =
            json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "variables": variables } });
        socket
            .send(Message::text(subscribe.to_string()))
            .await
            .expect("subscribe");
        Self {
            socket,
            operation: query.to_owned(),
        }
    }

    /// The next event's data.
    pub async fn next(&mut self) -> Value {
        let message = self.message().await;
        assert_eq!(message["type"], "next", "{message}");
        let payload = &message["payload"];
        assert!(payload.get("errors").is_none(), "unexpected errors: {payload:#}");
        coverage::record(&self.operation, &payload["data"]);
        payload["data"].clone()
    }

    /// The next message, whatever it is.
    pub async fn message(&mut self) -> Value {
        receive(&mut self.socket).await.expect("the socket is open")
    }
}

/// Opens a socket and sends `connection_init`.
pub async fn connect(url: &str, token: Option<&str>) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
    let address = format!("{}/graphql", url.replacen("http", "ws", 1));
    let mut request = address.into_client_request().expect("a request");
    request.headers_mut().insert(
        "sec-websocket-protocol",
        "graphql-transport-ws".parse().expect("a header"),
    );
    let (mut socket, response) = connect_async(request).await.expect("the socket opens");
    assert_eq!(
        response.headers()["sec-websocket-protocol"],
        "graphql-transport-ws"
    );
    let payload = token.map_or_else(
        || json!({}),
        |token| json!({ "authorization": format!("Bearer {token}") }),
    );
    let init = json!({ "type": "connection_init", "payload": payload });
    socket
        .send(Message::text(init.to_string()))
        .await
        .expect("send connection_init");
    socket
}

/// The next message that is not a ping; the close code when the socket was closed.
pub async fn receive(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Result<Value, u16> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let message: Value = serde_json::from_str(&text).expect("a message in JSON");
                if message["type"] == "ping" {
                    socket
                        .send(Message::text(r#"{"type":"pong"}"#))
                        .await
                        .expect("send a pong");
                    continue;
                }
                return Ok(message);
            }
            Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |it| it.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(1006),
        }
    }
}
