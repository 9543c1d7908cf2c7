//! The port to the database: what payments keeps, without a word of any engine.
//!
//! Everything that changes something goes through a [`Work`]: one transaction, one at a time for each order, so that
//! what was read in it is still true when it is committed. Events are added to the same transaction.

#[cfg(any(test, feature = "testing"))]
pub mod memory;
mod sql;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod older;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

pub use sql::SqlStore;

use crate::gateway::Gateway;
use crate::payment::Payment;
use crate::refund::Refund;

/// What must be known of an order to pay for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRecord {
    /// The order.
    pub id: Id,
    /// Its number, for people.
    pub number: String,
    /// The shopper's language.
    pub locale: Locale,
    /// A guest's key to it, for the way back from a gateway's page.
    pub order_key: Option<String>,
    /// Cancelled or expired: money that still comes goes home.
    pub ended: bool,
}

/// Something that waits for the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// A payment to be settled.
    Payment(Id),
    /// A refund to be settled.
    Refund(Id),
    /// A webhook to be taken in.
    Webhook(Id),
}

/// A webhook as it came, kept until it has had its effect, and for a while after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Ours.
    pub id: Id,
    /// From where.
    pub gateway: Gateway,
    /// The gateway's id of the event: it is stored once.
    pub event_id: String,
    /// The gateway's type of the event.
    pub kind: String,
    /// The raw body, as it was signed.
    pub body: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it is to be taken in; none once it has been.
    pub due_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// Which of the payments that are over are compared with their gateways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Those whose time has come, and that began then or later.
    Due {
        /// By when.
        by: DateTime<Utc>,
        /// What began earlier is compared no more, also where nobody has noted so.
        since: DateTime<Utc>,
    },
    /// Those that began then or later.
    Since(DateTime<Utc>),
}

/// What came of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The payment that it is about is looked at.
    Looked,
    /// Its type means nothing to us.
    Ignored,
    /// It is about nothing that we know.
    UnknownReference,
}

impl Outcome {
    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Looked => "LOOKED",
            Self::Ignored => "IGNORED",
            Self::UnknownReference => "UNKNOWN_REFERENCE",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Looked, Self::Ignored, Self::UnknownReference]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }
}

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundKey {
    /// Whose key.
    pub owner: Id,
    /// The key.
    pub key: String,
    /// What was sent with it.
    pub body_hash: String,
    /// What came of it.
    pub refund_id: Id,
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
    /// A payment.
    async fn payment(&self, id: Id) -> Result<Option<Payment>, StoreError>;
    /// All attempts of these orders, by order and attempt.
    async fn payments_of_orders(&self, orders: &[Id]) -> Result<Vec<Payment>, StoreError>;
    /// All refunds of these payments, oldest first.
    async fn refunds_of_payments(&self, payments: &[Id]) -> Result<Vec<Refund>, StoreError>;
    /// What is due by then, longest waiting first, and of payments those that are live before all that are over; at most `limit` of
    /// each kind.
    async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>, StoreError>;
    /// When the next thing becomes due.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;
    /// Forgets the keys used before then.
    async fn forget_keys(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
    /// Forgets the webhooks that came before then and have had their effect.
    async fn forget_webhooks(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
    /// What a gateway may have heard of and that is to be compared, or is still live: by id, those above `after`, at most `limit`.
    async fn to_reconcile(
        &self,
        which: Compared,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<Payment>, StoreError>;
    /// Takes a lease until then. False when somebody has it.
    async fn take_lease(
        &self,
        name: &'static str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError>;
    /// What waits for a person, the newest first, at most `limit`.
    async fn wanting_attention(&self, limit: u32) -> Result<Vec<Payment>, StoreError>;
}

/// One transaction. Dropped without a commit, it never happened.
#[async_trait]
pub trait Work: Send {
    /// Whether this event takes effect for the first time.
    async fn first_time(&mut self, event: Id, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// The order's record, locked until the end.
    async fn order(&mut self, id: Id) -> Result<Option<OrderRecord>, StoreError>;
    /// Writes the order's record. An order that has ended stays so, and a key stays known.
    async fn save_order(&mut self, order: &OrderRecord) -> Result<(), StoreError>;
    /// A payment, locked with its order until the end.
    async fn payment(&mut self, id: Id) -> Result<Option<Payment>, StoreError>;
    /// The payment that a gateway calls so, or whose money it calls so; locked likewise.
    async fn payment_by_reference(
        &mut self,
        gateway: Gateway,
        reference: &str,
    ) -> Result<Option<Payment>, StoreError>;
    /// All attempts of an order, first to last, locked until the end.
    async fn payments_of(&mut self, order: Id) -> Result<Vec<Payment>, StoreError>;
    /// Writes a payment, new or changed.
    async fn save_payment(&mut self, payment: &Payment) -> Result<(), StoreError>;
    /// A refund, locked with its order until the end.
    async fn refund(&mut self, id: Id) -> Result<Option<Refund>, StoreError>;
    /// All refunds of a payment, oldest first.
    async fn refunds_of(&mut self, payment: Id) -> Result<Vec<Refund>, StoreError>;
    /// Writes a refund, new or changed.
    async fn save_refund(&mut self, refund: &Refund) -> Result<(), StoreError>;
    /// What this key was used for. Nobody else may look it up until the end: of two who send it at once, the second
    /// finds what came of the first.
    async fn refund_key(&mut self, owner: Id, key: &str) -> Result<Option<RefundKey>, StoreError>;
    /// Remembers what this key was used for.
    async fn remember_key(&mut self, key: &RefundKey, now: DateTime<Utc>) -> Result<(), StoreError>;
    /// Keeps a webhook. False when this event of this gateway was kept before.
    async fn keep_webhook(&mut self, webhook: &Webhook) -> Result<bool, StoreError>;
    /// A webhook.
    async fn webhook(&mut self, id: Id) -> Result<Option<Webhook>, StoreError>;
    /// What came of a webhook: it isn't due any more.
    async fn end_webhook(&mut self, id: Id, outcome: Outcome) -> Result<(), StoreError>;
    /// Adds an event to the outbox.
    async fn announce(&mut self, event: &CloudEvent) -> Result<(), StoreError>;
    /// Makes it so.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
