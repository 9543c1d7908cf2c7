//! Peers that answer from closures.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::BoxFuture;
use crate::peers::{PeerRequest, PeerTransport, TransportError};

type Script = dyn Fn(&str, &Value) -> Result<Value, String> + Send + Sync;

/// A peer that answers from a closure and remembers what it was asked.
pub struct FakePeer {
    script: Box<Script>,
    is_away: bool,
    asked: Mutex<Vec<(String, Value)>>,
}

impl FakePeer {
    /// `script` gets the query's text and its variables, and gives `data`, or the message of a GraphQL error.
    pub fn new(script: impl Fn(&str, &Value) -> Result<Value, String> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(script),
            is_away: false,
            asked: Mutex::default(),
        })
    }

    /// A peer that knows entities: `entity` gets a representation (with `__typename`) and gives the whole entity, of which
    /// everything is answered whatever was selected, or `None`.
    pub fn of_entities(entity: impl Fn(&Value) -> Option<Value> + Send + Sync + 'static) -> Arc<Self> {
        Self::new(move |_, variables| {
            let keys = variables
                .get("keys")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            Ok(json!({ "_entities": keys.iter().map(&entity).collect::<Vec<_>>() }))
        })
    }

    /// A peer that is away: no call gets there.
    pub fn away() -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(|_, _| Err("away".to_owned())),
            is_away: true,
            asked: Mutex::default(),
        })
    }

    /// What it was asked so far: queries and variables.
    pub fn asked(&self) -> Vec<(String, Value)> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl PeerTransport for FakePeer {
    fn send(&self, request: PeerRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move {
            if self.is_away {
                return Err(TransportError::Other("away".to_owned()));
            }
            let body: Value = serde_json::from_slice(&request.body)
                .map_err(|error| TransportError::Other(error.to_string()))?;
            let query = body
                .get("query")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let variables = body.get("variables").cloned().unwrap_or_default();
            let answer = match (self.script)(&query, &variables) {
                Ok(data) => json!({ "data": data }),
                Err(message) => json!({ "data": null, "errors": [{ "message": message }] }),
            };
            self.asked
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((query, variables));
            Ok(Bytes::from(answer.to_string()))
        })
    }
}
