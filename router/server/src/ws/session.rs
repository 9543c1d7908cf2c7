//! One socket, from its first message to its close.
//!
//! Everything that can happen to it meets in one `select!`: the client says something, an operation has something to
//! send, time passes. Memory is bounded: operations per socket, messages in the channel, and a write that a client
//! doesn't take off our hands in time ends the socket.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Map, Value};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::AbortHandle;
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tracing::{debug, info};

use super::dialect::{Close, Dialect, Said, Say};
use super::operation::{self, Outcome, Ticket};
use crate::gateway::Gateway;
use crate::head::Head;
use crate::refusal::Refusal;
use crate::request::GraphqlRequest;

/// Far enough away to mean never.
const NEVER: Duration = Duration::from_secs(86_400 * 365);
/// A peer that doesn't take our close frame in this time is gone.
const FAREWELL: Duration = Duration::from_secs(1);

/// Runs a socket until it is closed by either side. `head` is who opened it, by the upgrade request's headers.
pub(super) async fn run(
    gateway: Arc<Gateway>,
    socket: WebSocket,
    dialect: Dialect,
    headers: HeaderMap,
    head: Head,
) {
    let settings = &gateway.config.websocket;
    let patience = Duration::from_secs(settings.slow_client_seconds);
    let init_deadline = Instant::now() + Duration::from_secs(settings.init_seconds);
    let ping_every = Duration::from_secs(settings.ping_seconds.max(1));
    let (to_session, from_operations) = mpsc::channel(settings.buffered_messages.max(1));
    let session = Session {
        gateway: Arc::clone(&gateway),
        dialect,
        headers,
        socket: Writer { socket, patience },
        stage: Stage::Opened {
            head: Some(head),
            until: init_deadline,
        },
        running: HashMap::new(),
        serial: 0,
        to_session,
    };
    session.run(from_operations, ping_every).await;
}

struct Session {
    gateway: Arc<Gateway>,
    dialect: Dialect,
    /// The upgrade request's headers: `connection_init` may add to them.
    headers: HeaderMap,
    socket: Writer,
    stage: Stage,
    running: HashMap<String, Running>,
    serial: u64,
    to_session: Sender<(Ticket, Outcome)>,
}

enum Stage {
    /// Waiting for `connection_init`, which must come in time.
    Opened { head: Option<Head>, until: Instant },
    /// Operations may run until the token runs out.
    Acknowledged { head: Arc<Head>, until: Instant },
}

/// Ends its operation when it is dropped.
struct Running {
    serial: u64,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How a socket ends.
enum End {
    /// We close it, and say why.
    Close(Close),
    /// The client has closed it or is gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl Session {
    async fn run(mut self, mut from_operations: Receiver<(Ticket, Outcome)>, ping_every: Duration) {
        let shutdown = self.gateway.shutdown.clone();
        let mut pings = interval(ping_every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pings.reset();
        let mut heard_at = Instant::now();
        let end = loop {
            let step = tokio::select! {
                message = self.socket.socket.recv() => {
                    heard_at = Instant::now();
                    self.receive(message).await
                }
                Some((ticket, outcome)) = from_operations.recv() => self.send_outcome(ticket, outcome).await,
                () = sleep_until(self.stage.until()) => Err(self.stage.time_is_up().into()),
                _ = pings.tick() => {
                    if heard_at.elapsed() > ping_every * 2 { Err(End::Gone) } else { self.sign_of_life().await }
                }
                () = shutdown.cancelled() => Err(Close::new(1001, "The server is going away").into()),
            };
            if let Err(end) = step {
                break end;
            }
        };
        self.running.clear();
        if let End::Close(close) = end {
            debug!(code = close.code, reason = close.reason, "closing a socket");
            self.socket.close(close).await;
        }
    }

    async fn receive(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match message {
            Some(Ok(Message::Text(text))) => self.said(self.dialect.read(&text)?).await,
            Some(Ok(Message::Binary(_))) => Err(Close::new(4400, "Invalid message: binary").into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(error)) => {
                // Too large, not UTF-8, or cut off in the middle; for the last nobody is there to hear it.
                debug!(%error, "a socket's message could not be read");
                Err(Close::new(1009, "A message could not be read, or is too large").into())
            }
        }
    }

    async fn said(&mut self, said: Said) -> Result<(), End> {
        match said {
            Said::Init(payload) => self.init(payload).await,
            Said::Ping(payload) => self.say(&Say::Pong(payload)).await,
            Said::Pong => Ok(()),
            Said::Start { id, request } => self.start(id, request).await,
            Said::Stop { id } => {
                self.running.remove(&id);
                Ok(())
            }
            Said::Terminate => Err(Close::new(1000, "Terminated").into()),
        }
    }

    async fn init(&mut self, payload: Map<String, Value>) -> Result<(), End> {
        let Stage::Opened { head, .. } = &mut self.stage else {
            return Err(Close::new(4429, "Too many initialisation requests").into());
        };
        let Some(mut head) = head.take() else {
            return Err(Close::new(4500, "Internal server error").into());
        };
        for (name, value) in &payload {
            let Value::String(value) = value else { continue };
            if name.eq_ignore_ascii_case(header::AUTHORIZATION.as_str()) {
                let Ok(value) = HeaderValue::from_str(value) else {
                    return self
                        .forbid("the authorization in connection_init is not a header's value")
                        .await;
                };
                self.headers.insert(header::AUTHORIZATION, value);
            }
            self.gateway.headers.forward_named(&mut head.forward, name, value);
        }
        // Who opened the socket may differ from who it is for: the payload's token decides if there is one.
        match self.gateway.authenticator.identify(&self.headers).await {
            Ok(caller) => head.caller = caller,
            Err(refusal) => return self.forbid(&refusal.faults[0].message.clone()).await,
        }
        let lives = head.caller.identity().map(|identity| identity.expires);
        let until = Instant::now()
            + lives.map_or(NEVER, |expires| {
                Duration::from_secs(expires.saturating_sub(self.gateway.clock.now())).min(NEVER)
            });
        self.stage = Stage::Acknowledged {
            head: Arc::new(head),
            until,
        };
        self.say(&Say::Ack).await?;
        if let Some(keep_alive) = self.dialect.keep_alive() {
            self.socket.text(keep_alive.to_owned()).await?;
        }
        Ok(())
    }

    async fn forbid(&mut self, reason: &str) -> Result<(), End> {
        if let Some(refusal) = self.dialect.refusal(reason) {
            self.socket.text(refusal).await?;
        }
        Err(Close::new(4403, format!("Forbidden: {reason}")).into())
    }

    async fn start(&mut self, id: String, request: Result<GraphqlRequest, Refusal>) -> Result<(), End> {
        let Stage::Acknowledged { head, .. } = &self.stage else {
            return Err(Close::new(4401, "Unauthorized").into());
        };
        let head = Arc::clone(head);
        if self.running.contains_key(&id) {
            match self.dialect {
                Dialect::Transport => {
                    return Err(Close::new(4409, format!("Subscriber for {id} already exists")).into());
                }
                // The old library replaces the former operation.
                Dialect::Legacy => drop(self.running.remove(&id)),
            }
        }
        let most = self.gateway.config.websocket.operations;
        if self.running.len() >= most {
            let message = format!("this connection already runs {most} operations, which is the most it may");
            let errors = Refusal::graphql("TOO_MANY_OPERATIONS", message).errors();
            return self
                .say(&Say::Failed {
                    id: &id,
                    errors: &errors,
                })
                .await;
        }
        self.serial += 1;
        let ticket = Ticket {
            id: id.clone(),
            serial: self.serial,
        };
        let run = operation::run(
            Arc::clone(&self.gateway),
            head,
            (self.dialect, request),
            ticket.clone(),
            self.to_session.clone(),
        );
        let to_session = self.to_session.clone();
        let task = tokio::spawn(async move {
            // Dropped unsent only if the operation panics: then the client must not wait for ever.
            let mut bell = Bell {
                ticket: Some(ticket),
                to_session,
            };
            run.await;
            bell.ticket = None;
        });
        self.running.insert(
            id,
            Running {
                serial: self.serial,
                task: task.abort_handle(),
            },
        );
        Ok(())
    }

    async fn send_outcome(&mut self, ticket: Ticket, outcome: Outcome) -> Result<(), End> {
        let Ticket { id, serial } = ticket;
        if self
            .running
            .get(&id)
            .is_none_or(|running| running.serial != serial)
        {
            return Ok(());
        }
        match outcome {
            Outcome::Next(response) => {
                self.say(&Say::Next {
                    id: &id,
                    response: &response,
                })
                .await
            }
            Outcome::Failed(errors) => {
                self.running.remove(&id);
                self.say(&Say::Failed {
                    id: &id,
                    errors: &errors,
                })
                .await?;
                match self.dialect {
                    Dialect::Transport => Ok(()),
                    // It was told by `data`, so the end is yet to be said.
                    Dialect::Legacy => self.say(&Say::Complete { id: &id }).await,
                }
            }
            Outcome::Complete => {
                // First: the client may use the id again as soon as it reads this.
                self.running.remove(&id);
                self.say(&Say::Complete { id: &id }).await
            }
        }
    }

    async fn sign_of_life(&mut self) -> Result<(), End> {
        if let Some(keep_alive) = self.dialect.keep_alive() {
            self.socket.text(keep_alive.to_owned()).await?;
        }
        self.socket.write(Message::Ping(bytes::Bytes::new())).await
    }

    async fn say(&mut self, say: &Say<'_>) -> Result<(), End> {
        let text = self.dialect.write(say);
        let sent = self.socket.text(text).await;
        if matches!(&sent, Err(End::Close(_))) {
            self.gateway.metrics.slow_client();
            info!("closed a socket whose client did not read");
        }
        sent
    }
}

impl Stage {
    fn until(&self) -> Instant {
        match self {
            Self::Opened { until, .. } | Self::Acknowledged { until, .. } => *until,
        }
    }

    fn time_is_up(&self) -> Close {
        match self {
            Self::Opened { .. } => Close::new(4408, "Connection initialisation timeout"),
            Self::Acknowledged { .. } => Close::new(4403, "Forbidden: the access token has expired"),
        }
    }
}

/// A socket that doesn't wait for ever for its peer to read.
struct Writer {
    socket: WebSocket,
    patience: Duration,
}

impl Writer {
    async fn text(&mut self, text: String) -> Result<(), End> {
        self.write(Message::Text(text.into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.patience, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(Close::new(1013, "The client reads too slowly").into()),
        }
    }

    /// Says goodbye and waits a moment for the answer, so that the frame isn't lost with the connection.
    async fn close(mut self, close: Close) {
        let frame = CloseFrame {
            code: close.code,
            reason: close.reason.into(),
        };
        let farewell = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.socket.recv().await {}
            }
        };
        let _ = timeout(FAREWELL, farewell).await;
    }
}

/// Tells the session that an operation ended without a word.
struct Bell {
    ticket: Option<Ticket>,
    to_session: Sender<(Ticket, Outcome)>,
}

impl Drop for Bell {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            // Aborted operations ring as well; the session no longer knows them and doesn't listen.
            let _ = self
                .to_session
                .try_send((ticket, Outcome::Failed(Refusal::internal().errors())));
        }
    }
}
