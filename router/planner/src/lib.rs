//! Turns an operation over a supergraph into a query plan. Pure: no input or output, no clock.
#![warn(missing_docs)]

mod plan;

pub use plan::{
    Condition, Denied, EntityBatch, Fetch, FetchId, Literal, OperationKind, OutputCase, OutputField,
    OutputSelection, OutputShape, Path, PathStep, QueryPlan, RepresentationCase, RepresentationField,
    RepresentationObject, Target, Typename, Wrapping,
};
