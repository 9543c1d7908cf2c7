//! Who is asking. A bearer token is verified against published keys, or the request is refused: a wrong or expired
//! token never makes a silent guest out of somebody who wanted to be signed in.

mod caller;
mod jwks;
mod keys;
mod token;

pub(crate) use caller::Caller;
pub use jwks::{FixedJwks, JwksError, JwksSource, UrlJwks};
pub(crate) use token::TokenVerifier;

use http::{HeaderMap, header};

use crate::refusal::Refusal;

/// Turns request headers into a caller.
#[derive(Debug)]
pub(crate) struct Authenticator {
    /// Absent: nobody said where keys come from. Tokens then pass to the subgraphs unread, and everybody is a guest here.
    verifier: Option<TokenVerifier>,
}

impl Authenticator {
    pub fn new(verifier: Option<TokenVerifier>) -> Self {
        Self { verifier }
    }

    /// The person behind the `authorization` header, a guest where there is none.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let Some(verifier) = &self.verifier else {
            return Ok(Caller::Guest);
        };
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(Caller::Guest);
        };
        if values.next().is_some() {
            return Err(Refusal::unauthenticated(
                "there is more than one authorization header",
            ));
        }
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| {
                Refusal::unauthenticated("the authorization header is not of the form `Bearer <token>`")
            })?;
        verifier
            .verify(token)
            .await
            .map(Caller::Person)
            .map_err(Refusal::from)
    }
}
