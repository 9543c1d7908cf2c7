//! Tokens for calls between subgraphs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::{ISSUER, SERVICE_ISSUER, ServiceClaims};
use crate::clock::Clock;
use crate::config::Secret;

/// Makes service tokens.
#[derive(Clone)]
pub struct ServiceTokens {
    clock: Arc<dyn Clock>,
    key: Arc<EncodingKey>,
    /// The newest token of each name, and when it was made: to sign one for every call is a good part of what a call costs.
    newest: Arc<Mutex<HashMap<String, (i64, String)>>>,
}

impl ServiceTokens {
    /// How long a token is good, in seconds.
    pub const SECONDS: i64 = 60;
    /// For how many seconds the same one is given out: whoever gets it has the rest of its time to use it.
    const REUSED: i64 = 20;

    /// Tokens that every verifier with the same secret accepts. The secret should have 32 bytes or more.
    pub fn new(secret: &Secret<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            key: Arc::new(EncodingKey::from_secret(secret.expose().as_bytes())),
            newest: Arc::default(),
        }
    }

    /// A token that says "this is the service `name`".
    pub fn mint(&self, name: &str) -> String {
        let now = self.clock.now().timestamp();
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        match newest.get(name) {
            Some((made, token)) if (0..Self::REUSED).contains(&(now - made)) => token.clone(),
            _ => {
                let token = self.sign(name, now);
                newest.insert(name.to_owned(), (now, token.clone()));
                token
            }
        }
    }

    fn sign(&self, name: &str, now: i64) -> String {
        let claims = ServiceClaims {
            sub: format!("service:{name}"),
            iss: SERVICE_ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            iat: now,
            exp: now + Self::SECONDS,
        };
        // Five plain fields and an HMAC key always encode; were it ever otherwise, the empty token is refused by the peer.
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.key).unwrap_or_default()
    }
}
