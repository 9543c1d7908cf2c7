//! Verifies one token: its algorithm is one of the configured, its key is published, its signature holds, and its time
//! has come and not run out.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use tracing::error;

use super::caller::Identity;
use super::jwks::{JwksError, JwksSource};
use super::keys::Keys;
use crate::clock::Clock;
use crate::config::Tokens;
use crate::refusal::Refusal;

/// A token longer than this is no token.
const MOST_BYTES: usize = 16 * 1024;

#[derive(Debug)]
pub(crate) struct TokenVerifier {
    keys: Keys,
    validation: Validation,
    leeway: u64,
    clock: Clock,
}

#[derive(Debug, Error)]
pub(crate) enum TokenError {
    #[error("the access token is not valid")]
    Invalid,
    #[error("the access token has expired")]
    Expired,
    #[error("the access token is not valid yet")]
    Early,
    #[error("access tokens cannot be verified at the moment")]
    NoKeys(#[source] JwksError),
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match &error {
            TokenError::NoKeys(source) => {
                error!(error = %source, "could not read the keys that tokens are verified with");
                Self::http(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "AUTHENTICATION_UNAVAILABLE",
                    error.to_string(),
                )
            }
            _ => Self::unauthenticated(error.to_string()),
        }
    }
}

#[derive(Deserialize)]
struct Claims {
    exp: u64,
    nbf: Option<u64>,
    scope: Option<Value>,
    scp: Option<Value>,
    policies: Option<Value>,
}

impl TokenVerifier {
    /// An error names the algorithm that can't be used.
    pub fn new(source: Arc<dyn JwksSource>, config: &Tokens, clock: Clock) -> Result<Self, String> {
        let algorithms = config
            .algorithms
            .iter()
            .map(|name| algorithm(name))
            .collect::<Result<Vec<_>, _>>()?;
        let first = algorithms
            .first()
            .ok_or("`tokens.algorithms` is empty: no token could ever be verified")?;
        let mut validation = Validation::new(*first);
        validation.algorithms = algorithms;
        // Time is checked below, by the clock that was passed in.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = !config.audiences.is_empty();
        let mut required = vec!["exp"];
        if !config.audiences.is_empty() {
            validation.set_audience(&config.audiences);
            required.push("aud");
        }
        if !config.issuers.is_empty() {
            validation.set_issuer(&config.issuers);
            required.push("iss");
        }
        validation.set_required_spec_claims(&required);
        Ok(Self {
            keys: Keys::new(source, Duration::from_secs(config.keys_seconds)),
            validation,
            leeway: config.leeway_seconds,
            clock,
        })
    }

    pub async fn verify(&self, token: &str) -> Result<Arc<Identity>, TokenError> {
        if token.len() > MOST_BYTES {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        // Before any key is looked for: a token of a foreign kind must not make us read the source again.
        if !self.validation.algorithms.contains(&header.alg) {
            return Err(TokenError::Invalid);
        }
        let kid = header.kid.as_deref();
        let keys = self
            .keys
            .set_for(kid, header.alg)
            .await
            .map_err(TokenError::NoKeys)?;
        let key = keys.find(kid, header.alg).ok_or(TokenError::Invalid)?;
        let mut validation = self.validation.clone();
        // The library wants every allowed algorithm to be of the key's family.
        validation.algorithms = vec![header.alg];
        let claims = decode::<Claims>(token, &key.decoding, &validation)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        let now = self.clock.now();
        let expires = claims.exp.saturating_add(self.leeway);
        if now >= expires {
            return Err(TokenError::Expired);
        }
        if claims
            .nbf
            .is_some_and(|nbf| nbf > now.saturating_add(self.leeway))
        {
            return Err(TokenError::Early);
        }
        let mut scopes = BTreeSet::new();
        words(claims.scope, &mut scopes);
        words(claims.scp, &mut scopes);
        let mut policies = BTreeSet::new();
        words(claims.policies, &mut policies);
        Ok(Arc::new(Identity {
            scopes,
            policies,
            expires,
        }))
    }
}

fn algorithm(name: &str) -> Result<Algorithm, String> {
    let algorithm = name
        .parse()
        .map_err(|_| format!("`tokens.algorithms`: `{name}` is not a known algorithm"))?;
    match algorithm {
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => Err(format!(
            "`tokens.algorithms`: `{name}` signs with a shared secret, which a published key set cannot hold"
        )),
        other => Ok(other),
    }
}

/// Issuers write scopes (and we read policies) as a string of words (RFC 8693) or as a list.
fn words(claim: Option<Value>, into: &mut BTreeSet<String>) {
    match claim {
        Some(Value::String(text)) => into.extend(text.split_ascii_whitespace().map(str::to_owned)),
        Some(Value::Array(items)) => {
            into.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
