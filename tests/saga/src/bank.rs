//! A bank that does its worst, and remembers everything.

mod books;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;
use lavka_kit::clock::{Clock, later};
use lavka_kit::ids::Id;
use lavka_payments::testing::{
    About, BadNotice, Charge, ChargeName, ChargeRequest, ChargeState, Failure, Gateway, GatewayDescription,
    GatewayError, GatewayRefund, GatewayRefundState, Notice, PaymentGateway, RefundRequest, Upshot, codes,
};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

use self::books::BackStanding;
use self::books::Books;
pub use self::books::{Entry, Standing};

/// How a bank takes money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As Stripe: the shopper's confirmation takes the money; a decline leaves the charge open; a cancellation is final.
    AtOnce,
    /// As PayPal: the shopper promises, we take; a cancellation stops nothing, we only never take.
    Promise,
}

/// A request that is still on its way.
#[derive(Debug, Clone)]
enum Late {
    Create(ChargeRequest),
    Capture(Id),
    Cancel(Id),
    Refund(RefundRequest),
}

/// What goes wrong, in percent of the calls.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    pub lost: u32,
    pub answer_lost: u32,
    pub late: u32,
    /// A unit of work of payments fails, in percent of them.
    pub store_fails: u32,
    /// It answers nothing at all.
    pub away: bool,
}

pub struct Bank {
    pub gateway: Gateway,
    pub style: Style,
    clock: Arc<dyn Clock>,
    books: Mutex<Books>,
}

impl Bank {
    pub fn new(
        gateway: Gateway,
        style: Style,
        clock: Arc<dyn Clock>,
        seed: u64,
        weather: Weather,
    ) -> Arc<Self> {
        Arc::new(Self {
            gateway,
            style,
            clock,
            books: Mutex::new(Books {
                rng: StdRng::seed_from_u64(seed),
                weather,
                entries: BTreeMap::new(),
                late: Vec::new(),
                webhooks: Vec::new(),
                events: 0,
                moody: 0.1,
            }),
        })
    }

    fn books(&self) -> std::sync::MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything in the books.
    pub fn entries(&self) -> Vec<Entry> {
        self.books().entries.values().cloned().collect()
    }

    pub fn set_away(&self, away: bool) {
        self.books().weather.away = away;
    }

    /// From now on everything goes well.
    pub fn calm(&self) {
        let mut books = self.books();
        books.moody = 0.0;
        books.weather = Weather {
            lost: 0,
            answer_lost: 0,
            late: 0,
            store_fails: 0,
            away: false,
        };
    }

    /// A webhook that waits to be sent: any of them. It stays, so that it comes again, unless `keep` says no.
    pub fn take_webhook(&self, keep: bool) -> Option<String> {
        let mut books = self.books();
        if books.webhooks.is_empty() {
            return None;
        }
        let count = books.webhooks.len();
        let at = books.rng.random_range(0..count);
        Some(if keep {
            books.webhooks[at].clone()
        } else {
            books.webhooks.swap_remove(at)
        })
    }

    /// A webhook that nobody thanked for.
    pub fn send_again(&self, body: String) {
        self.books().webhooks.push(body);
    }

    /// One of the requests that are late arrives.
    pub fn receive_late(&self) -> bool {
        let mut books = self.books();
        if books.late.is_empty() {
            return false;
        }
        let count = books.late.len();
        let at = books.rng.random_range(0..count);
        match books.late.swap_remove(at) {
            Late::Create(request) => drop(books.create(&request, self.style)),
            Late::Capture(payment) => {
                books.capture(payment);
            }
            Late::Cancel(payment) => books.cancel(payment, self.style),
            Late::Refund(request) => drop(books.refund(&request)),
        }
        true
    }

    /// A shopper does something with an open charge.
    pub fn shopper_acts(&self) -> bool {
        let style = self.style;
        self.books().move_one(
            |entry| matches!(entry.standing, Standing::Open | Standing::Declined),
            |rng| match (style, rng.random_range(0..10_u32)) {
                (Style::Promise, 0..8) => Standing::Promised,
                (Style::Promise, _) => Standing::Failed,
                (Style::AtOnce, 0..5) => Standing::Taken,
                (Style::AtOnce, 5..8) => Standing::Declined,
                (Style::AtOnce, _) => Standing::Processing,
            },
        )
    }

    /// The bank makes up its mind.
    pub fn decides(&self) -> bool {
        self.books().move_one(
            |entry| entry.standing == Standing::Processing,
            |rng| {
                if rng.random_bool(0.7) {
                    Standing::Taken
                } else {
                    Standing::Declined
                }
            },
        )
    }

    /// A refund arrives.
    pub fn sends_back(&self) -> bool {
        self.books()
            .move_refund(BackStanding::OnItsWay, BackStanding::Arrived)
    }

    /// A refund is sent back by the shopper's bank, perhaps after it had arrived.
    pub fn refund_fails(&self) -> bool {
        let mut books = self.books();
        let from = if books.rng.random_bool(0.5) {
            BackStanding::OnItsWay
        } else {
            BackStanding::Arrived
        };
        books.move_refund(from, BackStanding::Failed)
    }

    /// Somebody gives money back in the bank's own pages.
    pub fn refunds_by_hand(&self) -> bool {
        self.books().refund_by_hand()
    }

    /// A charge that nobody has paid vanishes.
    pub fn loses(&self) -> bool {
        self.books().lose()
    }

    /// What the weather does to a call: `Ok(true)`: all well; `Ok(false)`: it is done, and the answer is lost.
    fn reach(&self, late: impl FnOnce() -> Late) -> Result<bool, GatewayError> {
        let mut books = self.books();
        let weather = books.weather;
        let dice = books.rng.random_range(0..100_u32);
        if weather.away || dice < weather.lost {
            return Err(self.silence());
        }
        if dice < weather.lost + weather.late {
            let late = late();
            books.late.push(late);
            return Err(self.silence());
        }
        Ok(dice >= weather.lost + weather.late + weather.answer_lost)
    }

    fn silence(&self) -> GatewayError {
        GatewayError::NoAnswer {
            gateway: self.gateway,
            doing: "ask the bank",
            source: "bad weather".into(),
        }
    }

    fn unknown(&self) -> GatewayError {
        GatewayError::Unknown {
            gateway: self.gateway,
            reference: "?".to_owned(),
        }
    }

    fn show(&self, entry: &Entry) -> Result<Charge, GatewayError> {
        if entry.is_lost {
            return Err(self.unknown());
        }
        let now = self.clock.now();
        let state = match entry.standing {
            Standing::Open => ChargeState::ActionRequired {
                redirect_url: None,
                client_secret: Some("secret".to_owned()),
                expires_at: later(now, Duration::from_secs(3600)),
            },
            Standing::Declined => ChargeState::Declined(Failure::known(codes::DECLINED)),
            Standing::Processing => ChargeState::Processing,
            Standing::Promised => ChargeState::Authorized,
            Standing::Taken => ChargeState::Succeeded,
            Standing::Failed => ChargeState::Failed(Failure::known(codes::DECLINED)),
            Standing::Cancelled => ChargeState::Cancelled,
        };
        if entry.is_strange {
            return Err(GatewayError::OtherMoney {
                gateway: self.gateway,
                reference: entry.reference.clone(),
                shown: "1 XTS".to_owned(),
                upshot: state.upshot(),
            });
        }
        Ok(Charge {
            reference: entry.reference.clone(),
            amount: entry.amount,
            capture: None,
            refunded: Some(entry.refunded() + entry.by_hand),
            disputed: false,
            state,
            look_again_at: later(now, Duration::from_secs(60)),
        })
    }

    fn shown(&self, payment: Id, arrives: bool) -> Result<Charge, GatewayError> {
        if !arrives {
            return Err(self.silence());
        }
        match self.books().entries.get(&payment) {
            Some(entry) => self.show(entry),
            None => Err(self.unknown()),
        }
    }
}

#[async_trait]
impl PaymentGateway for Bank {
    fn describe(&self) -> GatewayDescription {
        GatewayDescription {
            gateway: self.gateway,
            publishable_key: None,
            tokens: Vec::new(),
        }
    }

    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError> {
        let arrives = self.reach(|| Late::Create(request.clone()))?;
        let payment = self.books().create(request, self.style);
        lavka_kit::fault::point("bank: created").await;
        self.shown(payment, arrives)
    }

    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let arrives = self.reach(|| Late::Capture(charge.payment_id))?;
        let repeated = self.books().capture(charge.payment_id);
        lavka_kit::fault::point("bank: captured").await;
        let shown = self.shown(charge.payment_id, arrives)?;
        // It was declined, and the shopper has promised anew: the same request only gets its first answer again.
        let state = if repeated && shown.state == ChargeState::Authorized {
            ChargeState::Declined(Failure::known(codes::DECLINED))
        } else {
            shown.state
        };
        Ok(Charge { state, ..shown })
    }

    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let arrives = self.reach(|| Late::Cancel(charge.payment_id))?;
        self.books().cancel(charge.payment_id, self.style);
        let shown = match self.shown(charge.payment_id, arrives) {
            // As below, of money that has no name here.
            Err(GatewayError::OtherMoney {
                gateway,
                reference,
                shown,
                upshot: Upshot::Open,
            }) if self.style == Style::Promise => {
                return Err(GatewayError::OtherMoney {
                    gateway,
                    reference,
                    shown,
                    upshot: Upshot::Nothing,
                });
            }
            shown => shown?,
        };
        // As the adapter of PayPal does: what only waits for us is given up by our not taking it.
        let given_up = self.style == Style::Promise
            && matches!(
                shown.state,
                ChargeState::Authorized | ChargeState::ActionRequired { .. } | ChargeState::Declined(_)
            );
        lavka_kit::fault::point("bank: cancelled").await;
        Ok(if given_up {
            Charge {
                state: ChargeState::Cancelled,
                ..shown
            }
        } else {
            shown
        })
    }

    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        // A question has no effect: late or lost is the same.
        let arrives = self.reach(|| Late::Cancel(Id::from_u128(0)))?;
        let shown = self.shown(charge.payment_id, arrives);
        lavka_kit::fault::point("bank: fetched").await;
        shown
    }

    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        let arrives = self.reach(|| Late::Refund(request.clone()))?;
        let done = self.books().refund(request);
        lavka_kit::fault::point("bank: refunded").await;
        if !arrives {
            return Err(self.silence());
        }
        match done {
            Ok(()) => self.fetch_refund(request, "").await,
            Err(()) => Err(GatewayError::Refused {
                gateway: self.gateway,
                failure: Failure::known("refund_exceeds_charge"),
            }),
        }
    }

    async fn fetch_refund(
        &self,
        request: &RefundRequest,
        _reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        let books = self.books();
        if books.weather.away {
            drop(books);
            return Err(self.silence());
        }
        let entry = books.entries.get(&request.charge.payment_id);
        let Some(back) = entry.and_then(|entry| entry.refunds.get(&request.refund_id)) else {
            return Err(self.unknown());
        };
        Ok(GatewayRefund {
            reference: format!("refund_{}", request.refund_id),
            state: match back.standing {
                BackStanding::Arrived => GatewayRefundState::Succeeded,
                BackStanding::Failed => GatewayRefundState::Failed(Failure::known("refund_failed")),
                BackStanding::OnItsWay => GatewayRefundState::Processing {
                    look_again_at: later(self.clock.now(), Duration::from_secs(60)),
                },
            },
        })
    }

    async fn authenticate(&self, _head: &HeaderMap, body: &[u8]) -> Result<Notice, BadNotice> {
        self.read(body)
    }

    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice> {
        let told: Value = serde_json::from_slice(body).map_err(|_| BadNotice::Foreign)?;
        let id = |key: &str| told[key].as_str().and_then(|id| id.parse().ok());
        Ok(Notice {
            event_id: told["id"].as_str().unwrap_or_default().to_owned(),
            kind: "charge.updated".to_owned(),
            about: Some(About {
                payment_id: id("payment"),
                refund_id: id("refund"),
                money_back: told["back"] == true,
                ..About::default()
            }),
        })
    }
}
