//! Where orders and stock are kept: the port. Its scenes ([`contract`]) are run on every engine.
//!
//! What changes something is a [`Work`]: everything that belongs together, events included, in one commit. What it reads is
//! locked until its end. Dropped without a commit, it never was. What it writes may wait for the commit, to be written together: so that
//! may be where a write is refused.

#[cfg(test)]
pub(crate) mod contract;
#[cfg(any(test, feature = "testing"))]
pub mod memory;
#[cfg(test)]
mod older;
#[cfg(test)]
mod scans;
mod sql;

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;

pub use sql::SqlOrders;

use crate::order::{Order, SoldCart};
use crate::state::Status;

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed.
    #[error("{doing}")]
    Engine {
        /// What we were doing: "read an order".
        doing: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row holds what we never wrote.
    #[error("{table}.{column} of {row} can't be read")]
    Corrupt {
        table: &'static str,
        column: &'static str,
        row: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A key that was used, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedKey {
    /// Whose key: "user:…" or "cart:…".
    pub scope: String,
    pub key: String,
    /// Of the operation and its input.
    pub body_hash: String,
    pub order: Id,
}

/// So many of a sku.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces<'a> {
    pub sku: &'a str,
    pub quantity: i32,
}

/// There are not enough of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    pub sku: String,
    pub available: i32,
}

/// Which orders, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub customer: Option<Id>,
    pub status: Option<Status>,
    /// Only those that are paid, can't be fulfilled, and wait for a person.
    pub flagged: bool,
    /// Part of number, name, e-mail or telephone; in lower case.
    pub search: Option<String>,
}

/// One page of orders.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub orders: Vec<Order>,
    /// How many the filter lets through altogether.
    pub total: i64,
}

/// The port.
#[async_trait]
pub trait OrderStore: Send + Sync + 'static {
    /// Begins a unit of work.
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError>;

    async fn order(&self, id: Id) -> Result<Option<Order>, StoreError>;

    /// The order that this generation of this cart was sold to.
    async fn order_of(&self, cart: SoldCart) -> Result<Option<Order>, StoreError>;

    /// A key that was used.
    async fn used_key(&self, scope: &str, key: &str) -> Result<Option<UsedKey>, StoreError>;

    /// The newest orders with a number below `before`, at most `limit`.
    async fn page(&self, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Found, StoreError>;

    /// What can be bought of these; what was never counted is not in it.
    async fn available(&self, skus: &[String]) -> Result<HashMap<String, i32>, StoreError>;

    /// Unpaid orders whose time is over, the oldest first, at most `limit`.
    async fn overdue(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Id>, StoreError>;

    /// Lets an order's time be over later, without reading the order: it can't be read, or something else is wrong with it, and it must not
    /// stand in the way of the others.
    async fn put_off(&self, id: Id, until: DateTime<Utc>) -> Result<(), StoreError>;
}

/// A unit of work.
#[async_trait]
pub trait Work: Send {
    /// The order, locked.
    async fn order(&mut self, id: Id) -> Result<Option<Order>, StoreError>;

    /// Those of these orders that are there, locked, in no order.
    async fn orders(&mut self, ids: &[Id]) -> Result<Vec<Order>, StoreError>;

    /// A key that was used.
    async fn used_key(&mut self, scope: &str, key: &str) -> Result<Option<UsedKey>, StoreError>;

    /// Writes a key down. False when it was there already: somebody else was faster.
    async fn use_key(&mut self, key: &UsedKey, now: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Forgets keys that were used before this, as many as one work can in time; how many. None are left where that is 0.
    async fn forget_keys(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError>;

    /// A number that no order has had, greater than those before.
    async fn next_number(&mut self) -> Result<i64, StoreError>;

    /// Writes a new order with its lines and its history. False when this generation of this cart was sold already.
    async fn insert(&mut self, order: &Order) -> Result<bool, StoreError>;

    /// Writes what can change of an order, and the history that is new.
    async fn save(&mut self, order: &Order) -> Result<(), StoreError>;

    /// Takes pieces from what can be bought, to be held by an order. Where something is short, the whole work must be dropped.
    async fn hold(&mut self, pieces: &[Pieces<'_>]) -> Result<Vec<Shortage>, StoreError>;

    /// What an order held can be bought again.
    async fn put_back(&mut self, pieces: &[Pieces<'_>]) -> Result<(), StoreError>;

    /// What an order held has left the shelf.
    async fn take_off_the_shelf(&mut self, pieces: &[Pieces<'_>]) -> Result<(), StoreError>;

    /// So many can be bought from now on; what orders hold stays beside it.
    async fn set_available(&mut self, sku: &str, quantity: i32) -> Result<(), StoreError>;

    /// Which of these events take effect for the first time.
    async fn first_times(&mut self, events: &[Id], now: DateTime<Utc>) -> Result<HashSet<Id>, StoreError>;

    /// Publishes an event once this is committed.
    async fn publish(&mut self, event: &CloudEvent) -> Result<(), StoreError>;

    /// All of it, for good.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

impl Order {
    /// What it took from the stock.
    pub fn pieces(&self) -> Vec<Pieces<'_>> {
        // By sku: two works that lock the same rows lock them in the same order.
        let mut pieces: Vec<_> = self
            .lines
            .iter()
            .map(|line| Pieces {
                sku: &line.sku,
                quantity: line.quantity,
            })
            .collect();
        pieces.sort_by_key(|pieces| pieces.sku);
        pieces
    }
}
