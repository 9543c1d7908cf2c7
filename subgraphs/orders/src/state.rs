//! The life of an order, all of it: which step leads where, and what it does to the stock. Pure; everything else asks here.
//!
//! ```text
//! PENDING_PAYMENT ──► PAID ──► ASSEMBLED ──► HANDED_TO_DELIVERY ──► DELIVERED
//!    │  ▲  │           │ │         │                 │                  │
//!    ▼  │  │           │ └─────────┴────────┬────────┴──────────────────┘
//! PAYMENT_FAILED       ▼                    ▼
//!    └─────┴──────► CANCELLED            REFUNDED
//! ```

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    PendingPayment,
    PaymentFailed,
    Paid,
    Assembled,
    HandedToDelivery,
    Delivered,
    Cancelled,
    Refunded,
}

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The money came.
    Pay,
    /// The current attempt ended without money.
    FailPayment,
    /// The current attempt waits for the shopper.
    AwaitAction,
    /// The shopper begins another attempt.
    RetryPayment,
    /// The shopper or staff call it off.
    Cancel,
    /// Nobody paid in time.
    Expire,
    Assemble,
    HandToDelivery,
    Deliver,
    /// All the money went back.
    Refund,
}

impl Step {
    /// Whether it brings the parcel nearer to the shopper.
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Assemble | Self::HandToDelivery | Self::Deliver)
    }
}

/// The step isn't possible where the order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict;

/// What a step does to the pieces that the order holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// Nothing.
    Stay,
    /// They can be bought again.
    GoBack,
    /// They are in the parcel: no longer stock.
    Leave,
}

/// Where a step leads. `awaiting_action`: the current attempt waits for the shopper, who may begin another one instead.
pub const fn next(from: Status, awaiting_action: bool, step: Step) -> Result<Status, Conflict> {
    use Status::{
        Assembled, Cancelled, Delivered, HandedToDelivery, Paid, PaymentFailed, PendingPayment, Refunded,
    };
    Ok(match (step, from) {
        (Step::Pay, PendingPayment | PaymentFailed) => Paid,
        (Step::FailPayment, PendingPayment) => PaymentFailed,
        (Step::AwaitAction, PendingPayment) if !awaiting_action => PendingPayment,
        (Step::RetryPayment, PaymentFailed) => PendingPayment,
        (Step::RetryPayment, PendingPayment) if awaiting_action => PendingPayment,
        (Step::Cancel, PendingPayment | PaymentFailed | Paid) => Cancelled,
        (Step::Expire, PendingPayment | PaymentFailed) => Cancelled,
        (Step::Assemble, Paid) => Assembled,
        (Step::HandToDelivery, Assembled) => HandedToDelivery,
        (Step::Deliver, HandedToDelivery) => Delivered,
        (Step::Refund, Paid | Assembled | HandedToDelivery | Delivered) => Refunded,
        _ => return Err(Conflict),
    })
}

/// What becomes of the pieces on the way from one status to the next.
pub const fn pieces(from: Status, to: Status) -> Pieces {
    match (from, to) {
        (_, Status::Cancelled) | (Status::Paid, Status::Refunded) => Pieces::GoBack,
        (_, Status::Assembled) => Pieces::Leave,
        _ => Pieces::Stay,
    }
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::PendingPayment,
        Self::PaymentFailed,
        Self::Paid,
        Self::Assembled,
        Self::HandedToDelivery,
        Self::Delivered,
        Self::Cancelled,
        Self::Refunded,
    ];

    /// As events, SQL and GraphQL write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PendingPayment => "PENDING_PAYMENT",
            Self::PaymentFailed => "PAYMENT_FAILED",
            Self::Paid => "PAID",
            Self::Assembled => "ASSEMBLED",
            Self::HandedToDelivery => "HANDED_TO_DELIVERY",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
            Self::Refunded => "REFUNDED",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it is paid and has not arrived yet: goods are owed for it.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Paid | Self::Assembled | Self::HandedToDelivery)
    }

    /// Whether nothing will come of it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Cancelled | Self::Refunded)
    }

    /// Whether its money is still to come: it may expire.
    pub const fn is_unpaid(self) -> bool {
        matches!(self, Self::PendingPayment | Self::PaymentFailed)
    }
}

#[cfg(test)]
mod tests;
