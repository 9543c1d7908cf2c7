//! Entities in batches.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dataloader::BatchFn;
use dataloader::cached::Loader;
use serde_json::{Value, json};

use super::{BATCH, PeerError, PeerProblem, Peers, object};

/// One request for every [`BATCH`] different keys, in the order of the keys.
pub(super) async fn entities(
    peers: &Peers,
    peer: &str,
    type_name: &str,
    keys: &[Value],
    selection: &str,
) -> Result<Vec<Option<Value>>, PeerError> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut distinct: Vec<&Value> = Vec::new();
    let order: Vec<usize> = keys
        .iter()
        .map(|key| {
            *places.entry(key.to_string()).or_insert_with(|| {
                distinct.push(key);
                distinct.len() - 1
            })
        })
        .collect();
    let mut found: Vec<Option<Value>> = Vec::with_capacity(distinct.len());
    let query = format!(
        "query ($keys: [_Any!]!) {{ _entities(representations: $keys) {{ ... on {type_name} {{ {selection} }} }} }}"
    );
    for chunk in distinct.chunks(BATCH) {
        let doing = format!("read {} {type_name}", chunk.len());
        let representations: Vec<Value> = chunk
            .iter()
            .map(|key| {
                let mut representation = object(key);
                representation.insert("__typename".to_owned(), type_name.into());
                Value::Object(representation)
            })
            .collect();
        let mut data = peers
            .send(peer, &doing, &query, json!({ "keys": representations }))
            .await?;
        match data.get_mut("_entities").map(Value::take) {
            Some(Value::Array(entities)) if entities.len() == chunk.len() => {
                found.extend(
                    entities
                        .into_iter()
                        .map(|entity| if entity.is_null() { None } else { Some(entity) }),
                );
            }
            _ => {
                let problem = PeerProblem::Unreadable(format!("not {} entities", chunk.len()));
                return Err(PeerError {
                    peer: peer.to_owned(),
                    doing,
                    problem,
                });
            }
        }
    }
    Ok(order
        .into_iter()
        .map(|place| found.get(place).cloned().flatten())
        .collect())
}

type Answer = Result<Option<Value>, PeerError>;

struct Batch {
    peers: Peers,
    peer: String,
    type_name: String,
    selection: String,
}

impl BatchFn<String, Answer> for Batch {
    async fn load(&mut self, keys: &[String]) -> HashMap<String, Answer> {
        let values: Vec<Value> = keys.iter().map(|key| key.parse().unwrap_or_default()).collect();
        match self
            .peers
            .entities(&self.peer, &self.type_name, &values, &self.selection)
            .await
        {
            Ok(found) => keys.iter().cloned().zip(found.into_iter().map(Ok)).collect(),
            Err(error) => keys.iter().map(|key| (key.clone(), Err(error.clone()))).collect(),
        }
    }
}

/// Entities of one type and selection, asked for one at a time and fetched together; each key once. For one request.
#[derive(Clone)]
pub struct EntityLoader {
    loader: Loader<String, Answer, Batch>,
}

impl EntityLoader {
    pub(super) fn new(peers: Peers, peer: &str, type_name: &str, selection: &str) -> Self {
        let batch = Batch {
            peers,
            peer: peer.to_owned(),
            type_name: type_name.to_owned(),
            selection: selection.to_owned(),
        };
        Self {
            loader: Loader::new(batch).with_max_batch_size(BATCH),
        }
    }

    /// The entity of this key; `None` when the peer has nothing.
    pub async fn load(&self, key: &Value) -> Answer {
        self.loader.load(key.to_string()).await
    }
}

/// The loaders of one request: found in its [`crate::caller::RequestHead`].
#[derive(Default)]
pub struct RequestLoaders {
    loaders: Mutex<HashMap<[String; 3], EntityLoader>>,
}

impl RequestLoaders {
    /// The request's loader for this peer, type and selection.
    pub fn of(&self, peers: &Peers, peer: &str, type_name: &str, selection: &str) -> Arc<EntityLoader> {
        let key = [peer, type_name, selection].map(str::to_owned);
        let mut loaders = self.loaders.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::new(
            loaders
                .entry(key)
                .or_insert_with(|| peers.loader(peer, type_name, selection))
                .clone(),
        )
    }
}

impl std::fmt::Debug for RequestLoaders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RequestLoaders")
    }
}
