//! A bank's books, and what each request does to them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use lavka_kit::ids::Id;
use lavka_kit::money::Money;
use lavka_payments::testing::{ChargeRequest, RefundRequest};
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::json;

use super::{Late, Style, Weather};

/// A charge in the bank's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub order: Id,
    pub payment: Id,
    pub reference: String,
    pub amount: Money,
    pub standing: Standing,
    /// Whether it was asked to take the promised money: the same request again only repeats the first answer.
    pub asked_to_take: bool,
    /// By our refunds' ids.
    pub refunds: BTreeMap<Id, (i64, bool)>,
}

/// How a charge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits for the shopper.
    Open,
    /// The shopper has tried in vain, and may try again.
    Declined,
    /// The bank thinks.
    Processing,
    /// The shopper has promised.
    Promised,
    Taken,
    Failed,
    Cancelled,
}

impl Entry {
    pub fn refunded(&self) -> i64 {
        self.refunds.values().map(|(amount, _)| amount).sum()
    }
}

/// Everything that a bank knows.
pub(super) struct Books {
    pub(super) rng: StdRng,
    pub(super) weather: Weather,
    pub(super) entries: BTreeMap<Id, Entry>,
    pub(super) late: Vec<Late>,
    pub(super) webhooks: Vec<String>,
    pub(super) events: u64,
}

impl Books {
    pub(super) fn tell(&mut self, payment: Id) {
        self.events += 1;
        let told = json!({ "id": format!("evt_{}", self.events), "payment": payment });
        self.webhooks.push(told.to_string());
    }

    pub(super) fn move_one(
        &mut self,
        which: impl Fn(&Entry) -> bool,
        whereto: impl FnOnce(&mut StdRng) -> Standing,
    ) -> bool {
        let found: Vec<Id> = self
            .entries
            .values()
            .filter(|entry| which(entry))
            .map(|entry| entry.payment)
            .collect();
        if found.is_empty() {
            return false;
        }
        let payment = found[self.rng.random_range(0..found.len())];
        let to = whereto(&mut self.rng);
        if let Some(entry) = self.entries.get_mut(&payment) {
            entry.standing = to;
        }
        self.tell(payment);
        true
    }

    pub(super) fn create(&mut self, request: &ChargeRequest, style: Style) -> Id {
        let payment = request.payment_id;
        if let Slot::Vacant(slot) = self.entries.entry(payment) {
            let token = request.token.as_deref().unwrap_or("open");
            let wrong = token == "wrong";
            let standing = match (style, token) {
                _ if !request.wanted => Standing::Open,
                (Style::AtOnce, "card" | "wrong") => Standing::Taken,
                (Style::AtOnce, "declined") => Standing::Declined,
                (Style::AtOnce, "slow") => Standing::Processing,
                (Style::Promise, "card" | "wrong") => Standing::Promised,
                _ => Standing::Open,
            };
            let amount = Money::new(
                request.amount.minor + i64::from(wrong && request.wanted) * 100,
                request.amount.currency,
            );
            slot.insert(Entry {
                order: request.order_id,
                payment,
                reference: format!("charge_{payment}"),
                amount,
                standing,
                asked_to_take: false,
                refunds: BTreeMap::new(),
            });
            self.tell(payment);
        }
        payment
    }

    /// Whether it was asked before.
    pub(super) fn capture(&mut self, payment: Id) -> bool {
        let declines = self.rng.random_bool(0.1);
        let Some(entry) = self.entries.get_mut(&payment) else {
            return false;
        };
        if entry.standing != Standing::Promised || entry.asked_to_take {
            return entry.asked_to_take;
        }
        entry.asked_to_take = true;
        entry.standing = if declines {
            Standing::Declined
        } else {
            Standing::Taken
        };
        self.tell(payment);
        false
    }

    pub(super) fn cancel(&mut self, payment: Id, style: Style) {
        if let Some(entry) = self.entries.get_mut(&payment)
            && style == Style::AtOnce
            && matches!(
                entry.standing,
                Standing::Open | Standing::Declined | Standing::Promised
            )
        {
            entry.standing = Standing::Cancelled;
            self.tell(payment);
        }
    }

    pub(super) fn refund(&mut self, request: &RefundRequest) -> Result<(), ()> {
        let slow = self.rng.random_bool(0.3);
        let Some(entry) = self.entries.get_mut(&request.charge.payment_id) else {
            return Err(());
        };
        if entry.refunds.contains_key(&request.refund_id) {
            return Ok(());
        }
        let left = entry.amount.minor - entry.refunded();
        if entry.standing != Standing::Taken || request.amount.minor > left {
            return Err(());
        }
        entry
            .refunds
            .insert(request.refund_id, (request.amount.minor, !slow));
        self.tell(request.charge.payment_id);
        Ok(())
    }
}
