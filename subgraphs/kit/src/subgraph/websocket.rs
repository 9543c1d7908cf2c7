//! `graphql-transport-ws`: how a router that is another process subscribes. The token comes in the upgrade's headers or in
//! `connection_init` as `{"authorization": "Bearer …"}`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::GraphqlService;

pub(super) const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may be silent before `connection_init`.
const INIT_PATIENCE: Duration = Duration::from_secs(10);
/// The most subscriptions on one connection.
const MAX_SUBSCRIPTIONS: usize = 10_000;

/// A message from the client. The payload stays as it is written: it is the request's body.
#[derive(Deserialize)]
struct FromClient<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(default)]
    id: Option<String>,
    #[serde(default, borrow)]
    payload: Option<&'a RawValue>,
}

/// Why the connection ends: a close code of the protocol and its words.
struct Closing(u16, &'static str);

/// What a running subscription sends, with its id.
enum FromService {
    Next(String, Bytes),
    /// It could not be started: a whole response, of which the errors are wanted.
    Refused(String, Bytes),
    Complete(String),
}

/// Talks until either side ends it.
pub(super) async fn run(
    mut socket: WebSocket,
    service: Arc<dyn GraphqlService>,
    headers: HeaderMap,
    peer: Option<IpAddr>,
) {
    let mut connection = Connection {
        service,
        headers,
        peer,
        ready: false,
        running: HashMap::new(),
    };
    let Closing(code, reason) = connection.talk(&mut socket).await;
    for (_, subscription) in connection.running {
        subscription.abort();
    }
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    // The other side may be gone already.
    let _ = socket.send(Message::Close(Some(frame))).await;
}

struct Connection {
    service: Arc<dyn GraphqlService>,
    headers: HeaderMap,
    peer: Option<IpAddr>,
    ready: bool,
    running: HashMap<String, AbortHandle>,
}

impl Connection {
    async fn talk(&mut self, socket: &mut WebSocket) -> Closing {
        let (events_in, mut events) = mpsc::channel::<FromService>(64);
        let deadline = tokio::time::sleep(INIT_PATIENCE);
        tokio::pin!(deadline);
        loop {
            let answer = tokio::select! {
                () = &mut deadline, if !self.ready => return Closing(4408, "Connection initialisation timeout"),
                Some(event) = events.recv() => self.message_for(event),
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => match self.on_message(&text, &events_in) {
                        Ok(answer) => answer,
                        Err(closing) => return closing,
                    },
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                    Some(Ok(Message::Binary(_))) => return Closing(4400, "Only text messages"),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Closing(1000, "Bye"),
                },
            };
            if let Some(answer) = answer
                && socket.send(Message::Text(answer.into())).await.is_err()
            {
                return Closing(1000, "Bye");
            }
        }
    }

    fn on_message(
        &mut self,
        text: &str,
        events: &mpsc::Sender<FromService>,
    ) -> Result<Option<String>, Closing> {
        let strange = || Closing(4400, "Not a message of graphql-transport-ws");
        let message: FromClient<'_> = serde_json::from_str(text).map_err(|_| strange())?;
        match message.kind {
            "connection_init" if self.ready => Err(Closing(4429, "Too many initialisation requests")),
            "connection_init" => {
                self.ready = true;
                self.remember_token(message.payload);
                Ok(Some(r#"{"type":"connection_ack"}"#.to_owned()))
            }
            "ping" => Ok(Some(r#"{"type":"pong"}"#.to_owned())),
            "pong" => Ok(None),
            "complete" => {
                let subscription = message.id.and_then(|id| self.running.remove(&id));
                if let Some(subscription) = subscription {
                    subscription.abort();
                }
                Ok(None)
            }
            "subscribe" => {
                let (Some(id), Some(payload)) = (message.id, message.payload) else {
                    return Err(strange());
                };
                self.may_start(&id)?;
                self.start(id, Bytes::from(payload.get().to_owned()), events.clone());
                Ok(None)
            }
            _ => Err(strange()),
        }
    }

    fn may_start(&self, id: &str) -> Result<(), Closing> {
        if !self.ready {
            Err(Closing(4401, "Unauthorized"))
        } else if self.running.contains_key(id) {
            Err(Closing(4409, "Subscriber already exists"))
        } else if self.running.len() >= MAX_SUBSCRIPTIONS {
            Err(Closing(4400, "Too many subscriptions"))
        } else {
            Ok(())
        }
    }

    fn remember_token(&mut self, payload: Option<&RawValue>) {
        let payload: Option<Value> = payload.and_then(|payload| serde_json::from_str(payload.get()).ok());
        let token = payload.as_ref().and_then(Value::as_object).and_then(|fields| {
            let (_, token) = fields
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
            HeaderValue::try_from(token.as_str()?).ok()
        });
        if let Some(token) = token {
            self.headers.insert(AUTHORIZATION, token);
        }
    }

    fn start(&mut self, id: String, body: Bytes, events: mpsc::Sender<FromService>) {
        let (service, headers, peer) = (self.service.clone(), self.headers.clone(), self.peer);
        let name = id.clone();
        let task = tokio::spawn(async move {
            match service.subscribe(headers, peer, body).await {
                Err(refusal) => drop(events.send(FromService::Refused(name, refusal)).await),
                Ok(mut responses) => {
                    while let Some(response) = responses.next().await {
                        if events
                            .send(FromService::Next(name.clone(), response))
                            .await
                            .is_err()
                        {
                            return;
                        }
                    }
                    let _ = events.send(FromService::Complete(name)).await;
                }
            }
        });
        self.running.insert(id, task.abort_handle());
    }

    /// The message for the client; none when it has already completed the subscription itself.
    fn message_for(&mut self, event: FromService) -> Option<String> {
        let (kind, id, payload) = match event {
            FromService::Next(id, response) => {
                self.running.get(&id)?;
                ("next", id, Some(String::from_utf8(response.into()).ok()?))
            }
            FromService::Refused(id, response) => {
                self.running.remove(&id)?;
                let response: Value = serde_json::from_slice(&response).ok()?;
                ("error", id, Some(response.get("errors")?.to_string()))
            }
            FromService::Complete(id) => {
                self.running.remove(&id)?;
                ("complete", id, None)
            }
        };
        let id = Value::String(id);
        Some(match payload {
            Some(payload) => format!(r#"{{"id":{id},"type":"{kind}","payload":{payload}}}"#),
            None => format!(r#"{{"id":{id},"type":"{kind}"}}"#),
        })
    }
}
