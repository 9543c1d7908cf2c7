//! The gateway port: what payments needs of Stripe, of PayPal, of the sandbox, and nothing more.
//!
//! Every call that moves money carries an idempotency key made from our own id, and may be repeated for ever: the same
//! key answers with the same charge. That is what lets a crash at any moment be mended by asking again.
//!
//! A gateway is put together in layers: the adapter ([`sandbox`], [`stripe`], [`paypal`]) knows its language; under it [`wire`]
//! sends HTTP with a timeout and repeats what may be repeated; around it [`guard`] traces, counts, and stops asking one that
//! doesn't answer.

pub mod guard;
pub mod notice;
pub mod paypal;
pub mod reading;
pub mod sandbox;
pub mod stripe;
mod wire;

#[cfg(test)]
pub(crate) use wire::Patience;

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::notice::{BadNotice, Notice};
use crate::failure::Failure;

/// Where money can be paid.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    async_graphql::Enum,
)]
#[graphql(name = "PaymentGateway")]
#[serde(rename_all = "UPPERCASE")]
pub enum Gateway {
    /// The store's own make-believe bank: no real money moves.
    Sandbox,
    /// Stripe.
    Stripe,
    /// PayPal.
    Paypal,
}

impl Gateway {
    /// As events and SQL write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sandbox => "SANDBOX",
            Self::Stripe => "STRIPE",
            Self::Paypal => "PAYPAL",
        }
    }

    /// What events and SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Sandbox, Self::Stripe, Self::Paypal]
            .into_iter()
            .find(|gateway| gateway.code() == code)
    }
}

/// What a charge is asked for with.
#[derive(Debug, Clone)]
pub struct ChargeRequest {
    /// Our payment: the idempotency key.
    pub payment_id: Id,
    /// What is paid for.
    pub order_id: Id,
    /// How much, in minor units.
    pub amount: Money,
    /// What the client chose.
    pub token: Option<String>,
    /// What the shopper reads on the gateway's page: the order's number.
    pub description: String,
    /// The language of that page.
    pub locale: Locale,
    /// Where the shopper returns to.
    pub return_url: String,
    /// Whether the money is still wanted. Where it isn't, this only asks for the name of what an earlier call may have begun:
    /// nothing may be charged.
    pub wanted: bool,
    /// When the gateway may have been asked for the first time: it forgets idempotency keys after a while.
    pub since: DateTime<Utc>,
}

/// A charge that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeName {
    /// Ours, from which idempotency keys are made.
    pub payment_id: Id,
    /// The gateway's.
    pub reference: String,
    /// The gateway's name of the money that came, where it has one of its own.
    pub capture: Option<String>,
}

/// A charge as the gateway shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The gateway's name for it.
    pub reference: String,
    /// How much it is over; of one that succeeded, how much came.
    pub amount: Money,
    /// The gateway's name of the money that came, where it has one of its own.
    pub capture: Option<String>,
    /// How much of it has gone back or is on its way, in minor units; none where the gateway doesn't say.
    pub refunded: Option<i64>,
    /// Whether the shopper's bank disputes it.
    pub disputed: bool,
    /// How it stands.
    pub state: ChargeState,
    /// When asking again makes sense, while it is open.
    pub look_again_at: DateTime<Utc>,
}

/// How a charge stands at the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChargeState {
    /// Undecided.
    Processing,
    /// The shopper has to act.
    ActionRequired {
        /// Where.
        redirect_url: Option<String>,
        /// With what, in the client's own software.
        client_secret: Option<String>,
        /// Until when.
        expires_at: DateTime<Utc>,
    },
    /// The money is promised, and waits to be captured.
    Authorized,
    /// The money is ours.
    Succeeded,
    /// This try brought no money, but the charge is still open there: with another card it could succeed.
    Declined(Failure),
    /// There will be no money, finally.
    Failed(Failure),
    /// Given up on our word.
    Cancelled,
}

/// What a charge has come to, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upshot {
    /// Money came.
    Money,
    /// No money came, and none will.
    Nothing,
    /// Neither, yet.
    Open,
}

impl ChargeState {
    /// In short.
    pub const fn upshot(&self) -> Upshot {
        match self {
            Self::Succeeded => Upshot::Money,
            Self::Failed(_) | Self::Cancelled => Upshot::Nothing,
            Self::Processing | Self::ActionRequired { .. } | Self::Authorized | Self::Declined(_) => {
                Upshot::Open
            }
        }
    }
}

/// What a refund is asked for with.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// The charge.
    pub charge: ChargeName,
    /// Our refund: the idempotency key.
    pub refund_id: Id,
    /// How much, in minor units.
    pub amount: Money,
    /// When the gateway may have been asked for the first time.
    pub since: DateTime<Utc>,
}

/// A refund as the gateway shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayRefund {
    /// The gateway's name for it.
    pub reference: String,
    /// How it stands.
    pub state: GatewayRefundState,
}

/// How a refund stands at the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayRefundState {
    /// Undecided; asking again makes sense from then on.
    Processing {
        /// From when on.
        look_again_at: DateTime<Utc>,
    },
    /// On its way.
    Succeeded,
    /// Refused, finally.
    Failed(Failure),
}

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Nobody knows whether the gateway did it: ask again with the same key.
    #[error("{gateway:?} gave no answer to {doing}")]
    NoAnswer {
        /// Which one.
        gateway: Gateway,
        /// "create a charge".
        doing: &'static str,
        /// What happened.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The gateway understood and won't, whenever we ask.
    #[error("refused by {gateway:?}: {}", failure.code)]
    Refused {
        /// Which one.
        gateway: Gateway,
        /// Why.
        failure: Failure,
    },
    /// It has no such charge. It may have had one.
    #[error("{gateway:?} knows no {reference}")]
    Unknown {
        /// Which one.
        gateway: Gateway,
        /// What it was asked for.
        reference: String,
    },
    /// It shows a charge in money that can't be ours.
    #[error(
        "{gateway:?} shows {reference} over {shown}, which is no amount of a currency that this store knows"
    )]
    OtherMoney {
        /// Which one.
        gateway: Gateway,
        /// The charge.
        reference: String,
        /// Amount and currency, as it wrote them.
        shown: String,
        /// What it has come to.
        upshot: Upshot,
    },
}

/// What a client needs to start with a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayDescription {
    /// Which one.
    pub gateway: Gateway,
    /// The key that a client may know.
    pub publishable_key: Option<String>,
    /// What may be sent as the token, where that is a short list.
    pub tokens: Vec<&'static str>,
}

/// A payment gateway. Amounts are integers in minor units; every method may be repeated.
#[async_trait]
pub trait PaymentGateway: Send + Sync + 'static {
    /// What clients may know of it.
    fn describe(&self) -> GatewayDescription;

    /// Begins a charge; with a known key, answers with that charge as it stands now.
    async fn create(&self, request: &ChargeRequest) -> Result<Charge, GatewayError>;

    /// Takes the promised money.
    async fn capture(&self, charge: &ChargeName) -> Result<Charge, GatewayError>;

    /// Gives a charge up. One that can't be given up any more is shown as it stands.
    async fn cancel(&self, charge: &ChargeName) -> Result<Charge, GatewayError>;

    /// The charge as it stands.
    async fn fetch(&self, charge: &ChargeName) -> Result<Charge, GatewayError>;

    /// Gives money back, whole or a part; one that was begun is shown as it stands now.
    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError>;

    /// A refund that has a name, as it stands.
    async fn fetch_refund(
        &self,
        request: &RefundRequest,
        reference: &str,
    ) -> Result<GatewayRefund, GatewayError>;

    /// Makes sure that a webhook comes from the gateway and is fresh, and reads it.
    async fn authenticate(&self, head: &HeaderMap, body: &[u8]) -> Result<Notice, BadNotice>;

    /// Reads a webhook that was authenticated before.
    fn read(&self, body: &[u8]) -> Result<Notice, BadNotice>;
}

impl GatewayError {
    /// Whether the gateway is to blame for having been of no use: what a circuit breaker counts.
    pub const fn is_silence(&self) -> bool {
        matches!(self, Self::NoAnswer { .. })
    }
}

/// The gateways that this store takes, in the order of its configuration.
#[derive(Clone, Default)]
pub struct Gateways {
    order: Vec<Gateway>,
    by_kind: HashMap<Gateway, Arc<dyn PaymentGateway>>,
}

impl Gateways {
    /// Takes one more.
    #[must_use]
    pub fn with(mut self, gateway: Arc<dyn PaymentGateway>) -> Self {
        let kind = gateway.describe().gateway;
        if self.by_kind.insert(kind, gateway).is_none() {
            self.order.push(kind);
        }
        self
    }

    /// The one, if this store takes it.
    pub fn get(&self, gateway: Gateway) -> Option<&Arc<dyn PaymentGateway>> {
        self.by_kind.get(&gateway)
    }

    /// All, for clients to choose from.
    pub fn describe(&self) -> Vec<GatewayDescription> {
        self.order
            .iter()
            .filter_map(|kind| self.get(*kind))
            .map(|gateway| gateway.describe())
            .collect()
    }
}

/// The adapter of a gateway that is outside, by this configuration; none for the sandbox.
pub(crate) fn connect(
    gateway: Gateway,
    config: &crate::Config,
    context: &Context,
) -> Result<Option<Arc<dyn PaymentGateway>>, StartError> {
    let (clock, randomness) = (context.clock.clone(), context.randomness.clone());
    let patience = |timeout_seconds: u32| wire::Patience {
        tries: 3,
        wait: Duration::from_millis(400),
        timeout: Duration::from_secs(timeout_seconds.max(1).into()),
    };
    Ok(match gateway {
        Gateway::Sandbox => None,
        Gateway::Stripe => {
            let patience = patience(config.stripe.timeout_seconds);
            stripe::Stripe::new(&config.stripe, patience, clock, randomness)?
                .map(|it| Arc::new(it) as Arc<dyn PaymentGateway>)
        }
        Gateway::Paypal => {
            let patience = patience(config.paypal.timeout_seconds);
            paypal::Paypal::new(&config.paypal, patience, clock, randomness)?
                .map(|it| Arc::new(it) as Arc<dyn PaymentGateway>)
        }
    })
}
