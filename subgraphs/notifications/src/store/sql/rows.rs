//! Rows as they lie, and what they mean. A row that can't be read is an error that names the place, never a guess.

use std::collections::HashMap;
use std::fmt::Display;

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::sql::Json;
use sqlx::FromRow;

use crate::channel::{Channel, Delivery, DeliveryStatus, Reason};
use crate::kind::Kind;
use crate::notification::{Contact, Notification, OrderContact};
use crate::preferences::{Channels, Preferences};
use crate::push_device::{PushAddress, PushDevice};
use crate::quiet_hours::QuietHours;
use crate::store::StoreError;

// Statements that read whole rows name their columns. `*` would change its meaning when a newer version's migration adds a column, and
// PostgreSQL refuses to run a prepared statement whose result has changed: every replica that runs meanwhile would fail.
macro_rules! select_notifications {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, order_id, kind, cause, title, body, created_at, read_at FROM notifications ",
            $rest
        )
    };
}

macro_rules! select_deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT notification_id, channel, status, attempts, due_at, sent_at, reason, message FROM \
             deliveries ",
            $rest
        )
    };
}

macro_rules! select_contacts {
    ($rest:literal) => {
        concat!("SELECT user_id, email, name, phone, locale FROM contacts ", $rest)
    };
}

macro_rules! select_orders {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, customer_id, locale, name, email, phone, order_key, total, currency FROM \
             orders ",
            $rest
        )
    };
}

macro_rules! select_preferences {
    ($rest:literal) => {
        concat!(
            "SELECT user_id, email, sms, push, quiet_from, quiet_to, quiet_zone FROM preferences ",
            $rest
        )
    };
}

macro_rules! select_kind_preferences {
    ($rest:literal) => {
        concat!("SELECT kind, email, sms, push FROM kind_preferences ", $rest)
    };
}

macro_rules! push_device_columns {
    () => {
        "id, user_id, provider, address, p256dh, auth, created_at"
    };
}
macro_rules! select_push_devices {
    ($rest:literal) => {
        concat!("SELECT ", push_device_columns!(), " FROM push_devices ", $rest)
    };
}
pub(super) use {
    push_device_columns, select_contacts, select_deliveries, select_kind_preferences, select_notifications,
    select_orders, select_preferences, select_push_devices,
};

#[derive(FromRow)]
pub(super) struct NotificationRow {
    id: Id,
    user_id: Option<Id>,
    order_id: Option<Id>,
    kind: String,
    cause: String,
    title: String,
    body: String,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
pub(super) struct DeliveryRow {
    pub(super) notification_id: Id,
    pub(super) channel: String,
    status: String,
    attempts: i64,
    due_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    message: Option<Json<serde_json::Value>>,
}

#[derive(FromRow)]
pub(super) struct ContactRow {
    user_id: Id,
    email: String,
    name: String,
    phone: Option<String>,
    locale: String,
}

#[derive(FromRow)]
pub(super) struct OrderRow {
    id: Id,
    number: String,
    customer_id: Option<Id>,
    locale: String,
    name: String,
    email: String,
    phone: String,
    order_key: Option<String>,
    total: i64,
    currency: String,
}

#[derive(FromRow)]
pub(super) struct PreferencesRow {
    user_id: Id,
    email: bool,
    sms: bool,
    push: bool,
    quiet_from: Option<String>,
    quiet_to: Option<String>,
    quiet_zone: Option<String>,
}

#[derive(FromRow)]
pub(super) struct KindPreferenceRow {
    kind: String,
    email: bool,
    sms: bool,
    push: bool,
}

#[derive(FromRow)]
pub(super) struct DeviceRow {
    id: Id,
    user_id: Id,
    provider: String,
    address: String,
    p256dh: Option<String>,
    auth: Option<String>,
    created_at: DateTime<Utc>,
}

fn corrupt(table: &'static str, row: impl Display, column: &'static str, value: &str) -> StoreError {
    StoreError::Corrupt {
        table,
        row: row.to_string(),
        column,
        value: value.to_owned(),
    }
}

/// A channel's code.
pub(super) fn channel(notification: Id, code: &str) -> Result<Channel, StoreError> {
    Channel::from_code(code).ok_or_else(|| corrupt("deliveries", notification, "channel", code))
}

impl TryFrom<NotificationRow> for Notification {
    type Error = StoreError;

    fn try_from(row: NotificationRow) -> Result<Self, StoreError> {
        let kind =
            Kind::from_code(&row.kind).ok_or_else(|| corrupt("notifications", row.id, "kind", &row.kind))?;
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            order_id: row.order_id,
            kind,
            cause: row.cause,
            title: row.title,
            body: row.body,
            created_at: row.created_at,
            read_at: row.read_at,
        })
    }
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let bad = |column, value: &str| {
            corrupt(
                "deliveries",
                format!("{} {}", row.notification_id, row.channel),
                column,
                value,
            )
        };
        Ok(Self {
            notification_id: row.notification_id,
            channel: channel(row.notification_id, &row.channel)?,
            status: DeliveryStatus::from_code(&row.status).ok_or_else(|| bad("status", &row.status))?,
            attempts: u32::try_from(row.attempts).map_err(|_| bad("attempts", &row.attempts.to_string()))?,
            due_at: row.due_at,
            sent_at: row.sent_at,
            reason: row
                .reason
                .as_deref()
                .map(|code| Reason::from_code(code).ok_or_else(|| bad("reason", code)))
                .transpose()?,
            // The content may hold a secret link: it isn't repeated in the error.
            mail: row
                .message
                .map(|json| serde_json::from_value(json.0).map_err(|_| bad("message", "…")))
                .transpose()?,
        })
    }
}

impl TryFrom<ContactRow> for Contact {
    type Error = StoreError;

    fn try_from(row: ContactRow) -> Result<Self, StoreError> {
        let locale: Locale = row
            .locale
            .parse()
            .map_err(|_| corrupt("contacts", row.user_id, "locale", &row.locale))?;
        Ok(Self {
            user_id: row.user_id,
            email: row.email,
            name: row.name,
            phone: row.phone,
            locale,
        })
    }
}

impl TryFrom<OrderRow> for OrderContact {
    type Error = StoreError;

    fn try_from(row: OrderRow) -> Result<Self, StoreError> {
        let bad = |column, value: &str| corrupt("orders", row.id, column, value);
        let currency = Currency::from_code(&row.currency).ok_or_else(|| bad("currency", &row.currency))?;
        Ok(Self {
            id: row.id,
            number: row.number,
            customer_id: row.customer_id,
            locale: row.locale.parse().map_err(|_| bad("locale", &row.locale))?,
            name: row.name,
            email: row.email,
            phone: row.phone,
            order_key: row.order_key,
            total: Money::new(row.total, currency),
        })
    }
}

/// A person's preferences from their two tables.
pub(super) fn preferences(
    row: PreferencesRow,
    kinds: Vec<KindPreferenceRow>,
) -> Result<Preferences, StoreError> {
    let quiet_hours = match (&row.quiet_from, &row.quiet_to, &row.quiet_zone) {
        (Some(from), Some(to), Some(zone)) => Some(QuietHours::read(from, to, zone).map_err(|_| {
            corrupt(
                "preferences",
                row.user_id,
                "quiet_zone",
                &format!("{from} {to} {zone}"),
            )
        })?),
        _ => None,
    };
    let kinds = kinds
        .into_iter()
        .map(|it| {
            let kind = Kind::from_code(&it.kind)
                .ok_or_else(|| corrupt("kind_preferences", row.user_id, "kind", &it.kind))?;
            Ok((
                kind,
                Channels {
                    email: it.email,
                    sms: it.sms,
                    push: it.push,
                },
            ))
        })
        .collect::<Result<HashMap<_, _>, StoreError>>()?;
    let channels = Channels {
        email: row.email,
        sms: row.sms,
        push: row.push,
    };
    Ok(Preferences {
        user_id: row.user_id,
        channels,
        quiet_hours,
        kinds,
    })
}

impl TryFrom<DeviceRow> for PushDevice {
    type Error = StoreError;

    fn try_from(row: DeviceRow) -> Result<Self, StoreError> {
        let address = match (row.provider.as_str(), row.p256dh, row.auth) {
            ("WEB_PUSH", Some(p256dh), Some(auth)) => PushAddress::WebPush {
                endpoint: row.address,
                p256dh,
                auth,
            },
            ("FCM", None, None) => PushAddress::Fcm { token: row.address },
            _ => return Err(corrupt("push_devices", row.id, "provider", &row.provider)),
        };
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            address,
            created_at: row.created_at,
        })
    }
}
