//! What payments publishes, on `lavka.payments`. The subject is the order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_data;
use crate::ids::Id;
use crate::money::Money;

/// The money was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentSucceeded {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
    /// Which of the order's attempts.
    pub attempt: i32,
    /// SANDBOX, STRIPE or PAYPAL.
    pub gateway: String,
    /// What the gateway calls it.
    pub gateway_reference: String,
    /// What was taken.
    pub amount: Money,
    /// When.
    pub at: DateTime<Utc>,
    /// What else the gateway told.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// The money was not taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentFailed {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
    /// Which of the order's attempts.
    pub attempt: i32,
    /// SANDBOX, STRIPE or PAYPAL.
    pub gateway: String,
    /// What was to be taken.
    pub amount: Money,
    /// Why, for programs.
    pub failure_code: String,
    /// Why, for people.
    pub failure_message: String,
    /// Whether another attempt makes sense.
    pub may_retry: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// The shopper has to do something first: 3-D Secure, an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentActionRequired {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
    /// Which of the order's attempts.
    pub attempt: i32,
    /// SANDBOX, STRIPE or PAYPAL.
    pub gateway: String,
    /// Where they do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
    /// Until when they can.
    pub expires_at: DateTime<Utc>,
    /// When this was known.
    pub at: DateTime<Utc>,
}

/// Money went back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRefunded {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
    /// The refund.
    pub refund_id: Id,
    /// What went back this time.
    pub amount: Money,
    /// Whether nothing is left of the payment.
    pub total: bool,
    /// What has gone back altogether.
    pub refunded_amount: Money,
    /// When.
    pub at: DateTime<Utc>,
}

/// The payment was given up before any money moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentCancelled {
    /// The order.
    pub order_id: Id,
    /// The payment.
    pub payment_id: Id,
    /// Which of the order's attempts.
    pub attempt: i32,
    /// When.
    pub at: DateTime<Utc>,
}

event_data! {
    PaymentSucceeded => PAYMENTS, "lavka.payment.succeeded.v1";
    PaymentFailed => PAYMENTS, "lavka.payment.failed.v1";
    PaymentActionRequired => PAYMENTS, "lavka.payment.action_required.v1";
    PaymentRefunded => PAYMENTS, "lavka.payment.refunded.v1";
    PaymentCancelled => PAYMENTS, "lavka.payment.cancelled.v1";
}
