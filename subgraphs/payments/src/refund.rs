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
    /// As SQL writes it, the person apart.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Staff(_) => "STAFF",
            Self::OrderEnded => "ORDER_ENDED",
            Self::PaidTwice => "PAID_TWICE",
        }
    }
}

/// What can still be given back of a payment, pending refunds taken off. Of one that brought another amount than ours, what
/// came; nothing of one that brought no money.
pub fn refundable(payment: &Payment, refunds: &[Refund]) -> i64 {
    let came = match payment.status {
        Status::Succeeded => payment.amount.minor,
        _ => payment.came.unwrap_or(0),
    };
    came - sum(refunds, |status| status != RefundStatus::Failed)
}

/// What has been given back.
pub fn refunded(payment: &Payment, refunds: &[Refund]) -> Money {
    Money::new(
        sum(refunds, |status| status == RefundStatus::Succeeded),
        payment.amount.currency,
    )
}

// Each refund was checked against what was left when it was made: the sum can't exceed one payment's amount.
fn sum(refunds: &[Refund], counts: impl Fn(RefundStatus) -> bool) -> i64 {
    refunds
        .iter()
        .filter(|refund| counts(refund.status))
        .map(|refund| refund.amount.minor)
        .sum()
}
