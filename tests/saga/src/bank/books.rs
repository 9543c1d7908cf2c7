//! A bank's books, and what each request does to them.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

use lavka_kit::ids::Id;
use lavka_kit::money::{Currency, Money};
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
    /// What was asked for.
    pub wanted: Money,
    pub standing: Standing,
    /// Whether it was asked to take the promised money: the same request again only repeats the first answer.
    pub asked_to_take: bool,
    /// Whether it is in money that no store of ours has a name for.
    pub is_strange: bool,
    /// Whether the bank has forgotten it: it had brought nothing, and never will.
    pub is_lost: bool,
    /// By our refunds' ids.
    pub refunds: BTreeMap<Id, Back>,
    /// Those of our refunds that were refused.
    pub refused: BTreeSet<Id>,
    /// What somebody gave back in the bank's own pages.
    pub by_hand: i64,
}

/// A refund in the bank's books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    pub amount: i64,
    pub standing: BackStanding,
}

/// How a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackStanding {
    OnItsWay,
    Arrived,
    /// The shopper's bank has sent it back, perhaps after it had arrived.
    Failed,
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
    /// What of ours has gone back, or is on its way.
    pub fn refunded(&self) -> i64 {
        let refunds = self.refunds.values();
        let counts = refunds.filter(|back| back.standing != BackStanding::Failed);
        counts.map(|back| back.amount).sum()
    }

    /// What of ours was to go back, whatever became of it.
    pub fn asked_back(&self) -> i64 {
        self.refunds.values().map(|back| back.amount).sum()
    }

    /// What the bank still has.
    pub fn left(&self) -> i64 {
        self.amount.minor - self.refunded() - self.by_hand
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
    /// How likely it refuses a refund.
    pub(super) moody: f64,
}

impl Books {
    pub(super) fn tell(&mut self, payment: Id) {
        self.tell_of(payment, false, None);
    }

    /// Of money that goes back, too.
    pub(super) fn tell_of(&mut self, payment: Id, money_back: bool, refund: Option<Id>) {
        self.events += 1;
        let told = json!({ "id": format!("evt_{}", self.events), "payment": payment, "back": money_back,
            "refund": refund });
        self.webhooks.push(told.to_string());
    }

    /// One of those, if there are any.
    pub(super) fn one(&mut self, which: impl Fn(&Entry) -> bool) -> Option<Id> {
        let entries = self.entries.values().filter(|entry| which(entry));
        let found: Vec<Id> = entries.map(|entry| entry.payment).collect();
        if found.is_empty() {
            return None;
        }
        Some(found[self.rng.random_range(0..found.len())])
    }

    pub(super) fn move_one(
        &mut self,
        which: impl Fn(&Entry) -> bool,
        whereto: impl FnOnce(&mut StdRng) -> Standing,
    ) -> bool {
        let Some(payment) = self.one(which) else {
            return false;
        };
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
            let other = |token: &str| matches!(token, "wrong" | "foreign" | "strange");
            let standing = match (style, token) {
                _ if !request.wanted => Standing::Open,
                (Style::AtOnce, token) if token == "card" || other(token) => Standing::Taken,
                (Style::AtOnce, "declined") => Standing::Declined,
                (Style::AtOnce, "slow") => Standing::Processing,
                (Style::Promise, token) if token == "card" || other(token) => Standing::Promised,
                _ => Standing::Open,
            };
            let amount = match token {
                "wrong" if request.wanted => Money::new(request.amount.minor + 100, request.amount.currency),
                "foreign" if request.wanted => Money::new(request.amount.minor / 80, Currency::Eur),
                _ => request.amount,
            };
            slot.insert(Entry {
                order: request.order_id,
                payment,
                reference: format!("charge_{payment}"),
                amount,
                wanted: request.amount,
                standing,
                asked_to_take: false,
                is_strange: token == "strange" && request.wanted,
                is_lost: false,
                refunds: BTreeMap::new(),
                refused: BTreeSet::new(),
                by_hand: 0,
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

    /// What a bank has against it is an error.
    pub(super) fn refund(&mut self, request: &RefundRequest) -> Result<(), ()> {
        let (slow, refused) = (self.rng.random_bool(0.3), self.rng.random_bool(self.moody));
        let Some(entry) = self.entries.get_mut(&request.charge.payment_id) else {
            return Err(());
        };
        if entry.refunds.contains_key(&request.refund_id) {
            return Ok(());
        }
        let may = entry.standing == Standing::Taken
            && entry.amount.currency == request.amount.currency
            && request.amount.minor <= entry.left();
        // What was refused under a key stays refused under it, also when the same request comes once more, late.
        if !may || refused || entry.refused.contains(&request.refund_id) {
            entry.refused.insert(request.refund_id);
            return Err(());
        }
        let standing = if slow {
            BackStanding::OnItsWay
        } else {
            BackStanding::Arrived
        };
        let amount = request.amount.minor;
        entry.refunds.insert(request.refund_id, Back { amount, standing });
        self.tell_of(request.charge.payment_id, true, Some(request.refund_id));
        Ok(())
    }

    /// The first of these refunds comes to this.
    pub(super) fn move_refund(&mut self, from: BackStanding, to: BackStanding) -> bool {
        let mut refunds = self.entries.values_mut().flat_map(|entry| {
            let payment = entry.payment;
            entry
                .refunds
                .iter_mut()
                .map(move |(id, back)| (payment, *id, back))
        });
        let Some((payment, id, back)) = refunds.find(|(.., back)| back.standing == from) else {
            return false;
        };
        back.standing = to;
        self.tell_of(payment, true, Some(id));
        true
    }

    /// Somebody gives money back in the bank's own pages.
    pub(super) fn refund_by_hand(&mut self) -> bool {
        // Of what came instead of the amount, nobody but us gives back: staff would say so by `settleAttention`.
        let usual = |entry: &Entry| !entry.is_strange && entry.amount == entry.wanted;
        let left = |entry: &Entry| entry.standing == Standing::Taken && entry.left() > 0;
        let Some(payment) = self.one(|entry| usual(entry) && left(entry)) else {
            return false;
        };
        let part = self.rng.random_range(1..=3);
        if let Some(entry) = self.entries.get_mut(&payment) {
            entry.by_hand += (entry.left() / part).max(1);
        }
        self.tell_of(payment, true, None);
        true
    }

    /// What nobody has paid vanishes.
    pub(super) fn lose(&mut self) -> bool {
        let Some(payment) = self.one(|entry| {
            matches!(entry.standing, Standing::Open | Standing::Declined)
                && !entry.asked_to_take
                && !entry.is_lost
        }) else {
            return false;
        };
        if let Some(entry) = self.entries.get_mut(&payment) {
            entry.is_lost = true;
            entry.standing = Standing::Failed;
        }
        true
    }
}
