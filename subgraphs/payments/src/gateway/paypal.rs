//! PayPal, by Orders v2: an order is created, the shopper approves it on PayPal's page, and then we capture it.
//!
//! Until the capture no money has moved, and nobody but us can capture: giving an order up is simply not capturing it (PayPal
//! has no call for it; unapproved orders vanish by themselves). A capture may be repeated: a captured order answers that it is.
//! The order's `invoice_id` is our order, and PayPal takes each but once, so that even two captures for one order of ours would
//! be refused by PayPal itself.
//!
//! `PayPal-Request-Id` makes creations and refunds repeatable for hours (orders) and weeks (refunds); a refund is also found
//! again by our id in its `custom_id`.

mod objects;
mod signature;
mod token;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderMap, Method, StatusCode};
use lavka_kit::clock::{Clock, later};
use lavka_kit::config::Secret;
use lavka_kit::ids::Randomness;
use lavka_kit::money::{Currency, Money};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use self::objects::{Amount, Capture, Event, Issue, Order, Problem, Refund};
use self::signature::Verifier;
use self::token::Tokens;
use super::notice::{About, BadNotice, Notice};
use super::reading;
use super::wire::{Patience, Reply, Wire};
use super::{
    Charge, ChargeName, ChargeRequest, ChargeState, Gateway, GatewayDescription, GatewayError, GatewayRefund,
    GatewayRefundState, PaymentGateway, RefundRequest, Upshot,
};
use crate::failure::{Failure, codes};

pub use self::signature::AuthorityError;

/// Asking more often than that makes no sense; being told is quicker.
const POLL: Duration = Duration::from_secs(60);
/// A capture under PayPal's review takes hours or days.
const REVIEW_POLL: Duration = Duration::from_secs(900);
/// How long the shopper may take to approve, by PayPal's rules.
const APPROVAL: Duration = Duration::from_secs(3 * 3600);

/// How PayPal is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaypalConfig {
    /// The REST app's client id; it is given to clients too.
    pub client_id: Option<String>,
    /// The REST app's secret.
    pub client_secret: Option<Secret<String>>,
    /// The id of the webhook, as PayPal's dashboard shows it: part of what PayPal signs.
    pub webhook_id: Option<String>,
    /// Where the API is; for trying it out, `https://api-m.sandbox.paypal.com`.
    pub url: String,
    /// A PEM file with the authorities that webhook certificates are checked against, instead of those that browsers trust.
    pub certificate_authorities: Option<PathBuf>,
    /// How long one call may take, in seconds.
    pub timeout_seconds: u32,
}

impl Default for PaypalConfig {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            webhook_id: None,
            url: "https://api-m.paypal.com".to_owned(),
            certificate_authorities: None,
            timeout_seconds: 30,
        }
    }
}

/// PayPal.
pub struct Paypal {
    wire: Wire,
    tokens: Tokens,
    client_id: String,
    verifier: Verifier,
}

/// PayPal can't be set up like this.
#[derive(Debug, thiserror::Error)]
pub enum PaypalSetupError {
    /// No HTTP client.
    #[error("make an HTTP client for PayPal")]
    Client(#[from] reqwest::Error),
    /// The authorities can't be read.
    #[error(transparent)]
    Authorities(#[from] AuthorityError),
}

/// What PayPal answered.
enum Answer<T> {
    Ok(T),
    Problem { status: StatusCode, problem: Problem },
}

impl Paypal {
    /// PayPal by this configuration; none without an app's id and secret.
    pub fn new(
        config: &PaypalConfig,
        patience: Patience,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Option<Self>, PaypalSetupError> {
        let (Some(client_id), Some(secret)) = (&config.client_id, &config.client_secret) else {
            return Ok(None);
        };
        let verifier = Verifier::new(
            config.webhook_id.clone(),
            &config.url,
            config.certificate_authorities.as_deref(),
        )?;
        Ok(Some(Self {
            wire: Wire::new(Gateway::Paypal, &config.url, patience, clock, randomness)?,
            tokens: Tokens::new(client_id.clone(), secret.clone()),
            client_id: client_id.clone(),
            verifier,
        }))
    }

    /// One call. A token that PayPal doesn't take any more is replaced once.
    async fn call<T: serde::de::DeserializeOwned>(
        &self,
        doing: &'static str,
        method: Method,
        path: &str,
        request_id: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer<T>, GatewayError> {
        let token = self.tokens.get(&self.wire).await?;
        let mut reply = self.send(doing, &token, &method, path, request_id, body).await?;
        if reply.status == StatusCode::UNAUTHORIZED {
            self.tokens.forget(&token).await;
            let token = self.tokens.get(&self.wire).await?;
            reply = self.send(doing, &token, &method, path, request_id, body).await?;
        }
        if reply.status.is_success() {
            return Ok(Answer::Ok(self.wire.read(doing, &reply)?));
        }
        let is_ours = matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if is_ours || !reply.status.is_client_error() {
            return Err(self.wire.senseless(doing, &reply));
        }
        Ok(Answer::Problem {
            status: reply.status,
            problem: self.wire.read(doing, &reply)?,
        })
    }

    async fn send(
        &self,
        doing: &'static str,
        token: &Secret<String>,
        method: &Method,
        path: &str,
        request_id: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Reply, GatewayError> {
        self.wire
            .send(doing, path, |client, url| {
                let mut request = client
                    .request(method.clone(), url)
                    .bearer_auth(token.expose())
                    .header("prefer", "return=representation");
                if let Some(id) = request_id {
                    request = request.header("paypal-request-id", id);
                }
                match body {
                    Some(body) => request.json(body),
                    // PayPal wants the type also of an empty body.
                    None => request.header("content-type", "application/json"),
                }
            })
            .await
    }

    async fn order(&self, reference: &str) -> Result<Order, GatewayError> {
        let path = format!("/v2/checkout/orders/{}", plain(reference));
        match self
            .call("fetch an order", Method::GET, &path, None, None)
            .await?
        {
            Answer::Ok(order) => Ok(order),
            Answer::Problem { status, .. } if status == StatusCode::NOT_FOUND => Err(unknown(reference)),
            Answer::Problem { problem, .. } => Err(refused(&problem)),
        }
    }

    fn charge(&self, order: Order) -> Result<Charge, GatewayError> {
        let now = self.wire.clock().now();
        let captured = order.capture();
        let refunded = order
            .refunds()
            .filter(|refund| !matches!(refund.status.as_deref(), Some("CANCELLED" | "FAILED")))
            .filter_map(|refund| refund.amount.as_ref().and_then(money))
            .map(|amount| amount.minor)
            .sum();
        let mut look_again_at = later(now, POLL);
        let state = match (captured, order.status.as_str()) {
            (Some(capture), _) => {
                look_again_at = later(now, REVIEW_POLL);
                capture.state()
            }
            (None, "APPROVED") => ChargeState::Authorized,
            (None, "VOIDED") => ChargeState::Failed(Failure::known(codes::ACTION_EXPIRED)),
            (None, "CREATED" | "SAVED" | "PAYER_ACTION_REQUIRED") => ChargeState::ActionRequired {
                redirect_url: order.approval_url().map(str::to_owned),
                // What PayPal's buttons want from `createOrder`.
                client_secret: Some(order.id.clone()),
                expires_at: order
                    .create_time
                    .map_or_else(|| later(now, APPROVAL), |created| later(created, APPROVAL)),
            },
            // COMPLETED without a capture: it is on its way.
            (None, _) => ChargeState::Processing,
        };
        let shown = captured.map(|capture| &capture.amount).or_else(|| order.amount());
        Ok(Charge {
            amount: ours(&order.id, shown, state.upshot())?,
            capture: captured.map(|capture| capture.id.clone()),
            reference: order.id,
            refunded: Some(refunded),
            disputed: false,
            state,
            look_again_at,
        })
    }

    /// PayPal forgets orders long before it forgets what was captured.
    async fn captured(&self, charge: &ChargeName, capture: &str) -> Result<Charge, GatewayError> {
        let path = format!("/v2/payments/captures/{}", plain(capture));
        let capture: Capture = match self
            .call("fetch a capture", Method::GET, &path, None, None)
            .await?
        {
            Answer::Ok(capture) => capture,
            Answer::Problem { status, .. } if status == StatusCode::NOT_FOUND => {
                return Err(unknown(&charge.reference));
            }
            Answer::Problem { problem, .. } => return Err(refused(&problem)),
        };
        let state = capture.state();
        let amount = ours(&charge.reference, Some(&capture.amount), state.upshot())?;
        Ok(Charge {
            reference: charge.reference.clone(),
            amount,
            refunded: match capture.status.as_str() {
                "COMPLETED" => Some(0),
                "REFUNDED" => Some(amount.minor),
                // How much of it, only the order would say.
                _ => None,
            },
            capture: Some(capture.id),
            disputed: false,
            state,
            look_again_at: later(self.wire.clock().now(), REVIEW_POLL),
        })
    }

    fn refund_of(&self, refund: Refund) -> GatewayRefund {
        let state = match refund.status.as_deref() {
            Some("COMPLETED") => GatewayRefundState::Succeeded,
            Some("CANCELLED" | "FAILED") => GatewayRefundState::Failed(Failure::known("refund_failed")),
            _ => GatewayRefundState::Processing {
                look_again_at: later(self.wire.clock().now(), REVIEW_POLL),
            },
        };
        GatewayRefund {
            reference: refund.id,
            state,
        }
    }
}

/// What may stand in a path: PayPal's ids are letters, digits and dashes.
fn plain(reference: &str) -> String {
    reference
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

/// An amount of ours, read exactly. PayPal writes as many places as the currency has.
fn money(amount: &Amount) -> Option<Money> {
    Money::parse(&amount.value, Currency::from_code(&amount.currency_code)?).ok()
}

/// The amount that a charge is over, if it is one that a store of ours could have.
fn ours(reference: &str, shown: Option<&Amount>, upshot: Upshot) -> Result<Money, GatewayError> {
    shown.and_then(money).ok_or_else(|| GatewayError::OtherMoney {
        gateway: Gateway::Paypal,
        reference: reference.to_owned(),
        shown: shown.map_or_else(
            || "no amount".to_owned(),
            |amount| {
                let (value, currency) = (&amount.value, &amount.currency_code);
                format!("{} {}", reading::figure(value), reading::figure(currency))
            },
        ),
        upshot,
    })
}

fn unknown(reference: &str) -> GatewayError {
    GatewayError::Unknown {
        gateway: Gateway::Paypal,
        reference: reference.to_owned(),
    }
}

fn refused(problem: &Problem) -> GatewayError {
    GatewayError::Refused {
        gateway: Gateway::Paypal,
        failure: Failure::known(match problem.issue() {
            Some(Issue::InstrumentDeclined) => codes::DECLINED,
            _ => problem.code(),
        }),
    }
}

fn amount_of(money: Money) -> Value {
    json!({ "currency_code": money.currency.code(), "value": money.to_string() })
}

#[async_trait]
impl PaymentGateway for Paypal {
    fn describe(&self) -> GatewayDescription {
        GatewayDescription {
            gateway: Gateway::Paypal,
            publishable_key: Some(self.client_id.clone()),
            tokens: Vec::new(),
        }
    }

    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError> {
        let body = json!({
            "intent": "CAPTURE",
            "purchase_units": [{
                "custom_id": request.payment_id,
                "invoice_id": request.order_id,
                "description": request.description,
                "amount": amount_of(request.amount),
            }],
            "payment_source": { "paypal": { "experience_context": {
                "user_action": "PAY_NOW",
                "shipping_preference": "NO_SHIPPING",
                "locale": request.locale.pick("ru-RU", "en-US"),
                "return_url": request.return_url,
                "cancel_url": request.return_url,
            } } },
        });
        let id = request.payment_id.to_string();
        let made = self
            .call::<Order>(
                "create an order",
                Method::POST,
                "/v2/checkout/orders",
                Some(&id),
                Some(&body),
            )
            .await?;
        match made {
            Answer::Ok(order) => self.charge(order),
            Answer::Problem { problem, .. } => Err(refused(&problem)),
        }
    }

    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        let path = format!("/v2/checkout/orders/{}/capture", plain(&charge.reference));
        let id = format!("{}-capture", charge.payment_id);
        let made = self
            .call::<Order>("capture an order", Method::POST, &path, Some(&id), None)
            .await?;
        let problem = match made {
            Answer::Ok(order) => return self.charge(order),
            Answer::Problem { problem, .. } => problem,
        };
        // Whatever it says, what stands is looked at; only a refusal that left no trace there is told as it came.
        let now = self.fetch(charge).await?;
        let untouched = matches!(
            now.state,
            ChargeState::Authorized | ChargeState::ActionRequired { .. }
        );
        let code = match problem.issue() {
            Some(Issue::InstrumentDeclined) => codes::DECLINED,
            // The shopper has to go back to PayPal's page: it is open as it was.
            Some(Issue::NotApproved) => return Ok(now),
            Some(Issue::AlreadyCaptured) | None => problem.code(),
        };
        Ok(if untouched {
            let state = ChargeState::Declined(Failure::known(code));
            Charge { state, ..now }
        } else {
            now
        })
    }

    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        // Without our capture no money ever moves: it is given up by our not capturing it.
        let now = match self.fetch(charge).await {
            Err(GatewayError::OtherMoney {
                gateway,
                reference,
                shown,
                upshot: Upshot::Open,
            }) => {
                return Err(GatewayError::OtherMoney {
                    gateway,
                    reference,
                    shown,
                    upshot: Upshot::Nothing,
                });
            }
            now => now?,
        };
        let open = matches!(
            now.state,
            ChargeState::Authorized | ChargeState::ActionRequired { .. } | ChargeState::Declined(_)
        );
        let state = if open { ChargeState::Cancelled } else { now.state };
        Ok(Charge { state, ..now })
    }

    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError> {
        match (self.order(&charge.reference).await, &charge.capture) {
            (Err(GatewayError::Unknown { .. }), Some(capture)) => self.captured(charge, capture).await,
            (order, _) => self.charge(order?),
        }
    }

    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError> {
        let ours = request.refund_id.to_string();
        let capture = match (
            self.order(&request.charge.reference).await,
            &request.charge.capture,
        ) {
            // The order is forgotten, what was captured is not. That it is refunded once is up to the request's id alone, which PayPal
            // remembers for weeks.
            (Err(GatewayError::Unknown { .. }), Some(capture)) => capture.clone(),
            (order, _) => {
                let mut order = order?;
                if let Some(known) = order.take_refund(&ours) {
                    return Ok(self.refund_of(known));
                }
                let Some(capture) = order.capture() else {
                    return Err(GatewayError::Refused {
                        gateway: Gateway::Paypal,
                        failure: Failure::known("not_captured"),
                    });
                };
                capture.id.clone()
            }
        };
        let path = format!("/v2/payments/captures/{}/refund", plain(&capture));
        let body = json!({ "amount": amount_of(request.amount), "custom_id": ours });
        let made = self
            .call::<Refund>("refund a capture", Method::POST, &path, Some(&ours), Some(&body))
            .await?;
        match made {
            Answer::Ok(refund) => Ok(self.refund_of(refund)),
            Answer::Problem { problem, .. } => Err(refused(&problem)),
        }
    }

    async fn fetch_refund(
        &self,
        _request: &RefundRequest,
        reference: &str,
    ) -> Result<GatewayRefund, GatewayError> {
        let path = format!("/v2/payments/refunds/{}", plain(reference));
        match self
            .call("fetch a refund", Method::GET, &path, None, None)
            .await?
        {
            Answer::Ok(refund) => Ok(self.refund_of(refund)),
            Answer::Problem { status, .. } if status == StatusCode::NOT_FOUND => Err(unknown(reference)),
            Answer::Problem { problem, .. } => Err(refused(&problem)),
        }
    }

    async fn authenticate(&self, head: &HeaderMap, body: &[u8]) -> Result<Notice, BadNotice> {
        self.verifier
            .check(self.wire.client(), self.wire.clock().now(), head, body)
            .await?;
        self.read(body)
    }

    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice> {
        let event: Event = reading::read(body)?;
        let resource = event.resource;
        let about = match event.resource_type.as_str() {
            "checkout-order" => About {
                payment_id: resource.unit_custom_id(),
                reference: resource.id.clone(),
                ..About::default()
            },
            "capture" => About {
                payment_id: resource.custom_id(),
                reference: resource.order_id(),
                capture: resource.id.clone(),
                money_back: matches!(
                    event.event_type.as_str(),
                    "PAYMENT.CAPTURE.REFUNDED" | "PAYMENT.CAPTURE.REVERSED"
                ),
                ..About::default()
            },
            // One that was made by hand carries what its capture carries: the payment's id.
            "refund" => About {
                payment_id: resource.custom_id(),
                refund_id: resource.custom_id(),
                reference: resource.order_id(),
                capture: resource.refunded_capture(),
                money_back: true,
            },
            "dispute" => About {
                capture: resource.disputed_capture(),
                money_back: true,
                ..About::default()
            },
            _ => About::default(),
        };
        Ok(Notice {
            event_id: event.id,
            kind: event.event_type,
            about: Some(about).filter(|about| !about.is_nothing()),
        })
    }
}

#[cfg(test)]
mod tests;
