//! The result of reading a token.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Caller {
    Guest,
    Person(Arc<Identity>),
}

/// What a verified token says.
#[derive(Debug, PartialEq)]
pub(crate) struct Identity {
    /// The scopes that the token grants, from `scope` (a string of words, or a list) or `scp`.
    pub scopes: BTreeSet<String>,
    /// The policies that hold for whoever has it, from `policies` (a string of words, or a list).
    pub policies: BTreeSet<String>,
    /// Seconds since 1970 from which on the token no longer counts, leeway included.
    pub expires: u64,
}

impl Caller {
    pub fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Guest => None,
            Self::Person(identity) => Some(identity),
        }
    }
}
