//! GraphQL errors: for faults only. What a shopper can act on is data (`userErrors`).

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::time::Duration;

use async_graphql::{Error, ErrorExtensions as _};

use crate::peers::PeerProblem;

/// `extensions.code` of the errors that the kit makes.
pub mod codes {
    /// Nobody has signed in, or the token is wrong or expired.
    pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    /// Signed in, but not allowed.
    pub const FORBIDDEN: &str = "FORBIDDEN";
    /// The request asks for something that can't be: `first: 101`.
    pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// What a subscription names isn't there, or isn't the caller's.
    pub const NOT_FOUND: &str = "NOT_FOUND";
    /// Our fault.
    pub const INTERNAL_SERVER_ERROR: &str = "INTERNAL_SERVER_ERROR";
    /// Something that we can't do without is away for the moment. The same request may do in a second or two.
    pub const SERVICE_UNAVAILABLE: &str = "SERVICE_UNAVAILABLE";
    /// The document doesn't fit the schema, or is too deep or too complex.
    pub const GRAPHQL_VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
}

/// Something that we can't do without is away for the moment: an adapter says so of its engine's own error, whose type nobody
/// else knows. Nothing is wrong with the request.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Unavailable(Box<dyn StdError + Send + Sync>);

impl Unavailable {
    /// The engine's word.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(source.into())
    }

    /// It didn't answer in time. What was asked for may have happened all the same.
    pub fn silent(patience: Duration) -> Self {
        Self::new(format!("no answer within {patience:?}"))
    }
}

/// Whether the cause of it all is that something is away: a database, a peer, an engine behind an adapter. The same request
/// may do in a moment.
pub fn is_unavailable(error: &(dyn StdError + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    let is_marked = causes.any(|error| {
        error.is::<Unavailable>()
            || error
                .downcast_ref::<PeerProblem>()
                .is_some_and(PeerProblem::is_passing)
    });
    is_marked || crate::sql::is_unavailable(error)
}

fn coded(message: impl Into<String>, code: &'static str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// Nobody has signed in.
pub fn unauthenticated() -> Error {
    coded("sign in first", codes::UNAUTHENTICATED)
}

/// Signed in, but not allowed.
pub fn forbidden() -> Error {
    coded("not allowed", codes::FORBIDDEN)
}

/// The request asks for something that can't be. The message is for the client's developer.
pub fn invalid(message: impl Into<String>) -> Error {
    coded(message, codes::BAD_USER_INPUT)
}

/// For subscriptions: what isn't there, and what isn't the caller's, look alike.
pub fn not_found(what: &str) -> Error {
    coded(format!("{what} not found"), codes::NOT_FOUND)
}

/// Our fault: logged here, once, with the whole chain of causes; the client sees "internal error" and nothing else.
pub fn fault(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    shown(&*error.into())
}

/// What the client sees of a fault, which is logged: its code, if it is one that passes, and nothing else.
pub(crate) fn shown(error: &(dyn StdError + 'static)) -> Error {
    tracing::error!(error = chain(error), "a request failed");
    if is_unavailable(error) {
        return coded("try again in a moment", codes::SERVICE_UNAVAILABLE);
    }
    hidden()
}

/// What the client sees of a fault.
pub(crate) fn hidden() -> Error {
    coded("internal error", codes::INTERNAL_SERVER_ERROR)
}

/// An error with its causes in one line: "place order 7: write: disk full".
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // Many wrappers already print their cause.
        if !line.ends_with(&text) {
            let _ = write!(line, ": {text}");
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("place order 7")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn a_fault_shows_nothing_of_its_cause() {
        let error = fault(Outer(std::io::Error::other("disk full at /secret")));
        assert_eq!(error.message, "internal error");
        assert_eq!(
            error.extensions.unwrap().get("code"),
            Some(&codes::INTERNAL_SERVER_ERROR.into())
        );
    }

    #[derive(Debug, thiserror::Error)]
    #[error("place order 7")]
    struct Asking(#[source] Box<dyn StdError + Send + Sync>);

    #[test]
    fn what_is_away_for_the_moment_is_told_so() {
        let told = |cause: Box<dyn StdError + Send + Sync>| {
            let error = fault(Asking(cause));
            let code = error.extensions.as_ref().and_then(|it| it.get("code")).cloned();
            (error.message, code)
        };
        let causes: [Box<dyn StdError + Send + Sync>; 5] = [
            Box::new(Unavailable::new("connection refused at redis:6379")),
            Box::new(Unavailable::silent(Duration::from_secs(3))),
            Box::new(PeerProblem::Timeout),
            Box::new(PeerProblem::NotConnected),
            Box::new(PeerProblem::Away("away".into())),
        ];
        for cause in causes {
            let expected = (
                "try again in a moment".to_owned(),
                Some(codes::SERVICE_UNAVAILABLE.into()),
            );
            assert_eq!(told(cause), expected);
        }
        let refused = told(Box::new(PeerProblem::Refused("no such field".into())));
        assert_eq!(refused.1, Some(codes::INTERNAL_SERVER_ERROR.into()));
    }

    #[test]
    fn the_chain_is_one_line() {
        assert_eq!(
            chain(&Outer(std::io::Error::other("disk full"))),
            "place order 7: disk full"
        );
    }
}
