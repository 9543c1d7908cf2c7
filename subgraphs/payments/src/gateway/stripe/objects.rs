//! The part of Stripe's objects that we read. What is not here is ignored, so that Stripe may add to them.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::failure::codes;
use crate::gateway::reading::{self, name};

/// A PaymentIntent.
#[derive(Deserialize)]
pub(super) struct Intent {
    #[serde(deserialize_with = "name")]
    pub id: String,
    pub status: String,
    pub amount: i64,
    #[serde(default)]
    pub amount_received: i64,
    pub currency: String,
    #[serde(default)]
    pub client_secret: Option<String>,
    #[serde(default)]
    pub last_payment_error: Option<Problem>,
    #[serde(default)]
    next_action: Option<NextAction>,
    #[serde(default)]
    /// Its id, or the object where that was asked for.
    latest_charge: Value,
}

#[derive(Deserialize)]
struct NextAction {
    #[serde(default)]
    redirect_to_url: Option<Redirect>,
}

#[derive(Deserialize)]
struct Redirect {
    #[serde(default)]
    url: Option<String>,
}

impl Intent {
    /// Nobody has tried to pay with it yet.
    pub fn is_untouched(&self) -> bool {
        matches!(
            self.status.as_str(),
            "requires_payment_method" | "requires_confirmation"
        ) && self.last_payment_error.is_none()
    }

    pub fn redirect_url(&self) -> Option<String> {
        self.next_action
            .as_ref()
            .and_then(|action| action.redirect_to_url.as_ref())
            .and_then(|redirect| redirect.url.clone())
    }

    /// What went back of it; none where the answer has no charge to say so.
    pub fn refunded(&self) -> Option<i64> {
        match &self.latest_charge {
            Value::Null => Some(0),
            charge => charge["amount_refunded"].as_i64(),
        }
    }

    pub fn is_disputed(&self) -> bool {
        self.latest_charge["disputed"] == true
    }
}

/// A refund.
#[derive(Deserialize)]
pub(super) struct Refund {
    #[serde(deserialize_with = "name")]
    pub id: String,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub failure_reason: Option<String>,
    #[serde(default, deserialize_with = "or_nothing")]
    pub metadata: HashMap<String, String>,
}

/// A list, or a page of what was searched for.
#[derive(Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
}

#[derive(Deserialize)]
pub(super) struct ProblemBody {
    pub error: Problem,
}

/// What Stripe has against a request, or what went wrong with a payment.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Problem {
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub message: Option<String>,
}

impl Problem {
    /// Its code, where it looks like one.
    pub fn code(&self) -> &str {
        let code = self.code.as_deref().and_then(reading::code);
        code.unwrap_or(codes::REFUSED)
    }
}

/// A webhook's event.
#[derive(Deserialize)]
pub(super) struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub data: EventData,
}

#[derive(Deserialize)]
pub(super) struct EventData {
    pub object: EventObject,
}

/// Whatever the event is about: only its names are read.
#[derive(Deserialize)]
pub(super) struct EventObject {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub object: String,
    #[serde(default)]
    pub payment_intent: Option<String>,
    #[serde(default, deserialize_with = "or_nothing")]
    pub metadata: HashMap<String, String>,
}

/// Null where there is nothing.
fn or_nothing<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<HashMap<String, String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
