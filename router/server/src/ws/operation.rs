//! One operation on a socket: a task that runs it and sends what comes of it to the session.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc::Sender;

use super::dialect::Dialect;
use crate::engine::{Answered, Asking, Delivery, Protocol};
use crate::gateway::Gateway;
use crate::head::Head;
use crate::refusal::Refusal;
use crate::request::GraphqlRequest;

/// Which operation a message belongs to. An id may be used again once its operation has ended; the serial number keeps
/// late messages of the former from being taken for the latter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub id: String,
    pub serial: u64,
}

/// What an operation tells its session.
#[derive(Debug)]
pub(super) enum Outcome {
    Next(Bytes),
    /// Not executed; nothing follows.
    Failed(Bytes),
    /// Nothing follows.
    Complete,
}

pub(super) async fn run(
    gateway: Arc<Gateway>,
    head: Arc<Head>,
    (dialect, request): (Dialect, Result<GraphqlRequest, Refusal>),
    ticket: Ticket,
    to_session: Sender<(Ticket, Outcome)>,
) {
    let tell = async |outcome| to_session.send((ticket.clone(), outcome)).await.is_ok();
    // An operation counts like a request of its own.
    let may_run = gateway
        .rate
        .as_ref()
        .map_or(Ok(()), |rate| rate.check(head.client));
    let answered = match may_run.and(request) {
        Ok(request) => {
            let asking = Asking {
                request,
                pieces: dialect.pieces(),
            };
            gateway.engine.run(Protocol::WebSocket, asking, &head).await
        }
        Err(refusal) => Err(refusal),
    };
    match answered {
        Err(refusal) => {
            tell(Outcome::Failed(refusal.errors())).await;
        }
        Ok(Answered::Answer(Delivery { first, mut rest })) => {
            let mut piece = Some(first.body);
            while let Some(body) = piece {
                if !tell(Outcome::Next(body)).await {
                    return;
                }
                piece = match &mut rest {
                    Some(rest) => rest.next().await,
                    None => None,
                };
            }
            tell(Outcome::Complete).await;
        }
        Ok(Answered::Stream(mut events)) => {
            let _open = gateway.metrics.subscription();
            while let Some(event) = events.next().await {
                // Waits while the client is slow; the session ends us all when it is too slow.
                if !tell(Outcome::Next(event)).await {
                    return;
                }
            }
            tell(Outcome::Complete).await;
        }
    }
}
