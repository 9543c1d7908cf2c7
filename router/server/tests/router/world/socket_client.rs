//! A WebSocket client that says and hears JSON.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn open(address: SocketAddr, protocol: &str, headers: &[(&'static str, &str)]) -> Self {
        Self::try_open(address, protocol, headers)
            .await
            .expect("a socket")
    }

    /// The error is the HTTP status of a refused upgrade.
    pub async fn try_open(
        address: SocketAddr,
        protocol: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        if !protocol.is_empty() {
            request
                .headers_mut()
                .insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn say(&mut self, message: Value) -> &mut Self {
        self.say_text(&message.to_string()).await
    }

    pub async fn say_text(&mut self, text: &str) -> &mut Self {
        self.0.send(Message::text(text)).await.unwrap();
        self
    }

    pub async fn say_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.send(Message::binary(bytes.to_vec())).await.unwrap();
        self
    }

    /// The next message that isn't a ping.
    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("a message, not {other:?}"),
        }
    }

    /// The close frame's code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        self.next_or_close().await.expect("a close frame, not a message")
    }

    /// The close frame, or nothing if another message came.
    pub async fn next_or_close(&mut self) -> Option<(u16, String)> {
        match self.next().await {
            Message::Close(Some(frame)) => Some((frame.code.into(), frame.reason.to_string())),
            _ => None,
        }
    }

    async fn next(&mut self) -> Message {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(60), self.0.next()).await;
            match message
                .expect("within a minute")
                .expect("an open socket")
                .unwrap()
            {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }
}
