//! Where carts are kept: the port. Its scenes ([`contract`]) are run on every adapter.

#[cfg(test)]
mod contract;
#[cfg(feature = "redis")]
mod redis;
mod sqlite;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;

#[cfg(feature = "redis")]
pub use self::redis::connect;
pub use sqlite::SqliteCarts;

use crate::cart::{Cart, Ordered};
use crate::change::{Change, Refusal};

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{doing}")]
pub struct StoreError {
    /// What we were doing: "change a cart".
    pub doing: &'static str,
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Whether somebody may change a cart.
pub type May<'m> = &'m (dyn for<'c> Fn(&'c Cart) -> bool + Sync);

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The cart after it.
    Done(Cart),
    /// The cart as it was, and why it stays so.
    Refused(Cart, Refusal),
    /// No such cart, one that was merged, or one that they may not change.
    Absent,
}

/// The port. Every method is one atomic step: of two that run at the same time, one sees all of the other or nothing.
#[async_trait]
pub trait CartStore: Send + Sync + 'static {
    /// The cart of this id, also a merged one.
    async fn find(&self, id: Id) -> Result<Option<Cart>, StoreError>;

    /// The account's cart.
    async fn find_of(&self, owner: Id) -> Result<Option<Cart>, StoreError>;

    /// Writes a new, empty cart. An account that has one already keeps it: that one is returned.
    async fn open(&self, cart: Cart) -> Result<Cart, StoreError>;

    /// Does what a shopper wants, where the cart is one that they may change: whose it is never changes. To them, another's isn't there.
    async fn change(
        &self,
        id: Id,
        may: May<'_>,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<Changed, StoreError>;

    /// Moves the lines of a guest's cart into an account's ([`Cart::absorb`]). A cart that isn't a guest's, or that has been
    /// merged, is let alone. Gives the account's cart, `None` when there is none of that id.
    async fn merge(&self, guest: Id, into: Id, now: DateTime<Utc>) -> Result<Option<Cart>, StoreError>;

    /// Takes an order's lines out ([`Cart::take_ordered`]); out of a merged cart's lines where they went to, whose generation stays.
    async fn take_ordered(
        &self,
        id: Id,
        generation: i32,
        ordered: &[Ordered],
        now: DateTime<Utc>,
    ) -> Result<Option<Cart>, StoreError>;
}
