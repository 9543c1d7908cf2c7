//! GraphQL over WebSocket, in two dialects: `graphql-transport-ws`, which today's clients speak, and the older
//! `graphql-ws` of subscriptions-transport-ws, which some mobile clients still do.
//!
//! A socket is one task ([`session`]) that reads, writes and keeps the time; every operation is a task of its own
//! ([`operation`]) whose messages reach the session through one bounded channel.

mod dialect;
mod operation;
mod session;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, Method, header};

use crate::gateway::Gateway;
use crate::head::Head;
use crate::refusal::Refusal;
use dialect::Dialect;

/// Whether a request wants to become a socket.
pub(crate) fn is_upgrade(method: &Method, headers: &HeaderMap) -> bool {
    let named = headers
        .get(header::UPGRADE)
        .is_some_and(|upgrade| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket"));
    // HTTP/2 has no Upgrade; it opens sockets by CONNECT (RFC 8441).
    named || *method == Method::CONNECT
}

/// Answers the upgrade and lets the session run.
pub(crate) async fn upgrade(
    gateway: Arc<Gateway>,
    mut parts: Parts,
    head: Head,
) -> Result<Response, Refusal> {
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let place = Arc::clone(&gateway.sockets)
        .try_acquire_owned()
        .map_err(|_| Refusal::overloaded())?;
    let upgrade = upgrade
        .max_message_size(gateway.config.limits.body_bytes)
        .max_frame_size(gateway.config.limits.body_bytes)
        .protocols(Dialect::NAMES);
    let dialect = upgrade
        .selected_protocol()
        .and_then(|name| Dialect::named(name.as_bytes()));
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _held = (place, gateway.metrics.socket());
        match dialect {
            Some(dialect) => session::run(gateway, socket, dialect, parts.headers, head).await,
            None => refuse(socket).await,
        }
    }))
}

/// The specification wants the socket opened and closed again, so that the client can read the code.
async fn refuse(mut socket: WebSocket) {
    let frame = CloseFrame {
        code: 4406,
        reason: "Subprotocol not acceptable".into(),
    };
    let _ = socket.send(Message::Close(Some(frame))).await;
}
