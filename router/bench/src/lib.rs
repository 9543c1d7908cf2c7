//! What the router is measured with: four subgraphs over a small world, and three operations over them.

mod memory;
mod world;

pub use memory::Memory;
pub use world::{OPERATIONS, SUBGRAPHS, Server, supergraph};
