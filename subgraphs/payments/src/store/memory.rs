//! The store in memory, for simulations and tests: it keeps the port's contract, and forgets all when it is dropped.
//!
//! A unit of work holds the whole store and works on a copy of it, which the commit puts in its place: one writer at a
//! time, and nothing happened without a commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Compared, Due, OrderRecord, Outcome, RefundKey, Store, StoreError, Webhook, Work};
use crate::gateway::Gateway;
use crate::payment::Payment;
use crate::refund::Refund;

/// Payments in memory. Cloning shares them.
#[derive(Clone, Default)]
pub struct MemoryStore {
    books: Arc<Mutex<Books>>,
    trouble: Option<Arc<dyn Fn(Moment) -> bool + Send + Sync>>,
}

/// When a unit of work may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It can't be begun.
    Begin,
    /// Nothing of it is written.
    Commit,
    /// It is written, and whoever waits for it is told that it isn't.
    Committed,
}

#[derive(Debug, Clone, Default)]
struct Books {
    inbox: BTreeSet<Id>,
    orders: BTreeMap<Id, OrderRecord>,
    payments: BTreeMap<Id, Payment>,
    refunds: BTreeMap<Id, Refund>,
    keys: BTreeMap<(Id, String), (RefundKey, DateTime<Utc>)>,
    webhooks: BTreeMap<Id, Webhook>,
    outbox: Vec<CloudEvent>,
    leases: BTreeMap<&'static str, DateTime<Utc>>,
}

/// As an engine that is away.
#[derive(Debug, thiserror::Error)]
#[error("the store was told to fail")]
struct ToldToFail;

struct MemoryWork {
    trouble: Option<Arc<dyn Fn(Moment) -> bool + Send + Sync>>,
    books: OwnedMutexGuard<Books>,
    /// What the books become at the commit.
    draft: Books,
}

#[derive(Debug, thiserror::Error)]
#[error("attempt {attempt} of order {order} exists")]
struct AttemptExists {
    order: Id,
    attempt: i32,
}

fn fails(
    trouble: Option<&(dyn Fn(Moment) -> bool + Send + Sync)>,
    moment: Moment,
    doing: &'static str,
) -> Result<(), StoreError> {
    if trouble.is_some_and(|trouble| trouble(moment)) {
        let source = ToldToFail.into();
        return Err(StoreError::Engine { doing, source });
    }
    Ok(())
}

impl MemoryStore {
    /// One whose units of work fail when this says so.
    pub fn troubled(trouble: Arc<dyn Fn(Moment) -> bool + Send + Sync>) -> Self {
        Self {
            trouble: Some(trouble),
            ..Self::default()
        }
    }

    /// What waits to be published, oldest first.
    pub async fn outbox(&self) -> Vec<CloudEvent> {
        self.books.lock().await.outbox.clone()
    }

    /// The first so many were published.
    pub async fn published(&self, count: usize) {
        self.books.lock().await.outbox.drain(..count);
    }

    /// All payments.
    pub async fn all_payments(&self) -> Vec<Payment> {
        self.books.lock().await.payments.values().cloned().collect()
    }

    /// All refunds.
    pub async fn all_refunds(&self) -> Vec<Refund> {
        self.books.lock().await.refunds.values().cloned().collect()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        fails(self.trouble.as_deref(), Moment::Begin, "begin a transaction")?;
        let books = self.books.clone().lock_owned().await;
        let (draft, trouble) = (books.clone(), self.trouble.clone());
        Ok(Box::new(MemoryWork {
            trouble,
            books,
            draft,
        }))
    }

    async fn payment(&self, id: Id) -> Result<Option<Payment>, StoreError> {
        Ok(self.books.lock().await.payments.get(&id).cloned())
    }

    async fn payments_of_orders(&self, orders: &[Id]) -> Result<Vec<Payment>, StoreError> {
        let books = self.books.lock().await;
        let mut found: Vec<_> = books
            .payments
            .values()
            .filter(|payment| orders.contains(&payment.order_id))
            .cloned()
            .collect();
        found.sort_by_key(|payment| (payment.order_id, payment.attempt));
        Ok(found)
    }

    async fn refunds_of_payments(&self, payments: &[Id]) -> Result<Vec<Refund>, StoreError> {
        let books = self.books.lock().await;
        let of = |refund: &&Refund| payments.contains(&refund.payment_id);
        Ok(books.refunds.values().filter(of).cloned().collect())
    }

    async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>, StoreError> {
        let books = self.books.lock().await;
        let mut due = Vec::new();
        // When, whether it may wait for the others, and what.
        let mut add = |mut found: Vec<(DateTime<Utc>, bool, Due)>| {
            found.retain(|(at, ..)| *at <= now);
            found.sort_by_key(|(at, waits, _)| (*waits, *at));
            due.extend(found.into_iter().take(limit as usize).map(|(.., due)| due));
        };
        let webhooks = books.webhooks.values();
        add(webhooks
            .filter_map(|it| Some((it.due_at?, false, Due::Webhook(it.id))))
            .collect());
        let payments = books.payments.values();
        add(payments
            .filter_map(|it| Some((it.due_at?, !it.status.is_live(), Due::Payment(it.id))))
            .collect());
        let refunds = books.refunds.values();
        add(refunds
            .filter_map(|it| Some((it.due_at?, false, Due::Refund(it.id))))
            .collect());
        Ok(due)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let books = self.books.lock().await;
        let payments = books.payments.values().filter_map(|it| it.due_at);
        let refunds = books.refunds.values().filter_map(|it| it.due_at);
        let webhooks = books.webhooks.values().filter_map(|it| it.due_at);
        Ok(payments.chain(refunds).chain(webhooks).min())
    }

    async fn forget_keys(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut books = self.books.lock().await;
        let count = books.keys.len();
        books.keys.retain(|_, (_, at)| *at >= before);
        Ok((count - books.keys.len()) as u64)
    }

    async fn forget_webhooks(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut books = self.books.lock().await;
        let count = books.webhooks.len();
        books
            .webhooks
            .retain(|_, it| it.due_at.is_some() || it.received_at >= before);
        Ok((count - books.webhooks.len()) as u64)
    }

    async fn to_reconcile(
        &self,
        which: Compared,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<Payment>, StoreError> {
        let books = self.books.lock().await;
        let wanted = |it: &&Payment| {
            it.sent
                && (it.status.is_live()
                    || match which {
                        Compared::Due { by, since } => {
                            it.created_at >= since && it.compare_at.is_some_and(|at| at <= by)
                        }
                        Compared::Since(moment) => it.created_at >= moment,
                    })
                && after.is_none_or(|after| it.id > after)
        };
        let found = books.payments.values().filter(wanted).take(limit as usize);
        Ok(found.cloned().collect())
    }

    async fn take_lease(
        &self,
        name: &'static str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut books = self.books.lock().await;
        if books.leases.get(name).is_some_and(|until| *until > now) {
            return Ok(false);
        }
        books.leases.insert(name, until);
        Ok(true)
    }

    async fn wanting_attention(&self, limit: u32) -> Result<Vec<Payment>, StoreError> {
        let books = self.books.lock().await;
        let found = books
            .payments
            .values()
            .rev()
            .filter(|it| it.attention.first().is_some());
        Ok(found.take(limit as usize).cloned().collect())
    }
}

#[async_trait]
impl Work for MemoryWork {
    async fn first_time(&mut self, event: Id, _now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.draft.inbox.insert(event))
    }

    async fn order(&mut self, id: Id) -> Result<Option<OrderRecord>, StoreError> {
        Ok(self.draft.orders.get(&id).cloned())
    }

    async fn save_order(&mut self, order: &OrderRecord) -> Result<(), StoreError> {
        let mut written = order.clone();
        if let Some(known) = self.draft.orders.get(&order.id) {
            written.ended |= known.ended;
            written.order_key = written.order_key.or_else(|| known.order_key.clone());
        }
        self.draft.orders.insert(order.id, written);
        Ok(())
    }

    async fn payment(&mut self, id: Id) -> Result<Option<Payment>, StoreError> {
        Ok(self.draft.payments.get(&id).cloned())
    }

    async fn payment_by_reference(
        &mut self,
        gateway: Gateway,
        reference: &str,
    ) -> Result<Option<Payment>, StoreError> {
        let is_it = |it: &&Payment| {
            let names = [it.reference.as_deref(), it.capture.as_deref()];
            it.gateway == gateway && names.contains(&Some(reference))
        };
        Ok(self.draft.payments.values().find(is_it).cloned())
    }

    async fn payments_of(&mut self, order: Id) -> Result<Vec<Payment>, StoreError> {
        let payments = self.draft.payments.values();
        let mut found: Vec<_> = payments.filter(|it| it.order_id == order).cloned().collect();
        found.sort_by_key(|payment| payment.attempt);
        Ok(found)
    }

    async fn save_payment(&mut self, payment: &Payment) -> Result<(), StoreError> {
        let (order, attempt) = (payment.order_id, payment.attempt);
        let twin = |it: &Payment| it.id != payment.id && it.order_id == order && it.attempt == attempt;
        if self.draft.payments.values().any(twin) {
            return Err(StoreError::Engine {
                doing: "write a payment",
                source: AttemptExists { order, attempt }.into(),
            });
        }
        self.draft.payments.insert(payment.id, payment.clone());
        Ok(())
    }

    async fn refund(&mut self, id: Id) -> Result<Option<Refund>, StoreError> {
        Ok(self.draft.refunds.get(&id).cloned())
    }

    async fn refunds_of(&mut self, payment: Id) -> Result<Vec<Refund>, StoreError> {
        let refunds = self.draft.refunds.values();
        Ok(refunds.filter(|it| it.payment_id == payment).cloned().collect())
    }

    async fn save_refund(&mut self, refund: &Refund) -> Result<(), StoreError> {
        self.draft.refunds.insert(refund.id, refund.clone());
        Ok(())
    }

    async fn refund_key(&mut self, owner: Id, key: &str) -> Result<Option<RefundKey>, StoreError> {
        let found = self.draft.keys.get(&(owner, key.to_owned()));
        Ok(found.map(|(key, _)| key.clone()))
    }

    async fn remember_key(&mut self, key: &RefundKey, now: DateTime<Utc>) -> Result<(), StoreError> {
        let place = (key.owner, key.key.clone());
        self.draft.keys.insert(place, (key.clone(), now));
        Ok(())
    }

    async fn keep_webhook(&mut self, webhook: &Webhook) -> Result<bool, StoreError> {
        let known = |it: &Webhook| it.gateway == webhook.gateway && it.event_id == webhook.event_id;
        if self.draft.webhooks.values().any(known) {
            return Ok(false);
        }
        self.draft.webhooks.insert(webhook.id, webhook.clone());
        Ok(true)
    }

    async fn webhook(&mut self, id: Id) -> Result<Option<Webhook>, StoreError> {
        Ok(self.draft.webhooks.get(&id).cloned())
    }

    async fn end_webhook(&mut self, id: Id, outcome: Outcome) -> Result<(), StoreError> {
        if let Some(webhook) = self.draft.webhooks.get_mut(&id) {
            webhook.due_at = None;
            webhook.outcome = Some(outcome);
        }
        Ok(())
    }

    async fn announce(&mut self, event: &CloudEvent) -> Result<(), StoreError> {
        self.draft.outbox.push(event.clone());
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        fails(self.trouble.as_deref(), Moment::Commit, "commit")?;
        *self.books = std::mem::take(&mut self.draft);
        fails(self.trouble.as_deref(), Moment::Committed, "commit")
    }
}
