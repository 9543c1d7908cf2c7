//! Compares what we have written down with what the gateways show, and mends what a lost webhook or a lost answer has left behind.
//!
//! Open payments are looked at by the worker anyway; here also those that seemed to be over: money may have come for one that had
//! failed, more may have gone back than we know of, and less. Nothing is decided here: a difference makes the payment be settled as
//! always, and what only a person can decide is flagged.
//!
//! A gateway's patience is limited, and checkouts need it. So of the replicas one compares at a time, one payment after another, a
//! few in a second; and what is over is compared ever more seldom. By hand, all is compared that began within 35 days.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::clock::later;
use lavka_kit::errors::chain;
use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::payment::{Attention, Payment, Status};
use crate::refund::RefundStatus;
use crate::store::{Compared, StoreError};

/// How far back payments that are over are looked at by hand.
const BACK: Duration = Duration::from_secs(35 * 24 * 3600);
/// How many are read at once.
const PAGE: u32 = 100;
/// How long after its beginning a payment is compared, although it is over. Lost webhooks show within hours, a refund that comes back
/// within days, and disputes in weeks.
const WHEN: [TimeDelta; 7] = [
    TimeDelta::hours(1),
    TimeDelta::hours(6),
    TimeDelta::days(1),
    TimeDelta::days(3),
    TimeDelta::days(7),
    TimeDelta::days(14),
    TimeDelta::days(35),
];
/// The pause between two payments that are over: ten in a second at the most.
const PACE: Duration = Duration::from_millis(100);
/// The name of the lease.
const LEASE: &str = "reconciliation";

/// When a payment that begins now is compared for the first time.
pub(crate) fn first_comparison(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    now.checked_add_signed(WHEN[0])
}

/// When a payment that was compared now is compared again.
fn next_comparison(began: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut moments = WHEN.iter().filter_map(|after| began.checked_add_signed(*after));
    moments.find(|moment| *moment > now)
}

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
            match self.reconcile_in_turn(pause, PACE).await {
                Ok(Some(done)) => {
                    for finding in &done.findings {
                        tracing::warn!(%finding, "reconciliation");
                    }
                    tracing::info!(
                        looked_at = done.looked_at,
                        findings = done.findings.len(),
                        "payments were reconciled"
                    );
                }
                Ok(None) => tracing::debug!("another replica reconciles payments"),
                Err(error) => tracing::error!(error = chain(&error), "payments can't be reconciled"),
            }
        }
    }

    /// Compares what is open, and what is over and has its time; none where another replica has done so within this pause.
    pub(crate) async fn reconcile_in_turn(
        &self,
        pause: Duration,
        pace: Duration,
    ) -> Result<Option<Reconciliation>, StoreError> {
        let now = self.clock.now();
        // A little less than the pause: whoever has it now may have it the next time.
        let until = later(now, pause.mul_f64(0.9));
        if !self.store.take_lease(LEASE, now, until).await? {
            return Ok(None);
        }
        // A day more than the last comparison: the round may be late.
        let since = now - BACK - Duration::from_secs(24 * 3600);
        let due = Compared::Due { by: now, since };
        self.compare_all(due, pace).await.map(Some)
    }

    /// Compares everything, once.
    pub async fn reconcile(&self) -> Result<Reconciliation, StoreError> {
        let since = self.clock.now() - BACK;
        self.compare_all(Compared::Since(since), Duration::ZERO).await
    }

    async fn compare_all(&self, which: Compared, pace: Duration) -> Result<Reconciliation, StoreError> {
        let mut done = Reconciliation::default();
        let mut after = None;
        loop {
            let page = self.store.to_reconcile(which, after, PAGE).await?;
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
                if !pace.is_zero() && !payment.status.is_live() {
                    self.clock.sleep(pace).await;
                }
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
        self.look_now(payment.id).await?;
        if let Some(why) = self.bring_on(payment.id).await? {
            matters.push(Matter::NotCompared(why));
            // What is over is not worth the worker's while: the next reconciliation comes.
            self.leave(payment.id).await?;
        } else {
            self.note_comparison(payment.id).await?;
        }
        // Those that are open, and those that looking at the payment has brought into doubt.
        for refund in self.store.refunds_of_payments(&[payment.id]).await? {
            if refund.status == RefundStatus::Pending {
                self.look_at_refund_now(refund.id).await?;
            }
            if refund.status == RefundStatus::Pending || refund.due_at.is_some() {
                self.settle_refund(refund.id).await?;
            }
        }
        let Some(now) = self.store.payment(payment.id).await? else {
            return Ok(matters);
        };
        if now.status != payment.status {
            let (from, to) = (payment.status, now.status);
            matters.push(Matter::Mended { from, to });
        }
        let flags = now.attention.iter().filter(|it| !payment.attention.has(*it));
        matters.extend(flags.map(Matter::Flagged));
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

    async fn note_comparison(&self, id: Id) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        if let Some(mut payment) = work.payment(id).await? {
            payment.compare_at = next_comparison(payment.created_at, self.clock.now());
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
            refund.look(self.clock.now());
            work.save_refund(&refund).await?;
            work.commit().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
