//! Why there is no plan.

/// An operation that can't be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The document has no operation of that name, or several and no name was given.
    #[error("unknown operation: {0}")]
    UnknownOperation(String),
    /// Fields are nested deeper than [`PlanOptions::max_depth`](crate::PlanOptions::max_depth).
    #[error("the operation is nested deeper than {limit} levels at {path}")]
    TooDeep {
        /// The limit.
        limit: usize,
        /// Where it was passed, in response keys.
        path: String,
    },
    /// Fragments expand to more fields than [`PlanOptions::max_fields`](crate::PlanOptions::max_fields), or building one plan visits too many.
    #[error("the operation is too large: it selects more than {limit} fields")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// A field is selected under too many different combinations of @skip and @include.
    #[error("{coordinate} is selected under more than {limit} different combinations of @skip and @include")]
    TooManyConditions {
        /// `Type.field`.
        coordinate: String,
        /// The limit.
        limit: usize,
    },
    /// No subgraph that can be reached from there gives the field: the supergraph was not checked when it was composed.
    #[error("no way to {coordinate} at {path}: no subgraph that can be reached from there gives it")]
    Unreachable {
        /// `Type.field`.
        coordinate: String,
        /// The path in response keys.
        path: String,
    },
    /// The supergraph and the document disagree: the document was validated against another schema.
    #[error("{0} is not in the supergraph")]
    NotInSupergraph(String),
}
