//! Orders and payments together, under fire.
//!
//! The real operations of both services run on stores in memory (which pass the ports' contracts), between two banks that lose
//! requests, lose answers, take requests late, double and reorder webhooks, and go away; processes crash between any two
//! durable steps; the clock jumps; shoppers and staff do what they like. Everything happens on one thread in an order that a
//! seed decides ([`history`]), so that a history that failed happens again.
//!
//! After every step, and at the end when all is at rest, the world is compared with a small [`model`] that knows nothing of how
//! the services work: only what the banks have done, and what must follow from it.
//!
//! `cargo test -p lavka-saga` lives through a few, as every day; `LAVKA_SEED=7` runs one and tells it step by step. Many of
//! them run on all cores, and ten times as fast optimised (only this workspace's crates are built anew for it):
//!
//! ```sh
//! LAVKA_HISTORIES=100000 cargo test -p lavka-saga --config profile.dev.opt-level=2 -- --nocapture
//! ```
//!
//! `LAVKA_FIRST_SEED` lets them begin elsewhere than at 0.

pub mod bank;
pub mod history;
pub mod model;
pub mod world;

#[cfg(test)]
mod tests;
