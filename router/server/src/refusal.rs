//! Why a request got no further. A refusal knows its HTTP status, its code and where in the operation it belongs;
//! each protocol writes it in its own way.

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

/// Line and column in the operation's text, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Location {
    pub line: usize,
    pub column: usize,
}

/// One GraphQL error of a refusal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Fault {
    pub message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    pub extensions: Extensions,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Extensions {
    pub code: &'static str,
}

/// A request that isn't executed, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    /// Whether the request was a well-formed GraphQL request: then `application/json` answers 200 whatever `status` says.
    pub well_formed: bool,
    pub status: StatusCode,
    pub faults: Vec<Fault>,
}

impl Refusal {
    /// What is wrong with the HTTP request: every media type shows the status.
    pub fn http(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            well_formed: false,
            status,
            faults: vec![Fault::new(code, message)],
        }
    }

    /// What is wrong with the GraphQL in a request that is fine as HTTP.
    pub fn graphql(code: &'static str, message: impl Into<String>) -> Self {
        Self::faults(vec![Fault::new(code, message)])
    }

    /// Several things wrong with the GraphQL.
    pub fn faults(faults: Vec<Fault>) -> Self {
        Self {
            well_formed: true,
            status: StatusCode::BAD_REQUEST,
            faults,
        }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self::http(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
    }

    pub fn overloaded() -> Self {
        Self::http(
            StatusCode::SERVICE_UNAVAILABLE,
            "OVERLOADED",
            "the server is busy with other requests; try again in a moment",
        )
    }

    pub fn timeout() -> Self {
        Self::http(
            StatusCode::GATEWAY_TIMEOUT,
            "REQUEST_TIMEOUT",
            "the request took too long and was given up",
        )
    }

    pub fn internal() -> Self {
        Self::http(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVER_ERROR",
            "internal error",
        )
    }

    pub fn code(&self) -> &'static str {
        self.faults
            .first()
            .map_or("INTERNAL_SERVER_ERROR", |fault| fault.extensions.code)
    }

    /// `{"errors":[…]}`, without `data`: nothing was executed.
    pub fn body(&self) -> Bytes {
        #[derive(Serialize)]
        struct Body<'a> {
            errors: &'a [Fault],
        }
        json(&Body { errors: &self.faults })
    }

    /// `[…]`, as an `error` message over WebSocket has it.
    pub fn errors(&self) -> Bytes {
        json(&self.faults)
    }
}

impl Fault {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            locations: Vec::new(),
            extensions: Extensions { code },
        }
    }

    pub fn at(mut self, locations: Vec<Location>) -> Self {
        self.locations = locations;
        self
    }
}

/// Strings, numbers and plain structs always have a JSON form; should one not, the client still gets an object.
fn json(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).map_or_else(|_| Bytes::from_static(b"{}"), Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_errors_and_no_data() {
        let refusal = Refusal::faults(vec![
            Fault::new("X", "no \"such\"").at(vec![Location { line: 1, column: 3 }]),
        ]);
        assert_eq!(
            refusal.body(),
            r#"{"errors":[{"message":"no \"such\"","locations":[{"line":1,"column":3}],"extensions":{"code":"X"}}]}"#
        );
        assert_eq!(refusal.code(), "X");
    }
}
