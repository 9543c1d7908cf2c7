//! Peers that answer from closures.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::BoxFuture;
use crate::peers::{PeerRequest, PeerTransport, TransportError};

type Script = dyn Fn(&str, &Value) -> Result<Value, String> + Send + Sync;

/// A peer that answers from a closure and remembers what it was asked.
pub struct FakePeer {
    /// `None`: it is away.
    script: Option<Box<Script>>,
    asked: Mutex<Vec<(String, Value)>>,
}

impl FakePeer {
    /// `script` gets the query's text and its variables, and gives `data`, or the message of a GraphQL error.
    pub fn new(script: impl Fn(&str, &Value) -> Result<Value, String> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            script: Some(Box::new(script)),
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
            script: None,
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
            let Some(script) = &self.script else {
                return Err(TransportError::Other("away".to_owned()));
            };
            let body: Value = serde_json::from_slice(&request.body)
                .map_err(|error| TransportError::Other(error.to_string()))?;
            let query = body
                .get("query")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let variables = body.get("variables").cloned().unwrap_or_default();
            let answer = match script(&query, &variables) {
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
