//! Carts of guests and users.
//!
//! The difficulty: everybody changes a cart at once. A shopper has two tabs, signs in while a third adds something, and
//! an order takes lines out while new ones come. So a change is a value ([`change::Change`]), what it does to a cart is one
//! pure function, and a store applies it in one atomic step. Nothing reads a cart, thinks, and writes it back.
//!
//! - [`cart`], [`change`]: what a cart is, and everything that can happen to it;
//! - [`store`]: the port, its adapters under `store/`, the scenes that every adapter passes in `store/contract`;
//! - [`carts`]: the operations, one a file;
//! - [`catalog`]: what things cost, from the peer that knows;
//! - [`events`]: an order was placed: its lines leave the cart;
//! - [`graphql`]: the schema.

mod cart;
mod carts;
mod catalog;
mod change;
mod config;
mod events;
mod graphql;
mod start;
mod store;

pub use config::Config;
pub use start::start;
