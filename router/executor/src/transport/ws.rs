//! Subscriptions over graphql-transport-ws, one connection each.
//!
//! <https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md>
//!
//! A task reads the connection, so that pings are answered while the client is slow. It ends when the subgraph completes
//! the subscription or when the stream is dropped, and then completes it at the subgraph.

use std::borrow::Cow;
use std::sync::Arc;

use ::http::{HeaderValue, Uri, header};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};

use super::connector::{Connector, Stream};
use super::http::outgoing;
use super::{SubgraphRequest, TransportError};

const PROTOCOL: &str = "graphql-transport-ws";
/// The only operation on its connection.
const ID: &str = "1";
/// Events that wait for a slow client before the subgraph has to wait.
const WAITING_EVENTS: usize = 16;

type Socket = WebSocketStream<TokioIo<Stream>>;

#[derive(Deserialize)]
struct Incoming<'m> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'m, str>,
    #[serde(borrow, default)]
    payload: Option<&'m RawValue>,
}

/// Connects, introduces itself and subscribes.
pub(super) async fn open(
    connector: &Connector,
    uri: &Uri,
    request: SubgraphRequest,
    max_bytes: usize,
) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError> {
    let mut socket = connect(connector, uri, &request, max_bytes).await?;
    send(&mut socket, init(&request)).await?;
    acknowledged(&mut socket).await?;
    let mut subscribe = format!("{{\"id\":\"{ID}\",\"type\":\"subscribe\",\"payload\":").into_bytes();
    subscribe.extend_from_slice(&request.body);
    subscribe.push(b'}');
    let subscribe = String::from_utf8(subscribe).map_err(|_| broken("the request isn't UTF-8"))?;
    send(&mut socket, subscribe).await?;
    let (events, receiver) = mpsc::channel(WAITING_EVENTS);
    tokio::spawn(drive(socket, events));
    Ok(futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|event| (event, receiver))
    })
    .boxed())
}

async fn connect(
    connector: &Connector,
    uri: &Uri,
    request: &SubgraphRequest,
    max_bytes: usize,
) -> Result<Socket, TransportError> {
    // The replicas' addresses begin with http, the handshake's must with ws; the connector knows both.
    let address = uri.to_string();
    let (for_tcp, for_handshake) = match (address.strip_prefix("http"), address.strip_prefix("ws")) {
        (Some(rest), _) => (uri.clone(), format!("ws{rest}")),
        (_, Some(rest)) => (
            format!("http{rest}").parse().unwrap_or_else(|_| uri.clone()),
            address,
        ),
        _ => (uri.clone(), address),
    };
    let mut handshake = for_handshake.into_client_request().map_err(unreachable)?;
    for (name, value) in &outgoing(&request.headers) {
        if !name.as_str().starts_with("sec-websocket") && name != header::ORIGIN {
            handshake.headers_mut().append(name, value.clone());
        }
    }
    handshake
        .headers_mut()
        .insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    let config = WebSocketConfig::default()
        .max_message_size(Some(max_bytes))
        .max_frame_size(Some(max_bytes));
    let stream = connector
        .open(&for_tcp)
        .await
        .map_err(|error| TransportError::Unreachable(error.into()))?;
    let (socket, response) =
        tokio_tungstenite::client_async_with_config(handshake, TokioIo::new(stream), Some(config))
            .await
            .map_err(|error| match error {
                tungstenite::Error::Http(response) => TransportError::Status(response.status().as_u16()),
                tungstenite::Error::Protocol(
                    tungstenite::error::ProtocolError::SecWebSocketSubProtocolError(_),
                ) => broken("it doesn't speak graphql-transport-ws"),
                error => unreachable(error),
            })?;
    match response.headers().get(header::SEC_WEBSOCKET_PROTOCOL) {
        Some(protocol) if protocol == PROTOCOL => Ok(socket),
        _ => Err(broken("it doesn't speak graphql-transport-ws")),
    }
}

fn init(request: &SubgraphRequest) -> String {
    let authorization = request
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    match authorization {
        Some(value) => {
            serde_json::json!({ "type": "connection_init", "payload": { "authorization": value } })
                .to_string()
        }
        None => r#"{"type":"connection_init"}"#.to_owned(),
    }
}

async fn acknowledged(socket: &mut Socket) -> Result<(), TransportError> {
    loop {
        let text = receive(socket).await?;
        match parse(&text)?.kind.as_ref() {
            "connection_ack" => return Ok(()),
            "ping" => send(socket, r#"{"type":"pong"}"#.to_owned()).await?,
            "pong" => {}
            _ => return Err(broken("it said something before it acknowledged the connection")),
        }
    }
}

async fn drive(mut socket: Socket, events: mpsc::Sender<Result<Bytes, TransportError>>) {
    loop {
        let received = tokio::select! {
            received = receive(&mut socket) => received,
            () = events.closed() => {
                // The client went away. Whether the subgraph hears it or not, the connection ends here.
                let _ = send(&mut socket, format!("{{\"id\":\"{ID}\",\"type\":\"complete\"}}")).await;
                break;
            }
        };
        let event = match received.and_then(|text| event(&text)) {
            Ok(Event::Next(body)) => Ok(body),
            Ok(Event::Last(body)) => {
                let _ = events.send(Ok(body)).await;
                break;
            }
            Ok(Event::Ping) => {
                if send(&mut socket, r#"{"type":"pong"}"#.to_owned()).await.is_ok() {
                    continue;
                }
                Err(broken("the connection broke"))
            }
            Ok(Event::Nothing) => continue,
            Ok(Event::Complete) => break,
            Err(error) => Err(error),
        };
        let is_last = event.is_err();
        if events.send(event).await.is_err() || is_last {
            break;
        }
    }
    let _ = socket.close(None).await;
}

enum Event {
    Next(Bytes),
    /// The operation was refused: errors, and nothing follows.
    Last(Bytes),
    Complete,
    Ping,
    Nothing,
}

fn event(text: &str) -> Result<Event, TransportError> {
    let message = parse(text)?;
    let payload = message.payload.map(RawValue::get);
    match (message.kind.as_ref(), payload) {
        ("next", Some(payload)) => Ok(Event::Next(Bytes::copy_from_slice(payload.as_bytes()))),
        ("error", Some(errors)) => Ok(Event::Last(format!("{{\"errors\":{errors}}}").into())),
        ("complete", _) => Ok(Event::Complete),
        ("ping", _) => Ok(Event::Ping),
        ("pong", _) => Ok(Event::Nothing),
        _ => Err(broken("it sent a message of an unknown type")),
    }
}

fn parse(text: &str) -> Result<Incoming<'_>, TransportError> {
    serde_json::from_str(text).map_err(|_| broken("it sent a message that isn't JSON"))
}

async fn receive(socket: &mut Socket) -> Result<tungstenite::Utf8Bytes, TransportError> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text),
            Some(Ok(Message::Binary(_))) => return Err(broken("it sent a binary message")),
            Some(Ok(Message::Close(Some(frame)))) => {
                return Err(broken(&format!("closed with {}", u16::from(frame.code))));
            }
            Some(Ok(Message::Close(None))) | None => return Err(broken("closed without a word")),
            // The library answers the protocol's own pings.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(tungstenite::Error::Capacity(_))) => return Err(broken("it sent too large a message")),
            Some(Err(error)) => return Err(unreachable(error)),
        }
    }
}

async fn send(socket: &mut Socket, text: String) -> Result<(), TransportError> {
    socket.send(Message::text(text)).await.map_err(unreachable)
}

fn unreachable(error: tungstenite::Error) -> TransportError {
    TransportError::Unreachable(Arc::new(error))
}

fn broken(what: &str) -> TransportError {
    TransportError::Subscription(what.into())
}
