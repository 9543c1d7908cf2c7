//! Tokens: who a request says it is, and the proof.
//!
//! Two kinds, and each algorithm is accepted for its own kind only, so that a public key can never be passed off as a
//! shared secret:
//! - a person's **access token**: EdDSA (Ed25519), signed by the users service, verified by `kid` against its JWKS;
//! - a **service token**: HS256 with the secret that the subgraphs share, made for each call, good for a minute.

mod jwks;
mod service;
mod verifier;

use serde::{Deserialize, Serialize};

pub use jwks::{HttpJwks, Jwks, JwksError, JwksSource, jwks_from};
pub use service::ServiceTokens;
pub use verifier::{TokenError, TokenVerifier};

use crate::caller::Role;
use crate::ids::Id;

/// `iss` and `aud` of access tokens.
pub const ISSUER: &str = "lavka";
/// `iss` of service tokens.
pub const SERVICE_ISSUER: &str = "lavka-service";

/// The claims of an access token (RFC 9068 in spirit).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The account.
    pub sub: Id,
    /// The session.
    pub sid: Id,
    /// The account's roles.
    pub roles: Vec<Role>,
    /// What they allow, separated by spaces (RFC 8693, 4.2): what `@requiresScopes` is checked against.
    pub scope: String,
    /// [`ISSUER`].
    pub iss: String,
    /// [`ISSUER`].
    pub aud: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// From when on it is worth nothing.
    pub exp: i64,
}

/// The claims of a service token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceClaims {
    /// "service:orders".
    pub sub: String,
    /// [`SERVICE_ISSUER`].
    pub iss: String,
    /// [`ISSUER`].
    pub aud: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// From when on it is worth nothing.
    pub exp: i64,
}
