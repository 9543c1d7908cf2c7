//! Checks tokens of both kinds.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

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

/// What a service token says.
#[derive(Clone)]
struct Genuine {
    name: String,
    issued: i64,
    expires: i64,
}

/// How many service tokens are remembered: some for each service and replica that calls.
const REMEMBERED: usize = 1_000;

/// Checks tokens. Cloning shares the cache of keys.
#[derive(Clone)]
pub struct TokenVerifier {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    service_key: DecodingKey,
    /// Service tokens that were found genuine, with their claims: each is used for many calls.
    genuine: RwLock<HashMap<String, Genuine>>,
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
            genuine: RwLock::default(),
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
        let genuine = self.genuine().get(token).cloned();
        if let Some(genuine) = genuine {
            return self.service(genuine);
        }
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
        let name = claims.sub.strip_prefix("service:").ok_or(TokenError::Invalid)?;
        let genuine = Genuine {
            name: name.to_owned(),
            issued: claims.iat,
            expires: claims.exp,
        };
        let caller = self.service(genuine.clone())?;
        let mut all = self
            .shared
            .genuine
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(token.to_owned(), genuine);
        Ok(caller)
    }

    /// A genuine token's bearer, if its time is now.
    fn service(&self, genuine: Genuine) -> Result<Caller, TokenError> {
        self.in_time(genuine.issued, genuine.expires)?;
        Ok(Caller::Service { name: genuine.name })
    }

    fn genuine(&self) -> RwLockReadGuard<'_, HashMap<String, Genuine>> {
        self.shared.genuine.read().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use jsonwebtoken::{EncodingKey, Header};
    use serde_json::json;

    use super::*;
    use crate::BoxFuture;
    use crate::caller::Role;
    use crate::ids::Id;
    use crate::testing::TestWorld;
    use crate::tokens::Jwks;

    #[tokio::test]
    async fn a_token_is_good_for_its_time() {
        let world = TestWorld::of("small").await;
        let verifier = &world.context.verifier;
        let token = world.user_token(Id::from_u128(1), &[Role::Staff]);
        let caller = verifier.verify(&token).await.unwrap();
        assert!(caller.has_scope(crate::caller::Scope::ORDERS_MANAGE));
        world.clock.advance(Duration::from_secs(900));
        assert!(matches!(verifier.verify(&token).await, Err(TokenError::Expired)));

        let service = world.service_token("orders");
        assert_eq!(
            verifier.verify(&service).await.unwrap(),
            Caller::Service {
                name: "orders".into()
            }
        );
        world.clock.advance(Duration::from_secs(60));
        assert!(matches!(
            verifier.verify(&service).await,
            Err(TokenError::Expired)
        ));
    }

    /// The classical forgery: what is public is used as the secret of another algorithm, or there is no signature at all.
    #[tokio::test]
    async fn each_algorithm_is_for_its_own_kind() {
        let world = TestWorld::of("small").await;
        let now = world.clock.now().timestamp();
        let user = json!({ "sub": Id::from_u128(1), "sid": Id::from_u128(2), "roles": ["ADMIN"], "scope": "users:manage",
            "iss": "lavka", "aud": "lavka", "iat": now, "exp": now + 900 });
        let public = b"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let secret = b"a secret of the tests, 32 bytes at least";
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("test".to_owned());
        let mut other = Header::new(Algorithm::HS512);
        other.kid = Some("test".to_owned());
        let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZXJ2aWNlOm9yZGVycyJ9.";
        for (name, token) in [
            (
                "public key as secret",
                jsonwebtoken::encode(&header, &user, &EncodingKey::from_secret(public)).unwrap(),
            ),
            (
                "user claims by the service secret",
                jsonwebtoken::encode(&header, &user, &EncodingKey::from_secret(secret)).unwrap(),
            ),
            (
                "another algorithm",
                jsonwebtoken::encode(&other, &user, &EncodingKey::from_secret(secret)).unwrap(),
            ),
            ("none", none.to_owned()),
        ] {
            let verified = world.context.verifier.verify(&token).await;
            assert!(
                matches!(verified, Err(TokenError::Invalid)),
                "{name}: {verified:?}"
            );
        }
    }

    struct Counting(AtomicU32);

    impl JwksSource for Counting {
        fn keys(&self) -> BoxFuture<'_, Result<Jwks, JwksError>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(Jwks::default()) })
        }
    }

    #[tokio::test]
    async fn unknown_keys_do_not_make_us_ask_for_ever() {
        let world = TestWorld::of("small").await;
        let verifier = TokenVerifier::new(&Secret::new("x".repeat(32)), world.clock.clone());
        let token = world.customer_token(Id::from_u128(1));
        assert!(
            matches!(verifier.verify(&token).await, Err(TokenError::Invalid)),
            "nobody is trusted yet"
        );
        let source = Arc::new(Counting(AtomicU32::new(0)));
        verifier.trust(source.clone());
        for _ in 0..5 {
            assert!(matches!(verifier.verify(&token).await, Err(TokenError::Invalid)));
        }
        assert_eq!(source.0.load(Ordering::Relaxed), 1);
        world.clock.advance(Duration::from_secs(10));
        assert!(matches!(verifier.verify(&token).await, Err(TokenError::Invalid)));
        assert_eq!(source.0.load(Ordering::Relaxed), 2);
    }
}
