//! A refund: money that goes back, whole or in part. What is pending counts as gone already, so that two refunds at
//! once can't give back more than came.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::money::Money;

use crate::payment::{Payment, Status};

/// Money that goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Ours; also the idempotency key at the gateway.
    pub id: Id,
    /// What it takes from.
    pub payment_id: Id,
    /// How much.
    pub amount: Money,
    /// Why, in a person's words.
    pub reason: Option<String>,
    /// Who wanted it.
    pub cause: Cause,
    /// How it stands.
    pub status: RefundStatus,
    /// The gateway's name for it.
    pub reference: Option<String>,
    /// Why the gateway refused.
    pub failure_code: Option<String>,
    /// When somebody has to look at it again.
    pub due_at: Option<DateTime<Utc>>,
    /// How often the gateway was asked since it last answered something new.
    pub tries: u32,
    /// When it was wanted.
    pub created_at: DateTime<Utc>,
}

/// Who wanted a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A person of the staff.
    Staff(Id),
    /// The order was cancelled or expired; also when the money came afterwards.
    OrderEnded,
    /// The order was paid already.
    PaidTwice,
    /// The attempt had been given up, and another amount than ours came.
    GivenUp,
}

/// How a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub enum RefundStatus {
    /// Asked for; the gateway hasn't confirmed it yet.
    Pending,
    /// The money is on its way back.
    Succeeded,
    /// The gateway refused.
    Failed,
}

impl Refund {
    /// Somebody said that something happened to it: it is looked at soon.
    pub fn look(&mut self, now: DateTime<Utc>) {
        self.due_at = Some(now);
        self.tries = 0;
    }

    /// As with a payment: whether somebody wants it looked at who came while the gateway was being asked.
    pub const fn was_told_of_while_asking(&self) -> bool {
        self.due_at.is_some() && self.tries == 0
    }
}

impl RefundStatus {
    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Succeeded, Self::Failed]
            .into_iter()
            .find(|status| status.code() == code)
    }
}

impl Cause {
    /// Whether nobody asked for it by hand.
    pub const fn is_automatic(self) -> bool {
        !matches!(self, Self::Staff(_))
    }

    /// As SQL writes it, the person apart.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Staff(_) => "STAFF",
            Self::OrderEnded => "ORDER_ENDED",
            Self::PaidTwice => "PAID_TWICE",
            Self::GivenUp => "GIVEN_UP",
        }
    }
}

/// What a payment brought: its amount, or what came instead; nothing of one that brought no money.
pub fn brought(payment: &Payment) -> Money {
    match payment.status {
        Status::Succeeded => payment.amount,
        _ => payment.came.unwrap_or(Money::zero(payment.amount.currency)),
    }
}

/// What can still be given back of a payment, pending refunds taken off, and what went back without us.
pub fn refundable(payment: &Payment, refunds: &[Refund]) -> Money {
    let brought = brought(payment);
    let left = brought.minor - payment.elsewhere - asked_for(refunds);
    Money::new(left, brought.currency)
}

/// What has been given back.
pub fn refunded(payment: &Payment, refunds: &[Refund]) -> Money {
    Money::new(confirmed(refunds), brought(payment).currency)
}

/// What has been asked for and was not refused, in minor units.
pub fn asked_for(refunds: &[Refund]) -> i64 {
    sum(refunds, |status| status != RefundStatus::Failed)
}

/// What the gateway has confirmed, in minor units.
pub fn confirmed(refunds: &[Refund]) -> i64 {
    sum(refunds, |status| status == RefundStatus::Succeeded)
}

// Each refund was checked against what was left when it was made: the sum can't exceed one payment's amount.
fn sum(refunds: &[Refund], counts: impl Fn(RefundStatus) -> bool) -> i64 {
    refunds
        .iter()
        .filter(|refund| counts(refund.status))
        .map(|refund| refund.amount.minor)
        .sum()
}
