//! Stripe, by PaymentIntents.
//!
//! An intent is created with automatic payment methods and without a means of payment; the shopper's own software confirms it
//! with the `clientSecret`. Where the client has made a payment method or a confirmation token and sent it along, we confirm,
//! in a call of its own: so the creation has the same parameters whatever happens, and may be repeated under its key also
//! when no money is wanted any more.
//!
//! Two things about Stripe's idempotency keys decide how this is written. A key repeats its *first* answer, so what a
//! repeated call shows is looked at again. And a key is forgotten after a day, so an older call is looked for by the
//! id of ours in its metadata before it is made again. Steps that the intent's own state makes unrepeatable (capture, cancel) carry
//! no key: a key would keep repeating a refusal that has ceased to be true.

mod call;
mod config;
mod objects;
mod signature;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderMap, Method};
use chrono::TimeDelta;
use lavka_kit::clock::{Clock, later};
use lavka_kit::config::Secret;
use lavka_kit::ids::Randomness;
use lavka_kit::money::{Currency, Money};

use self::call::Answer;
use self::config::Capture;
use self::objects::{Event, Intent, List, Problem, Refund};
use super::notice::{About, BadNotice, Notice};
use super::reading;
use super::wire::{Patience, Wire};
use super::{
    Charge, ChargeName, ChargeRequest, ChargeState, Gateway, GatewayDescription, GatewayError, GatewayRefund,
    GatewayRefundState, PaymentGateway, RefundRequest,
};
use crate::failure::{Failure, codes};

pub use self::config::StripeConfig;

/// The version of Stripe's API that these calls and objects are written for, sent with each call. Webhook endpoints have a version
/// of their own; what is read of an event (ids and metadata) is alike in all.
pub const API_VERSION: &str = "2026-08-26.dahlia";
/// Asking more often than that makes no sense; being told is quicker.
const POLL: Duration = Duration::from_secs(60);
/// Keys live a day at least; past this, nobody relies on them.
const KEYS_LIVE: TimeDelta = TimeDelta::hours(20);

/// Stripe.
pub struct Stripe {
    wire: Wire,
    secret_key: Secret<String>,
    publishable_key: Option<String>,
    webhook_secrets: Vec<Secret<String>>,
    tolerance: TimeDelta,
    capture: Capture,
}

impl Stripe {
    /// Stripe by this configuration; none without a secret key.
    pub fn new(
        config: &StripeConfig,
        patience: Patience,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Option<Self>, reqwest::Error> {
        let Some(secret_key) = config.secret_key.clone() else {
            return Ok(None);
        };
        Ok(Some(Self {
            wire: Wire::new(Gateway::Stripe, &config.url, patience, clock, randomness)?,
            secret_key,
            publishable_key: config.publishable_key.clone(),
            webhook_secrets: config.webhook_secrets.clone(),
            tolerance: TimeDelta::seconds(config.webhook_tolerance_seconds.into()),
            capture: config.capture,
        }))
    }

    async fn intent(&self, reference: &str) -> Result<Intent, GatewayError> {
        let path = intent_path(reference, "");
        // With its charge, which tells what went back.
        let expand = vec![("expand[]", "latest_charge".to_owned())];
        self.object("fetch a PaymentIntent", Method::GET, &path, &expand, reference)
            .await
    }

    /// Looks for the intent of a payment whose key may have been forgotten.
    async fn find(&self, request: &ChargeRequest) -> Result<Option<Intent>, GatewayError> {
        let query = format!("metadata['payment_id']:'{}'", request.payment_id);
        let parameters = vec![("query", query), ("limit", "2".to_owned())];
        let list: List<Intent> = self
            .object(
                "search for a PaymentIntent",
                Method::GET,
                "/v1/payment_intents/search",
                &parameters,
                "a PaymentIntent",
            )
            .await?;
        Ok(list.data.into_iter().next())
    }

    async fn begin(&self, request: &ChargeRequest) -> Result<Intent, GatewayError> {
        const DOING: &str = "create a PaymentIntent";
        if self.wire.clock().now() - request.since > KEYS_LIVE
            && let Some(found) = self.find(request).await?
        {
            return self.intent(&found.id).await;
        }
        let capture = match self.capture {
            Capture::Automatic => "automatic_async",
            Capture::Manual => "manual",
        };
        let parameters = vec![
            ("amount", request.amount.minor.to_string()),
            ("currency", request.amount.currency.code().to_lowercase()),
            ("capture_method", capture.to_owned()),
            ("automatic_payment_methods[enabled]", "true".to_owned()),
            ("description", request.description.clone()),
            ("metadata[payment_id]", request.payment_id.to_string()),
            ("metadata[order_id]", request.order_id.to_string()),
            ("metadata[order_number]", request.description.clone()),
        ];
        let key = Some(request.payment_id.to_string());
        let answer = self
            .call(DOING, Method::POST, "/v1/payment_intents", key, &parameters)
            .await?;
        match answer {
            Answer::Ok {
                object: Intent { id, .. },
                replayed: true,
            } => self.intent(&id).await,
            Answer::Ok { object, .. } => Ok(object),
            // The key was used with other parameters: the configuration has changed since. The intent is there; it is ours.
            Answer::Problem { problem, .. } if problem.kind == "idempotency_error" => {
                match self.find(request).await? {
                    Some(found) => self.intent(&found.id).await,
                    None => Err(self.wire.no_answer(DOING, Box::new(KeyInUse))),
                }
            }
            Answer::Problem { problem, .. } => Err(refused(&problem)),
        }
    }

    /// Confirms with what the client sent along.
    async fn confirm(
        &self,
        request: &ChargeRequest,
        token: &str,
        intent: Intent,
    ) -> Result<Charge, GatewayError> {
        const DOING: &str = "confirm a PaymentIntent";
        let what = if token.starts_with("ctoken_") {
            "confirmation_token"
        } else {
            "payment_method"
        };
        let parameters = vec![
            (what, token.to_owned()),
            ("return_url", request.return_url.clone()),
            ("expand[]", "latest_charge".to_owned()),
        ];
        let path = intent_path(&intent.id, "/confirm");
        // The address changes with the shop's configuration, and a key goes with its parameters. Another key does no harm: an intent
        // that was confirmed can't be confirmed again.
        let address = crc32fast::hash(request.return_url.as_bytes());
        let key = Some(format!("{}-confirm-{address:08x}", request.payment_id));
        let answer = self.call(DOING, Method::POST, &path, key, &parameters).await?;
        let now = match answer {
            Answer::Ok {
                object,
                replayed: false,
            } => object,
            // Declined, or repeated: what stands now is looked at. An intent that a refusal has left untouched is declined.
            Answer::Ok { .. } => self.intent(&intent.id).await?,
            Answer::Problem { problem, .. } => {
                let mut now = self.intent(&intent.id).await?;
                if now.is_untouched() && problem.kind == "idempotency_error" {
                    // No bank has declined anything: the key was used otherwise. It is asked again.
                    return Err(self.wire.no_answer(DOING, Box::new(KeyInUse)));
                }
                if now.is_untouched() {
                    now.last_payment_error = Some(*problem);
                }
                now
            }
        };
        self.charge(now)
    }

    fn charge(&self, intent: Intent) -> Result<Charge, GatewayError> {
        let now = self.wire.clock().now();
        let succeeded = intent.status == "succeeded";
        let minor = if succeeded {
            intent.amount_received
        } else {
            intent.amount
        };
        let (refunded, disputed) = (intent.refunded(), intent.is_disputed());
        let state = match intent.status.as_str() {
            "succeeded" => ChargeState::Succeeded,
            "canceled" => ChargeState::Cancelled,
            "requires_capture" => ChargeState::Authorized,
            "requires_payment_method" if intent.last_payment_error.is_some() => ChargeState::Declined(
                intent
                    .last_payment_error
                    .as_ref()
                    .map_or_else(|| Failure::known(codes::DECLINED), failure),
            ),
            "requires_payment_method" | "requires_confirmation" | "requires_action" => {
                ChargeState::ActionRequired {
                    redirect_url: intent.redirect_url(),
                    client_secret: intent.client_secret.clone(),
                    // Stripe gives up on an intent that nobody confirms; the order's own end comes much earlier.
                    expires_at: later(now, Duration::from_secs(23 * 3600)),
                }
            }
            // "processing", and whatever a later version invents.
            _ => ChargeState::Processing,
        };
        let Some(currency) = Currency::from_code(&intent.currency.to_uppercase()) else {
            return Err(GatewayError::OtherMoney {
                gateway: Gateway::Stripe,
                reference: intent.id,
                shown: format!("{minor} {}", reading::figure(&intent.currency)),
                upshot: state.upshot(),
            });
        };
        Ok(Charge {
            reference: intent.id,
            amount: Money::new(minor, currency),
            capture: None,
            refunded,
            disputed,
            state,
            look_again_at: later(now, POLL),
        })
    }

    /// A step that the intent's state allows once; when it doesn't (any more), what stands is looked at.
    async fn step(
        &self,
        doing: &'static str,
        step: &'static str,
        reference: &str,
    ) -> Result<Charge, GatewayError> {
        let path = intent_path(reference, step);
        let expand = vec![("expand[]", "latest_charge".to_owned())];
        let intent = match self.call(doing, Method::POST, &path, None, &expand).await? {
            Answer::Ok { object, .. } => object,
            Answer::Problem { .. } => self.intent(reference).await?,
        };
        self.charge(intent)
    }

    fn refund_of(&self, refund: Refund) -> GatewayRefund {
        let now = self.wire.clock().now();
        let state = match refund.status.as_deref() {
            Some("succeeded") => GatewayRefundState::Succeeded,
            Some("failed" | "canceled") => GatewayRefundState::Failed(Failure {
                code: refund
                    .failure_reason
                    .as_deref()
                    .and_then(reading::code)
                    .unwrap_or("refund_failed")
                    .to_owned(),
                message: None,
            }),
            _ => GatewayRefundState::Processing {
                look_again_at: later(now, POLL),
            },
        };
        GatewayRefund {
            reference: refund.id,
            state,
        }
    }

    async fn find_refund(&self, request: &RefundRequest) -> Result<Option<Refund>, GatewayError> {
        let parameters = vec![
            ("payment_intent", request.charge.reference.clone()),
            ("limit", "100".to_owned()),
        ];
        let list: List<Refund> = self
            .object(
                "list refunds",
                Method::GET,
                "/v1/refunds",
                &parameters,
                &request.charge.reference,
            )
            .await?;
        let ours = request.refund_id.to_string();
        Ok(list
            .data
            .into_iter()
            .find(|refund| refund.metadata.get("refund_id") == Some(&ours)))
    }
}

/// Stripe says that a key was used with other parameters, and doesn't find what it was used for (yet).
#[derive(Debug, thiserror::Error)]
#[error("the idempotency key was used with other parameters, and what it made is not found")]
struct KeyInUse;

fn intent_path(reference: &str, step: &str) -> String {
    // A reference came from Stripe; nothing else may reach a path.
    let safe: String = reference
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    format!("/v1/payment_intents/{safe}{step}")
}

fn failure(problem: &Problem) -> Failure {
    let code = match problem.code.as_deref() {
        Some("card_declined" | "payment_intent_payment_attempt_failed") | None => codes::DECLINED,
        Some("payment_intent_authentication_failure") => codes::REJECTED_BY_SHOPPER,
        Some("resource_missing") => codes::UNKNOWN_TOKEN,
        Some(_) => problem.code(),
    };
    Failure {
        code: code.to_owned(),
        message: problem.message.clone().filter(|_| problem.kind == "card_error"),
    }
}

fn refused(problem: &Problem) -> GatewayError {
    GatewayError::Refused {
        gateway: Gateway::Stripe,
        failure: Failure {
            code: problem.code().to_owned(),
            // Stripe's other messages are for us, not for shoppers.
            message: problem.message.clone().filter(|_| problem.kind == "card_error"),
        },
    }
}

#[async_trait]
impl PaymentGateway for Stripe {
    fn describe(&self) -> GatewayDescription {
        GatewayDescription {
            gateway: Gateway::Stripe,
            publishable_key: self.publishable_key.clone(),
            tokens: Vec::new(),
        }
    }

    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError> {
        let intent = self.begin(request).await?;
        match &request.token {
            Some(token) if request.wanted && intent.is_untouched() => {
                self.confirm(request, token, intent).await
            }
            _ => self.charge(intent),
        }
    }

    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.step("capture a PaymentIntent", "/capture", &charge.reference)
            .await
    }

    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        self.step("cancel a PaymentIntent", "/cancel", &charge.reference)
            .await
    }

    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let intent = self.intent(&charge.reference).await?;
        self.charge(intent)
    }

    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        const DOING: &str = "create a refund";
        if self.wire.clock().now() - request.since > KEYS_LIVE
            && let Some(found) = self.find_refund(request).await?
        {
            return Ok(self.refund_of(found));
        }
        let parameters = vec![
            ("payment_intent", request.charge.reference.clone()),
            ("amount", request.amount.minor.to_string()),
            ("metadata[refund_id]", request.refund_id.to_string()),
            ("metadata[payment_id]", request.charge.payment_id.to_string()),
        ];
        let key = Some(request.refund_id.to_string());
        match self
            .call::<Refund>(DOING, Method::POST, "/v1/refunds", key, &parameters)
            .await?
        {
            Answer::Ok {
                object,
                replayed: true,
            } => self.fetch_refund(request, &object.id).await,
            Answer::Ok { object, .. } => Ok(self.refund_of(object)),
            Answer::Problem { problem, .. } => match self.find_refund(request).await? {
                Some(found) => Ok(self.refund_of(found)),
                None if problem.kind == "idempotency_error" => {
                    Err(self.wire.no_answer(DOING, Box::new(KeyInUse)))
                }
                None => Err(refused(&problem)),
            },
        }
    }

    async fn fetch_refund(
        &self,
        _request: &RefundRequest,
        reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        let safe: String = reference
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let path = format!("/v1/refunds/{safe}");
        let refund = self
            .object("fetch a refund", Method::GET, &path, &Vec::new(), reference)
            .await?;
        Ok(self.refund_of(refund))
    }

    async fn authenticate(&self, head: &HeaderMap, body: &[u8]) -> Result<Notice, BadNotice> {
        let header = head
            .get("stripe-signature")
            .and_then(|value| value.to_str().ok())
            .ok_or(BadNotice::NoSignature("no Stripe-Signature"))?;
        let now = self.wire.clock().now();
        signature::check(header, body, &self.webhook_secrets, now, self.tolerance)?;
        self.read(body)
    }

    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice> {
        let event: Event = reading::read(body)?;
        let object = event.data.object;
        let id = |key: &str| object.metadata.get(key).and_then(|id| id.parse().ok());
        let reference = match object.object.as_str() {
            "payment_intent" => object.id,
            "charge" | "refund" | "dispute" => object.payment_intent,
            _ => None,
        };
        let about = About {
            payment_id: id("payment_id"),
            refund_id: id("refund_id"),
            reference,
            capture: None,
            money_back: matches!(object.object.as_str(), "refund" | "dispute")
                || event.kind == "charge.refunded",
        };
        Ok(Notice {
            event_id: event.id,
            kind: event.kind,
            about: Some(about).filter(|about| !about.is_nothing()),
        })
    }
}

#[cfg(test)]
mod tests;
