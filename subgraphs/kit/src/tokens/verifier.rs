//! Checks tokens of both kinds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::de::DeserializeOwned;

use super::{AccessClaims, ISSUER, JwksError, JwksSource, SERVICE_ISSUER, ServiceClaims};
use crate::caller::{Caller, UserCaller};
use crate::clock::Clock;
use crate::config::Secret;

/// Why a token is worth nothing.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not a token of ours: malformed, forged, wrong algorithm, wrong issuer.
    #[error("the token is not valid")]
    Invalid,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// The keys can't be had at the moment: not the client's fault.
    #[error("check a token")]
    Keys(#[source] JwksError),
}

/// Checks tokens. Cloning shares the cache of keys.
#[derive(Clone)]
pub struct TokenVerifier {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    service_key: DecodingKey,
    source: RwLock<Option<Arc<dyn JwksSource>>>,
    keys: RwLock<HashMap<String, Arc<DecodingKey>>>,
    /// One refetch at a time, and when the last one was.
    fetched: tokio::sync::Mutex<Option<DateTime<Utc>>>,
}

impl TokenVerifier {
    /// A verifier that trusts service tokens of this secret, and nobody's access tokens until [`TokenVerifier::trust`].
    pub fn new(secret: &Secret<String>, clock: Arc<dyn Clock>) -> Self {
        let shared = Shared {
            clock,
            service_key: DecodingKey::from_secret(secret.expose().as_bytes()),
            source: RwLock::new(None),
            keys: RwLock::new(HashMap::new()),
            fetched: tokio::sync::Mutex::new(None),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// From now on, access tokens signed by these keys are good. Comes after the start, because the users service,
    /// which has the keys, is itself given a verifier.
    pub fn trust(&self, source: Arc<dyn JwksSource>) {
        *self.shared.source.write().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }

    /// Who the bearer of this token is.
    pub async fn verify(&self, token: &str) -> Result<Caller, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        match header.alg {
            Algorithm::EdDSA => {
                let kid = header.kid.ok_or(TokenError::Invalid)?;
                self.verify_user(token, &kid).await
            }
            Algorithm::HS256 => self.verify_service(token),
            _ => Err(TokenError::Invalid),
        }
    }

    async fn verify_user(&self, token: &str, kid: &str) -> Result<Caller, TokenError> {
        let key = self.key(kid).await?;
        let claims: AccessClaims = self.decode(token, &key, Algorithm::EdDSA, ISSUER)?;
        self.in_time(claims.iat, claims.exp)?;
        Ok(Caller::User(UserCaller {
            id: claims.sub,
            session: claims.sid,
            roles: claims.roles,
            scopes: claims.scope.split_ascii_whitespace().map(str::to_owned).collect(),
        }))
    }

    fn verify_service(&self, token: &str) -> Result<Caller, TokenError> {
        let key = &self.shared.service_key;
        let claims: ServiceClaims = self.decode(token, key, Algorithm::HS256, SERVICE_ISSUER)?;
        self.in_time(claims.iat, claims.exp)?;
        let name = claims.sub.strip_prefix("service:").ok_or(TokenError::Invalid)?;
        Ok(Caller::Service {
            name: name.to_owned(),
        })
    }

    fn decode<C: DeserializeOwned>(
        &self,
        token: &str,
        key: &DecodingKey,
        algorithm: Algorithm,
        issuer: &str,
    ) -> Result<C, TokenError> {
        let mut validation = Validation::new(algorithm);
        // The library would ask the computer for the time; `in_time` asks our clock.
        validation.validate_exp = false;
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        match jsonwebtoken::decode(token, key, &validation) {
            Ok(data) => Ok(data.claims),
            Err(_) => Err(TokenError::Invalid),
        }
    }

    fn in_time(&self, issued: i64, expires: i64) -> Result<(), TokenError> {
        let now = self.shared.clock.now().timestamp();
        if expires <= now {
            return Err(TokenError::Expired);
        }
        // A minute of disagreement between two machines' clocks is forgiven.
        if issued > now + 60 {
            Err(TokenError::Invalid)
        } else {
            Ok(())
        }
    }

    async fn key(&self, kid: &str) -> Result<Arc<DecodingKey>, TokenError> {
        if let Some(key) = self.known(kid) {
            return Ok(key);
        }
        let source = self
            .shared
            .source
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let source = source.ok_or(TokenError::Invalid)?;
        let mut fetched = self.shared.fetched.lock().await;
        if let Some(key) = self.known(kid) {
            return Ok(key);
        }
        let now = self.shared.clock.now();
        let patience = TimeDelta::from_std(source.patience()).unwrap_or_default();
        if fetched.is_some_and(|last| now < last + patience) {
            return Err(TokenError::Invalid);
        }
        let jwks = source.keys().await.map_err(TokenError::Keys)?;
        let keys = jwks.keys.iter().filter_map(|jwk| {
            let key = DecodingKey::from_jwk(jwk).ok()?;
            Some((jwk.common.key_id.clone()?, Arc::new(key)))
        });
        *self.shared.keys.write().unwrap_or_else(PoisonError::into_inner) = keys.collect();
        *fetched = Some(now);
        self.known(kid).ok_or(TokenError::Invalid)
    }

    fn known(&self, kid: &str) -> Option<Arc<DecodingKey>> {
        self.shared
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(kid)
            .cloned()
    }
}
