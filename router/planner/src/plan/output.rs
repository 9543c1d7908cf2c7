//! The compiled projection: how the merged tree becomes the client's answer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Condition;

/// How an object is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputSelection {
    /// The first case whose types match is written. When none does (an inaccessible or unknown type), the object counts as null, with an error.
    pub cases: Vec<OutputCase>,
}

/// How objects of some types are written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputCase {
    /// The concrete types, to be compared with `__typename` in the merged tree. Empty: every object, and there need be no `__typename`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<Arc<str>>,
    /// The fields in the order in which the client sees them. A response key may stand several times, under conditions of which at most one holds:
    /// where a field stands depends on which of its selections is the first that isn't skipped.
    pub fields: Vec<OutputField>,
    /// Fields that come later than these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<OutputPart>,
}

/// Fields of an object that belong to another part of the answer than the object itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputPart {
    /// The part's position in [`Deferral::parts`](super::Deferral::parts).
    pub part: usize,
    /// The fields, as in [`OutputCase::fields`].
    pub fields: Vec<OutputField>,
}

/// One field of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputField {
    /// What the client sees.
    pub response_key: Arc<str>,
    /// What the merged tree has. Meaningless for a fixed `__typename` and a denied field.
    pub source_key: Arc<str>,
    /// What the value is, below its lists.
    pub shape: OutputShape,
    /// Lists and non-nulls around the value, as the supergraph declares them: where null stops.
    pub wrapping: Wrapping,
    /// Leave the field out when this is false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// The client may not see this: it was not fetched, counts as null, and there is an error at its path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied: Option<Denied>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OutputShape {
    /// Any JSON value: of a scalar that the schema defines itself.
    Leaf,
    /// A value of one of GraphQL's own scalars; any other counts as null, with an error.
    Scalar(Scalar),
    /// An enum of which the client knows these values; any other counts as null, with an error.
    Enum(Vec<Arc<str>>),
    /// An object.
    Object(OutputSelection),
    /// `__typename`: this name, or what the merged tree's `__typename` says.
    Typename(Option<Arc<str>>),
}

/// GraphQL's own scalars (specification, section 3.5), as they stand in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scalar {
    /// A whole number of 32 bits.
    Int,
    /// A number.
    Float,
    /// A string.
    String,
    /// True or false.
    Boolean,
    /// A string, or a whole number.
    Id,
}

/// The lists and non-nulls of a type: `[[T!]]!` is `lists: [true, false], non_null: true`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wrapping {
    /// One for each list, outermost first: whether that list itself is non-null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<bool>,
    /// Whether the innermost value is non-null.
    pub non_null: bool,
}

/// Why a field is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Denied {
    /// Nobody is signed in: error code `UNAUTHENTICATED`.
    Unauthenticated,
    /// Whoever is signed in lacks a scope or policy: error code `UNAUTHORIZED_FIELD_OR_TYPE`.
    Forbidden,
}
