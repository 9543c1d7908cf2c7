//! What of an answer comes later, and what it waits for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::FetchId;

/// How an answer is split by `@defer`. A fragment is complete when all of its parts are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deferral {
    /// The fetches that must have ended before the first piece can be written: those that bring it, and what they depend on. Ascending.
    pub first: Vec<FetchId>,
    /// The deferred fragments, outer ones before those inside of them.
    pub fragments: Vec<DeferredFragment>,
    /// The parts of the answer that come later; what belongs to each stands in the output.
    pub parts: Vec<DeferredPart>,
}

/// A fragment with `@defer` at one place of the operation. At run time there is one of it for each object at that place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeferredFragment {
    /// The directive's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Arc<str>>,
    /// The position of the deferred fragment around this one: the client hears of this one when that one is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<usize>,
    /// How many fields are on the way from the root to its objects. Lists in the last one belong to the way.
    pub depth: usize,
}

/// Fields that the same deferred fragments select.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeferredPart {
    /// The positions of the fragments; never none.
    pub fragments: Vec<usize>,
    /// The fetches that must have ended before it can be written. Ascending.
    pub after: Vec<FetchId>,
}
