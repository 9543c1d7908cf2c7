//! Rows as they lie, and what they mean. A row that can't be read is an error that names the place, never a guess.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use sqlx::FromRow;

use crate::failure::Failure;
use crate::gateway::Gateway;
use crate::payment::{Attentions, Goal, Payment, Status};
use crate::refund::{Cause, Refund, RefundStatus};
use crate::store::{OrderRecord, Outcome, StoreError, Webhook};

// Statements that read whole rows name their columns. `*` would change its meaning when a newer version's migration adds a column, and
// PostgreSQL refuses to run a prepared statement whose result has changed: every replica that runs meanwhile would fail.
macro_rules! select_payments {
    ($rest:literal) => {
        concat!(
            "SELECT id, order_id, attempt, customer_id, gateway, token, amount, currency, status, goal, sent, \
             capturing, reference, client_secret, redirect_url, expires_at, failure_code, failure_message, \
             attention, settled, came, came_currency, elsewhere, capture, due_at, tries, created_at, \
             compare_at FROM payments ",
            $rest
        )
    };
}

macro_rules! select_webhooks {
    ($rest:literal) => {
        concat!(
            "SELECT id, gateway, event_id, kind, body, received_at, due_at, outcome FROM webhooks ",
            $rest
        )
    };
}

macro_rules! select_refunds {
    ($rest:literal) => {
        concat!(
            "SELECT id, payment_id, amount, currency, reason, cause, requested_by, status, reference, \
             failure_code, due_at, tries, created_at FROM refunds ",
            $rest
        )
    };
}

macro_rules! select_orders {
    ($rest:literal) => {
        concat!("SELECT id, number, locale, order_key, ended FROM orders ", $rest)
    };
}
pub(super) use {select_orders, select_payments, select_refunds, select_webhooks};

#[derive(FromRow)]
pub(super) struct PaymentRow {
    id: Id,
    order_id: Id,
    attempt: i64,
    customer_id: Option<Id>,
    gateway: String,
    token: Option<String>,
    amount: i64,
    currency: String,
    status: String,
    goal: String,
    sent: bool,
    capturing: bool,
    reference: Option<String>,
    client_secret: Option<String>,
    redirect_url: Option<String>,
    expires_at: Option<DateTime<Utc>>,
    failure_code: Option<String>,
    failure_message: Option<String>,
    attention: Option<String>,
    settled: Option<String>,
    came: Option<i64>,
    came_currency: Option<String>,
    elsewhere: i64,
    capture: Option<String>,
    due_at: Option<DateTime<Utc>>,
    tries: i64,
    created_at: DateTime<Utc>,
    compare_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
pub(super) struct WebhookRow {
    id: Id,
    gateway: String,
    event_id: String,
    kind: String,
    body: String,
    received_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
}

#[derive(FromRow)]
pub(super) struct RefundRow {
    id: Id,
    payment_id: Id,
    amount: i64,
    currency: String,
    reason: Option<String>,
    cause: String,
    requested_by: Option<Id>,
    status: String,
    reference: Option<String>,
    failure_code: Option<String>,
    due_at: Option<DateTime<Utc>>,
    tries: i64,
    created_at: DateTime<Utc>,
}

#[derive(FromRow)]
pub(super) struct OrderRow {
    id: Id,
    number: String,
    locale: String,
    order_key: Option<String>,
    ended: bool,
}

/// Names the place of a value that can't be read.
struct Place {
    table: &'static str,
    row: Id,
}

impl Place {
    fn read<T>(
        &self,
        column: &'static str,
        value: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        read(value).ok_or_else(|| StoreError::Corrupt {
            table: self.table,
            row: self.row.to_string(),
            column,
            value: value.to_owned(),
        })
    }
}

impl TryFrom<PaymentRow> for Payment {
    type Error = StoreError;

    fn try_from(row: PaymentRow) -> Result<Self, StoreError> {
        let place = Place {
            table: "payments",
            row: row.id,
        };
        let currency = place.read("currency", &row.currency, Currency::from_code)?;
        let attentions = |column, codes: Option<String>| match codes {
            Some(codes) => place.read(column, &codes, Attentions::from_code),
            None => Ok(Attentions::default()),
        };
        let came_currency = match &row.came_currency {
            Some(code) => place.read("came_currency", code, Currency::from_code)?,
            // Written before there was the column: then only the amount could disagree.
            None => currency,
        };
        Ok(Self {
            id: row.id,
            order_id: row.order_id,
            attempt: place.read("attempt", &row.attempt.to_string(), |text| text.parse().ok())?,
            customer_id: row.customer_id,
            gateway: place.read("gateway", &row.gateway, Gateway::from_code)?,
            token: row.token,
            amount: Money::new(row.amount, currency),
            status: place.read("status", &row.status, Status::from_code)?,
            goal: place.read("goal", &row.goal, Goal::from_code)?,
            sent: row.sent,
            capturing: row.capturing,
            reference: row.reference,
            client_secret: row.client_secret,
            redirect_url: row.redirect_url,
            expires_at: row.expires_at,
            failure: row.failure_code.map(|code| Failure {
                code,
                message: row.failure_message,
            }),
            attention: attentions("attention", row.attention)?,
            settled: attentions("settled", row.settled)?,
            came: row.came.map(|minor| Money::new(minor, came_currency)),
            elsewhere: row.elsewhere,
            capture: row.capture,
            due_at: row.due_at,
            tries: place.read("tries", &row.tries.to_string(), |text| text.parse().ok())?,
            created_at: row.created_at,
            compare_at: row.compare_at,
        })
    }
}

impl TryFrom<RefundRow> for Refund {
    type Error = StoreError;

    fn try_from(row: RefundRow) -> Result<Self, StoreError> {
        let place = Place {
            table: "refunds",
            row: row.id,
        };
        let currency = place.read("currency", &row.currency, Currency::from_code)?;
        let cause = |code: &str| match (code, row.requested_by) {
            ("STAFF", Some(person)) => Some(Cause::Staff(person)),
            ("ORDER_ENDED", None) => Some(Cause::OrderEnded),
            ("PAID_TWICE", None) => Some(Cause::PaidTwice),
            ("GIVEN_UP", None) => Some(Cause::GivenUp),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            payment_id: row.payment_id,
            amount: Money::new(row.amount, currency),
            reason: row.reason,
            cause: place.read("cause", &row.cause, cause)?,
            status: place.read("status", &row.status, RefundStatus::from_code)?,
            reference: row.reference,
            failure_code: row.failure_code,
            due_at: row.due_at,
            tries: place.read("tries", &row.tries.to_string(), |text| text.parse().ok())?,
            created_at: row.created_at,
        })
    }
}

impl TryFrom<OrderRow> for OrderRecord {
    type Error = StoreError;

    fn try_from(row: OrderRow) -> Result<Self, StoreError> {
        let place = Place {
            table: "orders",
            row: row.id,
        };
        Ok(Self {
            id: row.id,
            number: row.number,
            locale: place.read("locale", &row.locale, |text| text.parse::<Locale>().ok())?,
            order_key: row.order_key,
            ended: row.ended,
        })
    }
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let place = Place {
            table: "webhooks",
            row: row.id,
        };
        Ok(Self {
            id: row.id,
            gateway: place.read("gateway", &row.gateway, Gateway::from_code)?,
            event_id: row.event_id,
            kind: row.kind,
            body: row.body,
            received_at: row.received_at,
            due_at: row.due_at,
            outcome: row
                .outcome
                .map(|code| place.read("outcome", &code, Outcome::from_code))
                .transpose()?,
        })
    }
}
