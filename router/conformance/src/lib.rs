//! What a federation router must answer, shown on small supergraphs.
//!
//! A [`World`] is data. A [`MockSubgraph`] answers from it through one subgraph's SDL, [`monolith`] through the whole API
//! schema. The same operation must get the same answer both ways.
#![warn(missing_docs)]

mod federation;
mod field_set;
mod mock;
mod monolith;
mod resolve;
mod subgraph;
mod world;

pub use federation::{Answers, Federation, FederationError};
pub use mock::MockSubgraph;
pub use monolith::monolith;
pub use subgraph::InvalidSdl;
pub use world::{InvalidWorld, World};
