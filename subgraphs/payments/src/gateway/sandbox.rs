//! The sandbox: a make-believe bank for development, demonstrations and tests. No real money moves.
//!
//! What it does is chosen by the token: `ok` (also no token) pays at once, `declined` fails, `slow` pays after a while,
//! `action_required` sends the shopper to a page ([`page`]) where they approve or decline; then the money is promised
//! and waits to be captured, as with PayPal; `refund_fails` pays, and its money can't be given back. Any other token fails
//! as unknown.
//!
//! It can be told to misbehave as gateways do, also by the token; each pays in the end, but `wrong_amount`: `late_answer` (after
//! a while), `lost_answer` (it charges, and the first answer is lost), `unavailable` (500s for a while), `double_webhook` (tells
//! twice), `early_webhook` (tells before it answers), `wrong_amount` (charges more than it was asked for).
//!
//! It stands for something outside: its memory is in tables of its own, written in transactions of its own, and survives a restart.

mod ledger;
pub mod page;

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use lavka_kit::clock::{Clock, later};
use lavka_kit::errors::chain;
use lavka_kit::ids::{Id, Ids, Randomness, token};
use lavka_kit::money::Money;
use lavka_kit::sql::{self, Database};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::ledger::{Entry, State};
use super::notice::{About, BadNotice, Notice};
use super::reading;
use super::{
    Charge, ChargeName, ChargeRequest, ChargeState, Gateway, GatewayDescription, GatewayError, GatewayRefund,
    GatewayRefundState, PaymentGateway, RefundRequest,
};
use crate::desk::Desk;
use crate::failure::{Failure, codes};

/// How the sandbox behaves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SandboxConfig {
    /// After how many seconds the token `slow` pays; also how long `late_answer` and `unavailable` take.
    pub slow_after_seconds: u32,
    /// How many minutes the shopper has on the approval page.
    pub action_minutes: u32,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            slow_after_seconds: 3,
            action_minutes: 20,
        }
    }
}

/// The make-believe bank.
pub struct Sandbox {
    config: SandboxConfig,
    database: Database,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    randomness: Arc<dyn Randomness>,
    public_url: String,
    listener: OnceLock<Weak<Desk>>,
}

/// A webhook of the sandbox's: it is handed over in process, and kept and taken in like any other.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    reference: String,
    payment_id: Id,
}

/// Asking more often than that makes no sense; being told is quicker.
const POLL: Duration = Duration::from_secs(30);

/// What the shopper said on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Pay.
    Approve,
    /// Don't.
    Decline,
}

impl Sandbox {
    /// A bank whose books are in this database, and whose page is under this address.
    pub fn new(
        config: SandboxConfig,
        database: Database,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        randomness: Arc<dyn Randomness>,
        public_url: &str,
    ) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self {
            config,
            database,
            clock,
            ids,
            randomness,
            public_url,
            listener: OnceLock::new(),
        }
    }

    /// Tells this desk of what happens from now on.
    pub fn tell(&self, desk: &Arc<Desk>) {
        // A second listener would be a mistake of ours; the first stays.
        let _ = self.listener.set(Arc::downgrade(desk));
    }

    /// Sends a webhook, `times` over. One that gets lost is no harm: whoever looks finds what it would have told.
    async fn send_webhook(&self, entry: &Entry, times: u32) {
        let (Some(desk), Ok(payment_id)) = (
            self.listener.get().and_then(Weak::upgrade),
            entry.idempotency_key.parse(),
        ) else {
            return;
        };
        let told = Told {
            id: format!("sandbox_evt_{}", self.ids.next()),
            kind: "charge.updated".to_owned(),
            reference: entry.reference.clone(),
            payment_id,
        };
        let body = serde_json::to_string(&told).unwrap_or_default();
        for _ in 0..times {
            if let Err(error) = desk.keep_webhook(Gateway::Sandbox, &told.notice(), &body).await {
                tracing::warn!(error = chain(&error), "a webhook of the sandbox was lost");
            }
        }
    }

    fn slow(&self) -> Duration {
        Duration::from_secs(self.config.slow_after_seconds.into())
    }

    fn open(&self, request: &ChargeRequest) -> Entry {
        let now = self.clock.now();
        let slow = later(now, self.slow());
        let action = later(
            now,
            Duration::from_secs(60 * u64::from(self.config.action_minutes)),
        );
        let token_sent = request.token.as_deref().unwrap_or("ok");
        let (state, failure_code, settles_at, expires_at) = match token_sent {
            // Asked about only, and never begun: it ends here.
            _ if !request.wanted => (State::Cancelled, None, None, None),
            "ok" | "refund_fails" | "late_answer" | "lost_answer" | "unavailable" | "double_webhook"
            | "early_webhook" | "wrong_amount" => (State::Succeeded, None, None, None),
            "slow" => (State::Processing, None, Some(slow), None),
            "action_required" => (State::ActionRequired, None, None, Some(action)),
            "declined" => (State::Failed, Some(codes::DECLINED), None, None),
            _ => (State::Failed, Some(codes::UNKNOWN_TOKEN), None, None),
        };
        Entry {
            reference: format!("sandbox_{}", self.ids.next()),
            idempotency_key: request.payment_id.to_string(),
            page_key: token(&*self.randomness),
            token: token_sent.to_owned(),
            amount: match token_sent {
                "wrong_amount" => Money::new(request.amount.minor + 1, request.amount.currency),
                _ => request.amount,
            },
            description: request.description.clone(),
            locale: request.locale,
            return_url: request.return_url.clone(),
            state,
            failure_code: failure_code.map(str::to_owned),
            settles_at,
            expires_at,
            created_at: now,
        }
    }

    fn show(&self, entry: &Entry, refunded: i64) -> Charge {
        let now = self.clock.now();
        let state = match entry.state {
            State::Processing => ChargeState::Processing,
            State::ActionRequired => ChargeState::ActionRequired {
                redirect_url: Some(self.page_url(entry)),
                // What the page's link ends with: a client that draws its own page posts to `…/approve` with it.
                client_secret: Some(entry.page_key.clone()),
                expires_at: entry.expires_at.unwrap_or(now),
            },
            State::Authorized => ChargeState::Authorized,
            State::Succeeded => ChargeState::Succeeded,
            State::Cancelled => ChargeState::Cancelled,
            State::Failed => ChargeState::Failed(Failure::known(
                entry.failure_code.as_deref().unwrap_or(codes::DECLINED),
            )),
        };
        let poll = later(now, POLL);
        let look_again_at = entry
            .settles_at
            .or(entry.expires_at)
            .map_or(poll, |moment| moment.min(poll));
        Charge {
            reference: entry.reference.clone(),
            amount: entry.amount,
            capture: None,
            refunded: Some(refunded),
            disputed: false,
            state,
            look_again_at,
        }
    }

    fn page_url(&self, entry: &Entry) -> String {
        format!("{}/sandbox/payments/{}", self.public_url, entry.page_key)
    }

    /// Changes a charge, after what time has done to it.
    async fn change(
        &self,
        doing: &'static str,
        reference: &str,
        change: impl FnOnce(&mut Entry) + Send,
    ) -> Result<Charge, GatewayError> {
        let mut books = self.books(doing).await?;
        let mut entry = books
            .by_reference(reference)
            .await
            .map_err(no_answer(doing))?
            .ok_or_else(|| GatewayError::Unknown {
                gateway: Gateway::Sandbox,
                reference: reference.to_owned(),
            })?;
        entry.pass_time(self.clock.now());
        change(&mut entry);
        books.write(&entry).await.map_err(no_answer(doing))?;
        let refunded = books.refunded(reference).await.map_err(no_answer(doing))?;
        books.close().await.map_err(no_answer(doing))?;
        Ok(self.show(&entry, refunded))
    }

    async fn books(&self, doing: &'static str) -> Result<ledger::Books, GatewayError> {
        ledger::Books::open(&self.database)
            .await
            .map_err(no_answer(doing))
    }

    /// The charge whose page this is, as time has made it.
    pub(crate) async fn behind_page(&self, page_key: &str) -> Result<Option<Entry>, sql::Error> {
        let mut books = ledger::Books::open(&self.database).await?;
        let mut entry = books.by_page(page_key).await?;
        if let Some(entry) = &mut entry {
            entry.pass_time(self.clock.now());
        }
        Ok(entry)
    }

    /// The shopper decided. A charge that waits for nobody stays as it is.
    pub(crate) async fn decide(
        &self,
        page_key: &str,
        decision: Decision,
    ) -> Result<Option<Entry>, sql::Error> {
        let mut books = ledger::Books::open(&self.database).await?;
        let Some(mut entry) = books.by_page(page_key).await? else {
            return Ok(None);
        };
        entry.pass_time(self.clock.now());
        if entry.state == State::ActionRequired {
            match decision {
                Decision::Approve => entry.state = State::Authorized,
                Decision::Decline => entry.fail(codes::REJECTED_BY_SHOPPER),
            }
        }
        books.write(&entry).await?;
        books.close().await?;
        self.send_webhook(&entry, 1).await;
        Ok(Some(entry))
    }
}

impl Told {
    fn notice(&self) -> Notice {
        Notice {
            event_id: self.id.clone(),
            kind: self.kind.clone(),
            about: Some(About {
                payment_id: Some(self.payment_id),
                reference: Some(self.reference.clone()),
                ..About::default()
            }),
        }
    }
}

impl Entry {
    /// What the clock alone has changed.
    fn pass_time(&mut self, now: DateTime<Utc>) {
        let over = |moment: Option<DateTime<Utc>>| moment.is_some_and(|moment| moment <= now);
        match self.state {
            State::Processing if over(self.settles_at) => self.state = State::Succeeded,
            State::ActionRequired if over(self.expires_at) => self.fail(codes::ACTION_EXPIRED),
            _ => {}
        }
    }

    fn fail(&mut self, code: &str) {
        self.state = State::Failed;
        self.failure_code = Some(code.to_owned());
    }
}

fn no_answer(doing: &'static str) -> impl Fn(sql::Error) -> GatewayError {
    move |source| silence(doing, source.into())
}

fn silence(doing: &'static str, source: Box<dyn std::error::Error + Send + Sync>) -> GatewayError {
    GatewayError::NoAnswer {
        gateway: Gateway::Sandbox,
        doing,
        source,
    }
}

fn refused(code: &str) -> GatewayError {
    GatewayError::Refused {
        gateway: Gateway::Sandbox,
        failure: Failure::known(code),
    }
}

#[async_trait]
impl PaymentGateway for Sandbox {
    fn describe(&self) -> GatewayDescription {
        GatewayDescription {
            gateway: Gateway::Sandbox,
            publishable_key: Some("pk_sandbox".to_owned()),
            tokens: vec!["ok", "declined", "slow", "action_required"],
        }
    }

    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError> {
        const DOING: &str = "create a charge";
        let asked_for = request.token.as_deref().filter(|_| request.wanted);
        let while_from_then = later(request.since, self.slow());
        if asked_for == Some("unavailable") && self.clock.now() < while_from_then {
            return Err(silence(DOING, "it answers 500, as it was told to".into()));
        }
        let mut books = self.books(DOING).await?;
        let known = books
            .by_key(&request.payment_id.to_string())
            .await
            .map_err(no_answer(DOING))?;
        let is_new = known.is_none();
        let mut entry = match known {
            Some(entry) if entry.amount != request.amount && entry.token != "wrong_amount" => {
                return Err(refused("idempotency_key_reused"));
            }
            Some(entry) => entry,
            None => self.open(request),
        };
        entry.pass_time(self.clock.now());
        books.write(&entry).await.map_err(no_answer(DOING))?;
        let refunded = books.refunded(&entry.reference).await.map_err(no_answer(DOING))?;
        books.close().await.map_err(no_answer(DOING))?;
        match asked_for.filter(|_| is_new) {
            Some("lost_answer") => {
                return Err(silence(DOING, "the answer is lost, as it was told to".into()));
            }
            Some("late_answer") => self.clock.sleep(self.slow()).await,
            Some("early_webhook") => self.send_webhook(&entry, 1).await,
            Some("double_webhook") => self.send_webhook(&entry, 2).await,
            _ => {}
        }
        Ok(self.show(&entry, refunded))
    }

    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.change("capture a charge", &charge.reference, |entry| {
            if entry.state == State::Authorized {
                entry.state = State::Succeeded;
            }
        })
        .await
    }

    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.change("cancel a charge", &charge.reference, |entry| {
            if matches!(
                entry.state,
                State::Processing | State::ActionRequired | State::Authorized
            ) {
                entry.state = State::Cancelled;
            }
        })
        .await
    }

    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.change("fetch a charge", &charge.reference, |_| {}).await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        const DOING: &str = "refund a charge";
        let (now, key) = (self.clock.now(), request.refund_id.to_string());
        let mut books = self.books(DOING).await?;
        let entry = books
            .by_reference(&request.charge.reference)
            .await
            .map_err(no_answer(DOING))?;
        let entry = entry.ok_or_else(|| refused(codes::REFUSED))?;
        let (reference, settles_at) = match books.refund_by_key(&key).await.map_err(no_answer(DOING))? {
            Some(known) => known,
            None => {
                let back = books.refunded(&entry.reference).await.map_err(no_answer(DOING))?;
                if entry.state != State::Succeeded || back + request.amount.minor > entry.amount.minor {
                    return Err(refused("refund_exceeds_charge"));
                }
                if entry.token == "refund_fails" {
                    let state = GatewayRefundState::Failed(Failure::known("refund_failed"));
                    return Ok(GatewayRefund {
                        reference: format!("sandbox_refund_{key}"),
                        state,
                    });
                }
                let settles_at = (entry.token == "slow").then(|| later(now, self.slow()));
                let reference = format!("sandbox_refund_{}", self.ids.next());
                books
                    .write_refund(
                        &reference,
                        &key,
                        &entry.reference,
                        request.amount.minor,
                        settles_at,
                        now,
                    )
                    .await
                    .map_err(no_answer(DOING))?;
                books.close().await.map_err(no_answer(DOING))?;
                (reference, settles_at)
            }
        };
        let state = match settles_at {
            Some(moment) if moment > now => GatewayRefundState::Processing {
                look_again_at: moment,
            },
            _ => GatewayRefundState::Succeeded,
        };
        Ok(GatewayRefund { reference, state })
    }

    async fn fetch_refund(
        &self,
        request: &RefundRequest,
        _reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        // Under a key of ours it answers with what stands now.
        self.refund(request).await
    }

    async fn authenticate(&self, _head: &HeaderMap, _body: &[u8]) -> Result<Notice, BadNotice> {
        // It lives in this process: what comes from outside is never its own.
        Err(BadNotice::NoSignature("the sandbox sends nothing over HTTP"))
    }

    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice> {
        let told: Told = reading::read(body)?;
        Ok(told.notice())
    }
}

#[cfg(test)]
mod tests;
