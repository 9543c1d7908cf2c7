//! What the services' tests stand on: a [`TestWorld`] with a clock that is moved by hand, ids that count, databases in a
//! temporary folder (or on a server: [`on_both_engines!`](crate::on_both_engines)), peers that answer from closures, tokens for
//! whomever one likes, and real engines where there are any.

mod database;
mod engines;
mod logs;
mod peers;
mod wire;
mod world;

#[cfg(test)]
pub(crate) use database::CONNECTIONS;
pub use database::{TestDatabase, TestPlace, usual_engine};
pub use engines::Engine;
pub use logs::Logs;
pub use peers::FakePeer;
pub use wire::Wire;
pub use world::{Answer, TestWorld};
