//! The keys now believed. They are read again when they have grown old and when a token names an unknown one, but not
//! more often than once a second: a forged `kid` must not make us hammer the source.

use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::warn;

use super::jwks::{JwksError, JwksSource};

const COOL_DOWN: Duration = Duration::from_secs(1);

pub(super) struct Keys {
    source: Arc<dyn JwksSource>,
    believed_for: Duration,
    current: RwLock<Option<Arc<KeySet>>>,
    /// Held while reading, so that a crowd of requests reads once; tells when somebody last tried.
    reading: Mutex<Option<Instant>>,
}

pub(super) struct KeySet {
    keys: Vec<Key>,
    read_at: Instant,
}

pub(super) struct Key {
    id: Option<String>,
    algorithm: Option<String>,
    pub decoding: DecodingKey,
}

impl Keys {
    pub fn new(source: Arc<dyn JwksSource>, believed_for: Duration) -> Self {
        Self {
            source,
            believed_for,
            current: RwLock::new(None),
            reading: Mutex::new(None),
        }
    }

    /// A set in which to look for `id`: the current one, or a newer one if that is old or doesn't have it.
    /// An error only where no set has ever been read.
    pub async fn set_for(&self, id: Option<&str>, algorithm: Algorithm) -> Result<Arc<KeySet>, JwksError> {
        let seen = self.current();
        if let Some(set) = &seen
            && set.read_at.elapsed() < self.believed_for
            && set.find(id, algorithm).is_some()
        {
            return Ok(Arc::clone(set));
        }
        let mut last_try = self.reading.lock().await;
        let now = self.current();
        // Somebody may have read while we waited for our turn.
        let renewed = match (&now, &seen) {
            (Some(now), Some(seen)) => !Arc::ptr_eq(now, seen),
            (now, _) => now.is_some(),
        };
        let cooling = last_try.is_some_and(|at| at.elapsed() < COOL_DOWN);
        if let Some(set) = &now
            && (renewed || cooling)
        {
            return Ok(Arc::clone(set));
        }
        *last_try = Some(Instant::now());
        match self.read().await {
            Ok(set) => {
                let set = Arc::new(set);
                if let Ok(mut current) = self.current.write() {
                    *current = Some(Arc::clone(&set));
                }
                Ok(set)
            }
            Err(error) => match now {
                // Old keys are better than turning everybody away while the source is down.
                Some(set) => {
                    warn!(%error, "could not read the token keys again; the old ones stay in use");
                    Ok(set)
                }
                None => Err(error),
            },
        }
    }

    fn current(&self) -> Option<Arc<KeySet>> {
        self.current.read().ok().and_then(|current| current.clone())
    }

    async fn read(&self) -> Result<KeySet, JwksError> {
        let text = self.source.fetch().await?;
        let set: Value =
            serde_json::from_str(&text).map_err(|error| format!("the key set is not JSON: {error}"))?;
        let entries = set
            .get("keys")
            .and_then(Value::as_array)
            .ok_or("the key set has no list `keys`")?;
        // RFC 7517, section 5: what we don't understand is skipped, the rest counts.
        let set = JwkSet {
            keys: entries
                .iter()
                .filter_map(|entry| serde_json::from_value(entry.clone()).ok())
                .collect(),
        };
        Ok(KeySet {
            keys: set.keys.iter().filter_map(Key::new).collect(),
            read_at: Instant::now(),
        })
    }
}

impl KeySet {
    /// The key with this id. A token without an id is served only where there is no choice.
    pub fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        let mut fitting = self.keys.iter().filter(|key| key.serves(algorithm));
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }
}

impl Key {
    fn new(jwk: &Jwk) -> Option<Self> {
        if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
            return None;
        }
        Some(Self {
            id: jwk.common.key_id.clone(),
            algorithm: jwk.common.key_algorithm.map(|algorithm| algorithm.to_string()),
            decoding: DecodingKey::from_jwk(jwk).ok()?,
        })
    }

    fn serves(&self, algorithm: Algorithm) -> bool {
        let named = self
            .algorithm
            .as_deref()
            .is_none_or(|name| name.parse::<Algorithm>().ok() == Some(algorithm));
        named && self.decoding.family().algorithms().contains(&algorithm)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keys")
            .field("believed_for", &self.believed_for)
            .finish_non_exhaustive()
    }
}
