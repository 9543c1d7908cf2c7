//! What the services' tests stand on: a [`TestWorld`] with a clock that is moved by hand, ids that count, databases in a
//! temporary folder, peers that answer from closures, and tokens for whomever one likes.

mod peers;
mod world;

pub use peers::FakePeer;
pub use world::{Answer, TestWorld};
