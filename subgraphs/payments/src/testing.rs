//! Payments on a store in memory, for simulations: the real operations, and nothing in the background. Whoever simulates does
//! what the worker, the consumer and the relay would do, when it likes.

use std::sync::Arc;

use lavka_kit::bus::{EventHandler as _, HandlerError};
use lavka_kit::clock::Clock;
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::{Id, Ids};
use lavka_kit::money::Decimal;
use tokio::sync::Notify;

use crate::counters::Counters;
use crate::desk::Desk;
use crate::gateway::Gateways;
use crate::refund_payment::RefundPayment;
use crate::settle_attention::SettleAttention;
use crate::store::Store as _;
use crate::store::memory::MemoryStore;

pub use crate::failure::{Failure, codes};
pub use crate::gateway::notice::{About, BadNotice, Notice};
pub use crate::gateway::{
    Charge, ChargeName, ChargeRequest, ChargeState, Gateway, GatewayDescription, GatewayError, GatewayRefund,
    GatewayRefundState, PaymentGateway, RefundRequest, Upshot,
};
pub use crate::payment::{Attention, Goal, Payment, Status};
pub use crate::reconcile::Reconciliation;
pub use crate::refund::{Cause, Refund, RefundStatus, refundable};
pub use crate::refund_payment::Refusal;
pub use crate::store::memory::Moment;
pub use crate::store::{Due, StoreError};

/// A process of payments. Cloning shares it; dropping it is a crash.
#[derive(Clone)]
pub struct Payments {
    store: MemoryStore,
    gateways: Vec<Arc<dyn PaymentGateway>>,
    desk: Arc<Desk>,
}

impl Payments {
    /// With these gateways and nothing in the store, whose units of work fail when `trouble` says so.
    pub fn open(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        gateways: Vec<Arc<dyn PaymentGateway>>,
        trouble: Arc<dyn Fn(Moment) -> bool + Send + Sync>,
    ) -> Self {
        Self::on(MemoryStore::troubled(trouble), clock, ids, gateways)
    }

    fn on(
        store: MemoryStore,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        gateways: Vec<Arc<dyn PaymentGateway>>,
    ) -> Self {
        let desk = Arc::new(Desk {
            store: Arc::new(store.clone()),
            gateways: gateways
                .iter()
                .fold(Gateways::default(), |all, gateway| all.with(gateway.clone())),
            clock,
            ids,
            public_url: "http://shop.test".to_owned(),
            work_waits: Notify::new(),
            counters: Counters::default(),
            published: Box::new(|| {}),
        });
        Self {
            store,
            gateways,
            desk,
        }
    }

    /// The next process on what the last one has written.
    #[must_use]
    pub fn restart(&self) -> Self {
        let desk = &self.desk;
        Self::on(
            self.store.clone(),
            desk.clock.clone(),
            desk.ids.clone(),
            self.gateways.clone(),
        )
    }

    /// Handles an event of the bus.
    pub async fn hear(&self, event: &CloudEvent) -> Result<(), HandlerError> {
        self.desk.handle(event).await
    }

    /// Keeps a webhook whose sender was authenticated.
    pub async fn receive(&self, gateway: Gateway, notice: &Notice, body: &str) -> Result<(), StoreError> {
        self.desk.keep_webhook(gateway, notice, body).await
    }

    /// What the worker would find to do.
    pub async fn due(&self) -> Result<Vec<Due>, StoreError> {
        self.store.due(self.desk.clock.now(), 1_000).await
    }

    /// Does it.
    pub async fn settle(&self, due: Due) -> Result<(), StoreError> {
        self.desk.settle(due).await
    }

    /// Staff give money back.
    pub async fn refund(
        &self,
        payment: Id,
        amount: Option<Decimal>,
        key: &str,
    ) -> Result<Result<Payment, Refusal>, StoreError> {
        let wanted = RefundPayment {
            by: Id::from_u128(7),
            payment_id: Some(payment),
            amount,
            reason: None,
            idempotency_key: key.to_owned(),
        };
        self.desk.refund_payment(wanted).await
    }

    /// Staff have dealt with what a payment waited for.
    pub async fn settle_attention(&self, payment: Id, attention: Attention) -> Result<(), StoreError> {
        let dealt_with = SettleAttention {
            by: Id::from_u128(7),
            payment_id: Some(payment),
            attention,
        };
        self.desk.settle_attention(dealt_with).await.map(drop)
    }

    /// Compares with the gateways.
    pub async fn reconcile(&self) -> Result<Reconciliation, StoreError> {
        self.desk.reconcile().await
    }

    /// What waits to be published, oldest first.
    pub async fn outbox(&self) -> Vec<CloudEvent> {
        self.store.outbox().await
    }

    /// The first so many were published.
    pub async fn published(&self, count: usize) {
        self.store.published(count).await;
    }

    /// All payments.
    pub async fn payments(&self) -> Vec<Payment> {
        self.store.all_payments().await
    }

    /// All refunds.
    pub async fn refunds(&self) -> Vec<Refund> {
        self.store.all_refunds().await
    }
}
