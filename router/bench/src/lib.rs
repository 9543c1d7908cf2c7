//! What the router is measured with: four subgraphs over a small world, and three operations over them; and what any server can be
//! measured with: load on a URL, and what a process has used.

pub mod load;
mod memory;
pub mod process;
mod world;

pub use memory::Memory;
pub use world::{OPERATIONS, SUBGRAPHS, Server, supergraph};
