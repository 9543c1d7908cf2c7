//! The gateway port: what payments needs of Stripe, of PayPal, of the sandbox, and nothing more.
//!
//! Every call that moves money carries an idempotency key made from our own id, and may be repeated for ever: the same
//! key answers with the same charge. That is what lets a crash at any moment be mended by asking again.

pub mod sandbox;

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}

/// A charge as the gateway shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The gateway's name for it.
    pub reference: String,
    /// How much it is over.
    pub amount: Money,
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
    /// There will be no money, finally.
    Failed(Failure),
    /// Given up on our word.
    Cancelled,
}

/// What a refund is asked for with.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// The charge, by the gateway's name.
    pub charge: String,
    /// Our refund: the idempotency key.
    pub refund_id: Id,
    /// How much, in minor units.
    pub amount: Money,
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
    async fn capture(&self, reference: &str) -> Result<Charge, GatewayError>;

    /// Gives a charge up. One that can't be given up any more is shown as it stands.
    async fn cancel(&self, reference: &str) -> Result<Charge, GatewayError>;

    /// The charge as it stands.
    async fn fetch(&self, reference: &str) -> Result<Charge, GatewayError>;

    /// Gives money back; one that was begun is shown as it stands now.
    async fn refund(&self, request: &RefundRequest) -> Result<GatewayRefund, GatewayError>;
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
