//! Checkout, orders, stock.
//!
//! The difficulty: a cart, a price, a piece of stock, a payment and a shopper's patience all change at once, processes are
//! killed at any moment, and everything is sent twice. So nothing here happens by halves: an operation reads what it
//! needs from its peers first, and then does all that belongs together in one unit of work of the store: stock, order,
//! history, idempotency key, and the events that tell of it. What is told twice is recognised in that same transaction: by
//! the key, by the cart's generation, by the event's id.
//!
//! - [`state`]: an order's life as one pure function; [`order`]: what an order is;
//! - [`orders`]: the operations, one a file;
//! - [`recipient`], [`shipping`], [`payment_method`]: what a shopper has to tell;
//! - [`peers`]: the cart and the catalog;
//! - [`store`]: the port, its adapters under `store/`, the scenes that every adapter passes in `store/contract`;
//! - [`events`]: what is published and consumed; [`watch`]: live updates, from the same events on every replica;
//! - [`graphql`]: the schema.

mod access;
mod config;
mod countries;
mod events;
mod graphql;
mod order;
mod orders;
mod payment_method;
mod peers;
mod recipient;
mod search;
mod shipping;
mod start;
mod state;
mod store;
mod watch;

#[cfg(test)]
mod scenes;
#[cfg(feature = "testing")]
pub mod testing;

pub use config::{Config, ShippingMethodConfig};
pub use payment_method::Gateway;
pub use start::{MIGRATIONS, start};
