//! Runs a query plan against subgraphs and writes the response.
//!
//! ```text
//! QueryPlan ── prepare ──> PreparedPlan            names become numbers, constant text becomes bytes; once per plan
//!                               │
//!   schedule: start every fetch whose dependencies have ended
//!       represent ──> bytes of the entities to ask for, each distinct one once
//!       transport ──> the subgraph's bytes
//!       arena     ──> parsed without decoding
//!       merge     ──> linked into the one tree of this request
//!       report    ──> the subgraph's errors, moved to the client's paths
//!                               │
//!   project: the tree and the plan's output ──> the client's bytes, in one pass
//!   defer:   or in several pieces, each as soon as its fetches have ended
//! ```
#![warn(missing_docs)]

mod answer;
mod arena;
mod contexts;
mod defer;
mod errors;
mod left_out;
mod merge;
mod places;
mod prepare;
mod project;
mod report;
mod represent;
mod schedule;
mod subscribe;
mod transport;

pub use answer::{Execution, ExecutionRequest, Executor, Limits};
pub use defer::{PieceForm, Pieces};
pub use prepare::PreparedPlan;
pub use transport::{
    HttpOptions, HttpTransport, InvalidUrl, SubgraphRequest, SubgraphResponse, Transport, TransportError,
};
