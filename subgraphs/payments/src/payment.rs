//! A payment: one attempt to collect the money of one order, and what may become of it.
//!
//! The difficulty is that the gateway is outside: it may have charged although its answer was lost, and its news come
//! late, twice or in the wrong order. So a payment is never *told* what happened; it *observes* what the gateway
//! shows now, and [`Payment::observe`] decides alone what that means. Two rules keep it safe:
//! money that came is a fact (nothing takes SUCCEEDED back), and an end that was announced stays announced
//! (FAILED and CANCELLED change only into SUCCEEDED, when the money came after all).

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::money::Money;

use crate::failure::{Failure, codes};
use crate::gateway::{Charge, ChargeName, ChargeState, Gateway};

pub use crate::attention::{Attention, Attentions};

/// One attempt to collect one order's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Ours; also the idempotency key of everything that we ask of the gateway about it.
    pub id: Id,
    /// What is paid for.
    pub order_id: Id,
    /// Which attempt of the order this is, from 1.
    pub attempt: i32,
    /// Who ordered; none for a guest.
    pub customer_id: Option<Id>,
    /// Where it is paid.
    pub gateway: Gateway,
    /// What the client chose there: the sandbox's "ok", a payment method's token.
    pub token: Option<String>,
    /// How much.
    pub amount: Money,
    /// How it stands.
    pub status: Status,
    /// What we want of it.
    pub goal: Goal,
    /// Whether the gateway may have heard of it. Set before the first call, so that a crash can't hide a charge.
    pub sent: bool,
    /// Whether the gateway may have been asked to take the promised money. From then on only the outcome ends the attempt.
    pub capturing: bool,
    /// The gateway's name for it.
    pub reference: Option<String>,
    /// What it calls the money that came, where that has a name of its own: PayPal's capture. It outlives the charge, and refunds
    /// are made of it.
    pub capture: Option<String>,
    /// For the gateway's software in the client.
    pub client_secret: Option<String>,
    /// Where the shopper has to go.
    pub redirect_url: Option<String>,
    /// Until when the shopper can act.
    pub expires_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Why a person has to look at it.
    pub attention: Attentions,
    /// Why a person has looked at it already: what is still so is not told again.
    pub settled: Attentions,
    /// What came, where that is another amount or currency than ours.
    pub came: Option<Money>,
    /// What has gone back at the gateway without our doing, in minor units, when it was last looked at.
    pub elsewhere: i64,
    /// When somebody has to look at it again.
    pub due_at: Option<DateTime<Utc>>,
    /// How often the gateway was asked since it last answered something new.
    pub tries: u32,
    /// When the attempt began.
    pub created_at: DateTime<Utc>,
    /// When it is to be compared with the gateway, although it may be over; none when that was done often enough.
    pub compare_at: Option<DateTime<Utc>>,
}

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The gateway hasn't decided, or hasn't been asked.
    Pending,
    /// The shopper has to do something.
    ActionRequired,
    /// The money came.
    Succeeded,
    /// It didn't.
    Failed,
    /// Given up before money came.
    Cancelled,
}

/// What we want of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The money.
    Collect,
    /// That no money comes any more: the order ended, or another attempt takes its place.
    Cancel,
}

/// What an observation changed, and the world should hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing that anybody else needs to know.
    Nothing,
    /// The shopper has to act.
    ActionRequired,
    /// The money came.
    Succeeded,
    /// It won't.
    Failed,
    /// Given up.
    Cancelled,
}

impl Status {
    /// Whether money may still come, as far as we were told.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Pending | Self::ActionRequired)
    }

    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::ActionRequired => "ACTION_REQUIRED",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::ActionRequired,
            Self::Succeeded,
            Self::Failed,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|status| status.code() == code)
    }
}

impl Goal {
    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Collect => "COLLECT",
            Self::Cancel => "CANCEL",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Collect, Self::Cancel]
            .into_iter()
            .find(|goal| goal.code() == code)
    }
}

impl Payment {
    /// Wants no money from this attempt any more. True when there is something left to stop.
    pub fn give_up(&mut self, now: DateTime<Utc>) -> bool {
        if !self.status.is_live() || self.goal == Goal::Cancel {
            return false;
        }
        self.goal = Goal::Cancel;
        self.tries = 0;
        self.due_at = Some(now);
        true
    }

    /// Whether its money is wanted: it is live, and not given up.
    pub fn is_wanted(&self) -> bool {
        self.goal == Goal::Collect && self.status.is_live()
    }

    /// What the gateway calls it.
    pub fn name(&self) -> Option<ChargeName> {
        let reference = self.reference.clone()?;
        Some(ChargeName {
            payment_id: self.id,
            reference,
            capture: self.capture.clone(),
        })
    }

    /// Somebody said that something happened to it: it is looked at soon.
    pub fn look(&mut self, now: DateTime<Utc>) {
        if self.sent {
            self.due_at = Some(now);
            self.tries = 0;
        }
    }

    /// What the gateway calls it.
    pub fn learn_names(&mut self, charge: &Charge) {
        if self.reference.is_none() {
            self.reference = Some(charge.reference.clone());
        }
        if charge.capture.is_some() {
            self.capture.clone_from(&charge.capture);
        }
    }

    /// Something happened that a person has to look at.
    pub fn call_staff(&mut self, attention: Attention) {
        self.settled.remove(attention);
        self.attention.add(attention);
    }

    /// Something is so, and stays so, that a person has to look at: once.
    pub fn show_staff(&mut self, attention: Attention) {
        if !self.settled.has(attention) {
            self.attention.add(attention);
        }
    }

    /// It isn't so any more.
    pub fn clear(&mut self, attention: Attention) {
        self.settled.remove(attention);
        self.attention.remove(attention);
    }

    /// A person has dealt with it. Whether they were waited for.
    pub fn settle(&mut self, attention: Attention) -> bool {
        let waited = self.attention.remove(attention);
        if waited {
            self.settled.add(attention);
        }
        waited
    }

    /// Whether somebody wants it looked at who came while the gateway was being asked: whoever asks counts the try first, and whoever
    /// wants a look begins to count anew.
    pub const fn was_told_of_while_asking(&self) -> bool {
        self.due_at.is_some() && self.tries == 0
    }

    /// The gateway shows other money than ours: it is not taken as paid, and waits for a person. `came` is what it has taken.
    pub fn disagree(&mut self, reference: &str, came: Option<Money>) {
        if self.reference.is_none() {
            self.reference = Some(reference.to_owned());
        }
        if self.status == Status::Succeeded || (!self.status.is_live() && came.is_none()) {
            // An attempt that is over and brought nothing: what its charge is over is of no interest.
            self.due_at = None;
            return;
        }
        self.show_staff(Attention::AmountDisagrees);
        self.came = came.or(self.came);
        // One that is given up and has brought nothing is still to be stopped.
        if self.goal == Goal::Collect || self.came.is_some() {
            self.due_at = None;
        }
    }

    /// Money came that we have no name for, so that we can't give it back; nothing more will happen to it at the gateway. Staff is
    /// called, and an attempt that was given up ends here.
    pub fn end_strange(&mut self) -> News {
        if self.status == Status::Succeeded {
            return self.stay();
        }
        self.show_staff(Attention::AmountDisagrees);
        if self.status.is_live() && self.goal == Goal::Cancel {
            return self.end(Status::Cancelled, News::Cancelled);
        }
        self.stay()
    }

    /// What came instead of the amount is dealt with, or nothing came: the attempt brought nothing.
    pub fn end_disagreement(&mut self, why: &str) -> News {
        self.clear(Attention::AmountDisagrees);
        match self.status {
            Status::Pending | Status::ActionRequired if self.goal == Goal::Cancel => {
                self.end(Status::Cancelled, News::Cancelled)
            }
            Status::Pending | Status::ActionRequired => self.fail(Failure::known(why)),
            Status::Succeeded | Status::Failed | Status::Cancelled => self.stay(),
        }
    }

    /// The gateway doesn't know it any more: no money can come by it. A person looks where money came or could have; what nobody has
    /// paid vanishes in the end, PayPal's orders by themselves.
    pub fn vanish(&mut self) -> News {
        match self.status {
            Status::Failed | Status::Cancelled => self.stay(),
            Status::Succeeded => {
                self.show_staff(Attention::UnknownAtGateway);
                self.stay()
            }
            Status::Pending | Status::ActionRequired if self.goal == Goal::Cancel => {
                if self.capturing {
                    self.show_staff(Attention::UnknownAtGateway);
                }
                self.end(Status::Cancelled, News::Cancelled)
            }
            Status::Pending | Status::ActionRequired => {
                self.show_staff(Attention::UnknownAtGateway);
                self.fail(Failure::known(codes::ACTION_EXPIRED))
            }
        }
    }

    /// Takes in what the gateway shows. The caller has checked that the amount is ours.
    pub fn observe(&mut self, charge: &Charge, now: DateTime<Utc>) -> News {
        self.learn_names(charge);
        self.clear(Attention::AmountDisagrees);
        self.clear(Attention::UnknownAtGateway);
        match (&charge.state, self.status) {
            (_, Status::Succeeded) => self.stay(),
            (ChargeState::Succeeded, _) => {
                self.failure = None;
                self.end(Status::Succeeded, News::Succeeded)
            }
            (_, Status::Failed | Status::Cancelled) => self.stay(),
            // Whoever wanted it stopped doesn't care how it stopped.
            (ChargeState::Failed(_), _) if self.goal == Goal::Cancel => {
                self.end(Status::Cancelled, News::Cancelled)
            }
            (ChargeState::Cancelled, _) => self.end(Status::Cancelled, News::Cancelled),
            (ChargeState::Failed(failure), _) => self.fail(failure.clone()),
            (ChargeState::ActionRequired { .. }, before) => {
                self.show_the_way(charge);
                self.look_again(charge, now);
                if before == Status::ActionRequired {
                    News::Nothing
                } else {
                    News::ActionRequired
                }
            }
            // An open charge that was declined is given up before it comes here; if it wasn't, it is looked at again.
            (ChargeState::Processing | ChargeState::Authorized | ChargeState::Declined(_), _) => {
                self.status = Status::Pending;
                self.look_again(charge, now);
                News::Nothing
            }
        }
    }

    /// Ends it without money.
    pub fn fail(&mut self, failure: Failure) -> News {
        self.failure = Some(failure);
        self.end(Status::Failed, News::Failed)
    }

    /// Ends an attempt that the gateway has never heard of.
    pub fn cancel_unsent(&mut self) -> News {
        self.goal = Goal::Cancel;
        self.end(Status::Cancelled, News::Cancelled)
    }

    fn end(&mut self, status: Status, news: News) -> News {
        self.status = status;
        self.due_at = None;
        self.client_secret = None;
        self.redirect_url = None;
        self.expires_at = None;
        news
    }

    fn stay(&mut self) -> News {
        self.due_at = None;
        News::Nothing
    }

    fn show_the_way(&mut self, charge: &Charge) {
        if let ChargeState::ActionRequired {
            redirect_url,
            client_secret,
            expires_at,
        } = &charge.state
        {
            self.status = Status::ActionRequired;
            self.redirect_url.clone_from(redirect_url);
            self.client_secret.clone_from(client_secret);
            self.expires_at = Some(*expires_at);
        }
    }

    fn look_again(&mut self, charge: &Charge, now: DateTime<Utc>) {
        self.due_at = Some(if self.was_told_of_while_asking() {
            now
        } else {
            charge.look_again_at.max(now)
        });
    }
}

#[cfg(test)]
mod tests;
