//! The section `[payments.stripe]`.

use lavka_kit::config::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How Stripe is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StripeConfig {
    /// The secret key: `sk_live_…`, `sk_test_…`, or a restricted one that may write PaymentIntents and Refunds.
    pub secret_key: Option<Secret<String>>,
    /// The publishable key, given to clients: `pk_live_…`, `pk_test_…`.
    pub publishable_key: Option<String>,
    /// The signing secrets of the webhook endpoint, `whsec_…`; two while one is being rolled.
    pub webhook_secrets: Vec<Secret<String>>,
    /// How old a webhook's signature may be, in seconds.
    pub webhook_tolerance_seconds: u32,
    /// When the money is taken: AUTOMATIC, as soon as the shopper has paid; MANUAL, by a second call of ours once it is
    /// promised (not every payment method can do that).
    pub capture: Capture,
    /// Where the API is.
    pub url: String,
    /// How long one call may take, in seconds.
    pub timeout_seconds: u32,
}

/// When the money is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Capture {
    /// As soon as the shopper has paid.
    Automatic,
    /// By a second call of ours.
    Manual,
}

impl Default for StripeConfig {
    fn default() -> Self {
        Self {
            secret_key: None,
            publishable_key: None,
            webhook_secrets: Vec::new(),
            webhook_tolerance_seconds: 300,
            capture: Capture::Automatic,
            url: "https://api.stripe.com".to_owned(),
            timeout_seconds: 20,
        }
    }
}
