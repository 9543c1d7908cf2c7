//! What the services' tests stand on: a [`TestWorld`] with a clock that is moved by hand, ids that count, databases in a
//! temporary folder, peers that answer from closures, tokens for whomever one likes, and real
//! engines where there are any.

mod engines;
mod peers;
mod world;

pub use engines::Engine;
pub use peers::FakePeer;
pub use world::{Answer, TestWorld};
