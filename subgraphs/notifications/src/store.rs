//! The port to the database: what notifications keeps, without a word of any engine.

mod sql;

#[cfg(test)]
mod contract;

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;

pub use sql::SqlStore;

use crate::channel::Delivery;
use crate::notification::{Contact, Notification, OrderContact};
use crate::preferences::Preferences;
use crate::push_device::PushDevice;

/// A part of somebody's inbox, newest first.
#[derive(Debug, Clone, Copy)]
pub struct InboxQuery {
    /// Whose.
    pub user_id: Id,
    /// Only what is older than this one.
    pub after: Option<Id>,
    /// Only what wasn't read.
    pub unread_only: bool,
    /// How many.
    pub limit: i64,
}

/// A notification, its deliveries, and the event that tells live views of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// What is told.
    pub notification: Notification,
    /// By which ways.
    pub deliveries: Vec<Delivery>,
    /// For whoever looks at the inbox, if it is in one.
    pub event: Option<CloudEvent>,
}

/// The database failed, or holds what can't be.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed.
    #[error("{doing}")]
    Engine {
        /// What we were doing.
        doing: &'static str,
        /// What the engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row that can't be read.
    #[error("table {table}, row {row}: column {column} holds {value:?}")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which row.
        row: String,
        /// Which column.
        column: &'static str,
        /// What it holds.
        value: String,
    },
}

/// Reads, and begins work.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Begins a transaction that writes.
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError>;
    /// A notification.
    async fn notification(&self, id: Id) -> Result<Option<Notification>, StoreError>;
    /// A part of an inbox, newest first.
    async fn inbox(&self, query: InboxQuery) -> Result<Vec<Notification>, StoreError>;
    /// How many there are in an inbox.
    async fn count(&self, user_id: Id, unread_only: bool) -> Result<i64, StoreError>;
    /// The deliveries of these notifications, each one's in the order of [`Channel::ALL`].
    async fn deliveries_of(&self, notifications: &[Id]) -> Result<Vec<Delivery>, StoreError>;
    /// What a person wants, if they ever said.
    async fn preferences(&self, user_id: Id) -> Result<Option<Preferences>, StoreError>;
    /// When the next delivery becomes due.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;
}

/// One transaction. Dropped without a commit, it never happened. What it writes may wait for the commit, to be written together.
#[async_trait]
pub trait Work: Send {
    /// Which of these events take effect for the first time.
    async fn first_times(&mut self, events: &[Id], now: DateTime<Utc>) -> Result<HashSet<Id>, StoreError>;
    /// These orders will be asked for: they are looked up together. As [`Work::order`] does it for one.
    async fn look_up_orders(&mut self, ids: &[Id]) -> Result<(), StoreError>;
    /// Somebody with an account.
    async fn contact(&mut self, user_id: Id) -> Result<Option<Contact>, StoreError>;
    /// Writes somebody with an account.
    async fn save_contact(&mut self, contact: &Contact, now: DateTime<Utc>) -> Result<(), StoreError>;
    /// What is known of an order. Nobody else learns of it, or keeps events for it, until the end.
    async fn order(&mut self, id: Id) -> Result<Option<OrderContact>, StoreError>;
    /// Writes what is known of an order.
    async fn save_order(&mut self, order: &OrderContact) -> Result<(), StoreError>;
    /// Keeps an event until its order is known.
    async fn keep_waiting(&mut self, order: Id, event: &CloudEvent) -> Result<(), StoreError>;
    /// Takes out what waited for an order, in the order in which it came.
    async fn take_waiting(&mut self, order: Id) -> Result<Vec<CloudEvent>, StoreError>;
    /// Adds a notification with all that follows from it, unless its cause was told already.
    async fn add(&mut self, told: Told) -> Result<(), StoreError>;
    /// Deliveries that are due by then, longest waiting first, with their notifications; locked until the end. Those that others
    /// have locked are theirs.
    async fn due(
        &mut self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(Notification, Delivery)>, StoreError>;
    /// The deliveries of these notifications, locked until the end.
    async fn deliveries(&mut self, notifications: &[Id]) -> Result<Vec<Delivery>, StoreError>;
    /// Writes what has changed of deliveries that are there.
    async fn save_deliveries(&mut self, deliveries: &[Delivery]) -> Result<(), StoreError>;
    /// Marks the person's notifications read, all of them or these; which ones weren't before, newest first.
    async fn mark_read(
        &mut self,
        user_id: Id,
        ids: Option<&[Id]>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Id>, StoreError>;
    /// Which of these are the person's.
    async fn owned(&mut self, user_id: Id, ids: &[Id]) -> Result<Vec<Id>, StoreError>;
    /// What a person wants, if they ever said; theirs to change until the end.
    async fn preferences(&mut self, user_id: Id) -> Result<Option<Preferences>, StoreError>;
    /// Writes what a person wants.
    async fn save_preferences(&mut self, preferences: &Preferences) -> Result<(), StoreError>;
    /// The person's devices, newest first.
    async fn devices(&mut self, user_id: Id) -> Result<Vec<PushDevice>, StoreError>;
    /// Writes a device. One that is known by its address keeps its id and becomes this person's.
    async fn save_device(&mut self, device: &PushDevice) -> Result<PushDevice, StoreError>;
    /// Removes a device of the person's.
    async fn remove_device(&mut self, user_id: Id, id: Id) -> Result<Option<PushDevice>, StoreError>;
    /// Drops what was told before this, with its deliveries: the oldest, some hundreds at the most. How many were dropped.
    async fn forget(&mut self, before: DateTime<Utc>) -> Result<usize, StoreError>;
    /// Makes it so.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
