//! What an order is.

use chrono::{DateTime, Utc};
use lavka_kit::events::orders::OrderRecipient;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Money, MoneyError};

use crate::state::{self, Conflict, Pieces, Status, Step};

/// A cart that was sold: lines, prices, shipping and recipient are fixed from then on; the rest is its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub id: Id,
    pub number: i64,
    /// The account; none for a guest's.
    pub customer: Option<Id>,
    pub cart: SoldCart,
    /// A guest's key: whoever has it may see, pay and cancel the order.
    pub key: Option<String>,
    /// The shopper's language.
    pub locale: Locale,
    pub lines: Vec<Line>,
    pub recipient: OrderRecipient,
    pub shipping: Shipping,
    pub subtotal: Money,
    pub total: Money,
    pub placed_at: DateTime<Utc>,

    pub status: Status,
    /// The current payment attempt, from 1.
    pub attempt: i32,
    /// The current attempt waits for the shopper.
    pub awaiting_action: bool,
    /// The payment that brought the money.
    pub paid_by: Option<Id>,
    /// It was cancelled, and we have said that money has to go back.
    pub refund_required: bool,
    /// Its pieces are still counted among those that orders hold.
    pub holds_stock: bool,
    pub tracking_number: Option<String>,
    /// It is paid and can't be fulfilled: it waits for a person.
    pub flag: Option<Flag>,
    /// When it is given up, while it is unpaid.
    pub expires_at: Option<DateTime<Utc>>,
    /// From the first entry on; an entry's index is its position.
    pub history: Vec<Entry>,
}

/// Which generation of which cart became the order: never two orders of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldCart {
    pub id: Id,
    pub generation: i32,
}

/// So many of one variant, at the price of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub sku: String,
    pub title: String,
    pub quantity: i32,
    pub unit_price: Money,
}

/// How it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipping {
    pub code: String,
    /// In the shopper's language.
    pub title: String,
    pub price: Money,
    pub estimated_days: i32,
}

/// One step of an order's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub status: Status,
    pub at: DateTime<Utc>,
    pub note: Option<String>,
}

/// Why a paid order waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// In the words of whoever found it out.
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// A step that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub from: Status,
    pub pieces: Pieces,
}

impl Line {
    pub fn subtotal(&self) -> Result<Money, MoneyError> {
        self.unit_price.times(self.quantity.into())
    }
}

impl Order {
    /// What a person reads on the phone.
    pub fn display_number(&self) -> String {
        format!("L-{}", self.number)
    }

    /// Takes a step and writes it into the history, or changes nothing.
    pub fn take(&mut self, step: Step, at: DateTime<Utc>, note: Option<String>) -> Result<Taken, Conflict> {
        let from = self.status;
        // What can't be fulfilled goes no further on its way; only back.
        if self.flag.is_some() && step.goes_on() {
            return Err(Conflict);
        }
        let to = state::next(from, self.awaiting_action, step)?;
        let moved = state::pieces(from, to);
        self.status = to;
        self.awaiting_action = step == Step::AwaitAction;
        if !to.is_unpaid() {
            self.expires_at = None;
        }
        if to.is_over() {
            self.flag = None;
        }
        let pieces = if self.holds_stock { moved } else { Pieces::Stay };
        if pieces != Pieces::Stay {
            self.holds_stock = false;
        }
        self.history.push(Entry { status: to, at, note });
        Ok(Taken { from, pieces })
    }

    /// Says that it can't be fulfilled, or says why once more.
    pub fn flag(&mut self, flag: Flag) -> Result<(), Conflict> {
        if !self.status.is_owed() {
            return Err(Conflict);
        }
        self.flag = Some(flag);
        Ok(())
    }

    /// It can be fulfilled after all.
    pub fn unflag(&mut self) -> Result<(), Conflict> {
        self.flag.take().map(drop).ok_or(Conflict)
    }

    /// The position of its last step.
    pub fn position(&self) -> usize {
        self.history.len().saturating_sub(1)
    }
}
