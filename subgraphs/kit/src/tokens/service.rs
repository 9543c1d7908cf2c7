//! Tokens for calls between subgraphs.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::{ISSUER, SERVICE_ISSUER, ServiceClaims};
use crate::clock::Clock;
use crate::config::Secret;

/// Makes service tokens.
#[derive(Clone)]
pub struct ServiceTokens {
    clock: Arc<dyn Clock>,
    key: Arc<EncodingKey>,
}

impl ServiceTokens {
    /// How long a token is good, in seconds: one call.
    pub const SECONDS: i64 = 60;

    /// Tokens that every verifier with the same secret accepts. The secret should have 32 bytes or more.
    pub fn new(secret: &Secret<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            key: Arc::new(EncodingKey::from_secret(secret.expose().as_bytes())),
        }
    }

    /// A token that says "this is the service `name`".
    pub fn mint(&self, name: &str) -> String {
        let now = self.clock.now().timestamp();
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
