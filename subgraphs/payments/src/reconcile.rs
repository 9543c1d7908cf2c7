//! Compares what we have written down with what the gateways show, and mends what a lost webhook or a lost answer has left behind.
//!
//! Open payments are looked at by the worker anyway; here also those that seemed to be over: money may have come for one that had
//! failed, and more may have gone back than we know of. Nothing is decided here: a difference makes the payment be settled as
//! always, and what only a person can decide is flagged.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lavka_kit::errors::chain;
use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::{ChargeState, Gateway};
use crate::payment::{Attention, Payment, Status};
use crate::refund::{Refund, RefundStatus};
use crate::store::StoreError;

/// How far back payments that are over are looked at.
const BACK: Duration = Duration::from_secs(35 * 24 * 3600);
/// How many are read at once.
const PAGE: u32 = 100;

/// What a reconciliation did.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// How many payments were compared.
    pub looked_at: usize,
    /// Those with which something was not as it should be, in the order in which they began.
    pub findings: Vec<Finding>,
}

/// One payment with which something was not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The payment.
    pub payment: Id,
    /// Its order.
    pub order: Id,
    /// Where it is paid.
    pub gateway: Gateway,
    /// What is the matter.
    pub matter: Matter,
}

/// What was the matter with a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// It was behind, and has been brought on.
    Mended {
        /// How it stood here.
        from: Status,
        /// How it stands now.
        to: Status,
    },
    /// A refund was behind, and has been brought on.
    RefundMended {
        /// The refund.
        refund: Id,
        /// How it stands now.
        to: RefundStatus,
    },
    /// A person has to look at it.
    Flagged(Attention),
    /// The gateway gave no answer, or isn't configured any more.
    NotCompared(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (payment, order, gateway) = (self.payment, self.order, self.gateway.code());
        write!(f, "payment {payment} (order {order}, {gateway}): ")?;
        match &self.matter {
            Matter::Mended { from, to } => write!(f, "{} here, now {}", from.code(), to.code()),
            Matter::RefundMended { refund, to } => write!(f, "refund {refund} is now {}", to.code()),
            Matter::Flagged(attention) => write!(f, "flagged for staff: {}", attention.code()),
            Matter::NotCompared(why) => write!(f, "not compared: {why}"),
        }
    }
}

impl Desk {
    /// Reconciles every now and then, until it is dropped.
    pub(crate) async fn keep_reconciling(self: std::sync::Arc<Self>, pause: Duration) {
        loop {
            self.clock.sleep(pause).await;
            match self.reconcile().await {
                Ok(done) => {
                    for finding in &done.findings {
                        tracing::warn!(%finding, "reconciliation");
                    }
                    tracing::info!(
                        looked_at = done.looked_at,
                        findings = done.findings.len(),
                        "payments were reconciled"
                    );
                }
                Err(error) => tracing::error!(error = chain(&error), "payments can't be reconciled"),
            }
        }
    }

    /// Compares once.
    pub async fn reconcile(&self) -> Result<Reconciliation, StoreError> {
        let since: DateTime<Utc> = self.clock.now() - BACK;
        let mut done = Reconciliation::default();
        let mut after = None;
        loop {
            let page = self.store.to_reconcile(since, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(done) };
            after = Some(last.id);
            for payment in page {
                done.looked_at += 1;
                let matters = self.compare(&payment).await?;
                done.findings.extend(matters.into_iter().map(|matter| Finding {
                    payment: payment.id,
                    order: payment.order_id,
                    gateway: payment.gateway,
                    matter,
                }));
            }
        }
    }

    async fn compare(&self, payment: &Payment) -> Result<Vec<Matter>, StoreError> {
        let refunds = self.store.refunds_of_payments(&[payment.id]).await?;
        let mut matters = Vec::new();
        if self.gateways.get(payment.gateway).is_none() {
            let over =
                !payment.status.is_live() && refunds.iter().all(|it| it.status != RefundStatus::Pending);
            return Ok(if over {
                matters
            } else {
                vec![Matter::NotCompared("its gateway is not configured".to_owned())]
            });
        }
        if payment.status == Status::Succeeded {
            matters.extend(self.compare_refunds(payment, &refunds).await?);
        } else {
            self.look_now(payment.id).await?;
            if let Some(why) = self.bring_on(payment.id).await? {
                matters.push(Matter::NotCompared(why));
            }
        }
        for refund in refunds
            .iter()
            .filter(|refund| refund.status == RefundStatus::Pending)
        {
            self.look_at_refund_now(refund.id).await?;
            self.settle_refund(refund.id).await?;
        }
        let Some(now) = self.store.payment(payment.id).await? else {
            return Ok(matters);
        };
        if now.status != payment.status {
            let (from, to) = (payment.status, now.status);
            matters.push(Matter::Mended { from, to });
        }
        if let Some(attention) = now.attention
            && payment.attention != now.attention
        {
            matters.push(Matter::Flagged(attention));
        }
        for refund in self.store.refunds_of_payments(&[payment.id]).await? {
            let before = refunds.iter().find(|before| before.id == refund.id);
            if before.is_some_and(|before| before.status != refund.status) {
                let (refund, to) = (refund.id, refund.status);
                matters.push(Matter::RefundMended { refund, to });
            }
        }
        Ok(matters)
    }

    async fn look_now(&self, id: Id) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if let Some(mut payment) = work.payment(id).await? {
            payment.look(self.clock.now());
            work.save_payment(&payment).await?;
            work.commit().await?;
        }
        Ok(())
    }

    async fn look_at_refund_now(&self, id: Id) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if let Some(mut refund) = work.refund(id).await?
            && refund.status == RefundStatus::Pending
        {
            refund.due_at = Some(self.clock.now());
            work.save_refund(&refund).await?;
            work.commit().await?;
        }
        Ok(())
    }

    /// Of a payment that succeeded: has more gone back than we know of?
    async fn compare_refunds(
        &self,
        payment: &Payment,
        refunds: &[Refund],
    ) -> Result<Option<Matter>, StoreError> {
        let (Some(gateway), Some(name)) = (self.gateways.get(payment.gateway), payment.name()) else {
            return Ok(None);
        };
        let charge = match gateway.fetch(&name).await {
            Ok(charge) => charge,
            Err(error) => return Ok(Some(Matter::NotCompared(chain(&error)))),
        };
        // A refund that was asked for and whose answer was lost may be there already.
        let known: i64 = refunds
            .iter()
            .filter(|refund| refund.status != RefundStatus::Failed)
            .map(|refund| refund.amount.minor)
            .sum();
        if charge.state == ChargeState::Succeeded && charge.refunded <= known {
            return Ok(None);
        }
        let mut work = self.store.begin().await?;
        if let Some(mut payment) = work.payment(payment.id).await?
            && payment.attention.is_none()
        {
            payment.attention = Some(Attention::RefundedElsewhere);
            work.save_payment(&payment).await?;
            work.commit().await?;
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
