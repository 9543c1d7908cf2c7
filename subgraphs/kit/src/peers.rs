//! Calls to other subgraphs, by the same federation entities that the router uses, with a service token.
//!
//! Peers are connected late, under their names: services start before they know each other, and in what order doesn't
//! matter. Each call has a time limit; an error says which peer and what we were doing.

mod batch;
#[cfg(test)]
mod tests;
mod transport;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value, json};

pub use batch::{EntityLoader, RequestLoaders};
pub use transport::{HttpTransport, InProcessTransport, PeerRequest, PeerTransport, TransportError};

use crate::errors::codes;
use crate::locale::Locale;
use crate::tokens::ServiceTokens;

/// How long a call may take.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// How many entities are asked for in one request.
pub const BATCH: usize = 200;

/// A call to a peer failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{doing} at the {peer} service: {problem}")]
pub struct PeerError {
    /// The peer.
    pub peer: String,
    /// What we were doing: "read 3 Variant".
    pub doing: String,
    /// Why it failed.
    #[source]
    pub problem: PeerProblem,
}

/// Why a call failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PeerProblem {
    /// Nobody has connected a peer of this name (yet).
    #[error("not connected")]
    NotConnected,
    /// No answer in time. What was asked for may have happened all the same.
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Timeout,
    /// The answer didn't come. What was asked for may have happened all the same.
    #[error("{0}")]
    Transport(Arc<TransportError>),
    /// It answered that something which it can't do without is away.
    #[error("it can't answer now: {0}")]
    Away(String),
    /// It answered with GraphQL errors.
    #[error("it answers: {0}")]
    Refused(String),
    /// It answered something that isn't an answer.
    #[error("its answer can't be read: {0}")]
    Unreadable(String),
}

impl PeerProblem {
    /// Whether the same call may do in a moment.
    pub(crate) const fn is_passing(&self) -> bool {
        match self {
            Self::NotConnected | Self::Timeout | Self::Transport(_) | Self::Away(_) => true,
            Self::Refused(_) | Self::Unreadable(_) => false,
        }
    }
}

/// The other subgraphs, as one service sees them. Cloning shares the connections.
#[derive(Clone)]
pub struct Peers {
    caller: Arc<str>,
    tokens: ServiceTokens,
    /// The language of the answers, where they hold texts for people.
    locale: Option<Locale>,
    transports: Arc<RwLock<HashMap<String, Arc<dyn PeerTransport>>>>,
}

impl Peers {
    /// Nobody connected yet. Calls are made in the name of the service `caller`.
    pub fn new(caller: &str, tokens: ServiceTokens) -> Self {
        Self {
            caller: caller.into(),
            tokens,
            locale: None,
            transports: Arc::default(),
        }
    }

    /// The same connections, used in the name of another service.
    #[must_use]
    pub fn acting_for(&self, caller: &str) -> Self {
        Self {
            caller: caller.into(),
            ..self.clone()
        }
    }

    /// The same connections, answering in this language: for texts that outlive the request, like an order's titles.
    #[must_use]
    pub fn speaking(&self, locale: Locale) -> Self {
        Self {
            locale: Some(locale),
            ..self.clone()
        }
    }

    /// Makes a peer known. A second call replaces the connection.
    pub fn connect(&self, name: &str, transport: Arc<dyn PeerTransport>) {
        self.transports
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), transport);
    }

    /// Asks a peer for entities by their keys: `entities("catalog", "Variant", &[json!({"sku": "L-1"})], "price { amount
    /// currency }")`. The answers come in the order of the keys, `None` where the peer has nothing. Equal keys are asked
    /// for once.
    pub async fn entities(
        &self,
        peer: &str,
        type_name: &str,
        keys: &[Value],
        selection: &str,
    ) -> Result<Vec<Option<Value>>, PeerError> {
        batch::entities(self, peer, type_name, keys, selection).await
    }

    /// Asks for entities one at a time from many places at once; the calls of one turn of the scheduler become one
    /// request. For resolvers: keep it for one request only, see [`RequestLoaders`].
    pub fn loader(&self, peer: &str, type_name: &str, selection: &str) -> EntityLoader {
        EntityLoader::new(self.clone(), peer, type_name, selection)
    }

    /// Runs an operation that only services may call; gives its `data`.
    pub async fn call(&self, peer: &str, query: &str, variables: Value) -> Result<Value, PeerError> {
        self.send(peer, &format!("call {}", operation(query)), query, variables)
            .await
    }

    pub(crate) async fn send(
        &self,
        peer: &str,
        doing: &str,
        query: &str,
        variables: Value,
    ) -> Result<Value, PeerError> {
        let failed = |problem| PeerError {
            peer: peer.to_owned(),
            doing: doing.to_owned(),
            problem,
        };
        let transport = {
            let transports = self.transports.read().unwrap_or_else(PoisonError::into_inner);
            transports
                .get(peer)
                .cloned()
                .ok_or_else(|| failed(PeerProblem::NotConnected))?
        };
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = PeerRequest {
            token: self.tokens.mint(&self.caller),
            traceparent: crate::trace::current(),
            locale: self.locale,
            body: Bytes::from(body),
        };
        let answer = match tokio::time::timeout(PATIENCE, transport.send(request)).await {
            Err(_) => return Err(failed(PeerProblem::Timeout)),
            Ok(Err(error)) => return Err(failed(PeerProblem::Transport(Arc::new(error)))),
            Ok(Ok(answer)) => answer,
        };
        data_of(&answer).map_err(failed)
    }
}

/// The data of a GraphQL answer. Any error in it fails the whole call: a service that asks a service wants all or nothing.
fn data_of(answer: &[u8]) -> Result<Value, PeerProblem> {
    let answer: Value =
        serde_json::from_slice(answer).map_err(|error| PeerProblem::Unreadable(error.to_string()))?;
    let Value::Object(mut answer) = answer else {
        return Err(PeerProblem::Unreadable("not an object".to_owned()));
    };
    if let Some(errors) = answer
        .get("errors")
        .and_then(Value::as_array)
        .filter(|errors| !errors.is_empty())
    {
        let messages = errors
            .iter()
            .filter_map(|error| error.get("message").and_then(Value::as_str));
        let messages = messages.collect::<Vec<_>>().join("; ");
        let is_away = |error: &Value| error["extensions"]["code"] == codes::SERVICE_UNAVAILABLE;
        return Err(match errors.iter().all(is_away) {
            true => PeerProblem::Away(messages),
            false => PeerProblem::Refused(messages),
        });
    }
    match answer.remove("data") {
        Some(data @ Value::Object(_)) => Ok(data),
        _ => Err(PeerProblem::Unreadable("no data in it".to_owned())),
    }
}

/// The operation, for errors: its first field.
fn operation(query: &str) -> &str {
    let selection = query
        .split_once('{')
        .map_or(query, |(_, selection)| selection)
        .trim_start();
    selection
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
