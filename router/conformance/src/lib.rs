//! What a federation router must answer, shown on small supergraphs.
//!
//! A [`World`] is data. A [`MockSubgraph`] answers from it through one subgraph's SDL, [`monolith`] through the whole API
//! schema. The same operation must get the same answer both ways. The cases under `cases/` were thought of; a [`Scenario`] is made up from a seed.
#![warn(missing_docs)]

mod case;
mod contexts;
mod dawdling;
mod difference;
mod federation;
mod field_set;
mod hosted;
mod judge;
mod mock;
mod monolith;
mod pieces;
mod random;
mod resolve;
mod shrink;
mod subgraph;
mod world;

pub use case::{Answer, Case, CaseOperation, InvalidCase, LINK};
pub use difference::{Compare, difference};
pub use federation::{Answers, Federation, FederationError, InPieces};
pub use hosted::{HostError, HostedCase};
pub use judge::{Judge, Report};
pub use mock::MockSubgraph;
pub use monolith::monolith;
pub use pieces::{Whole, whole};
pub use random::{Scenario, deferring, operation};
pub use shrink::shrink;
pub use subgraph::InvalidSdl;
pub use world::{InvalidWorld, World};
