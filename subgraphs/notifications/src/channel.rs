//! The ways to reach a person, and how each delivery went.

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

use crate::mail::Mail;

/// A way to reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum Channel {
    /// E-mail.
    Email,
    /// A text message to the phone.
    Sms,
    /// A push message to a browser or an app.
    Push,
}

impl Channel {
    /// All of them, in the order in which deliveries are listed.
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Push];

    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
            Self::Push => "PUSH",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// How a delivery went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DeliveryStatus")]
pub enum DeliveryStatus {
    /// It waits: for its first try, for the next one, or for the end of quiet hours.
    Pending,
    /// It was handed over.
    Sent,
    /// It was given up after many tries.
    Failed,
    /// It was never meant to be sent: see `error`.
    Skipped,
}

impl DeliveryStatus {
    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Sent => "SENT",
            Self::Failed => "FAILED",
            Self::Skipped => "SKIPPED",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Sent, Self::Failed, Self::Skipped]
            .into_iter()
            .find(|it| it.code() == code)
    }
}

/// Why a delivery was not sent, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The person doesn't want it.
    TurnedOff,
    /// This store has no way to send it.
    NoProvider,
    /// We don't know a number.
    NoPhone,
    /// No browser or app was registered.
    NoDevice,
    /// The address can't be written to.
    AddressInvalid,
    /// Sending failed.
    SendingFailed,
}

impl Reason {
    const ALL: [Self; 6] = [
        Self::TurnedOff,
        Self::NoProvider,
        Self::NoPhone,
        Self::NoDevice,
        Self::AddressInvalid,
        Self::SendingFailed,
    ];

    /// As SQL writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TurnedOff => "TURNED_OFF",
            Self::NoProvider => "NO_PROVIDER",
            Self::NoPhone => "NO_PHONE",
            Self::NoDevice => "NO_DEVICE",
            Self::AddressInvalid => "ADDRESS_INVALID",
            Self::SendingFailed => "SENDING_FAILED",
        }
    }

    /// What SQL wrote.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// For people.
    pub const fn text(self, locale: Locale) -> &'static str {
        match self {
            Self::TurnedOff => locale.pick("Отключено в настройках.", "Turned off in the preferences."),
            Self::NoProvider => locale.pick(
                "В магазине этот канал не подключён.",
                "No provider is configured for this channel.",
            ),
            Self::NoPhone => locale.pick("Номер телефона неизвестен.", "No phone number is known."),
            Self::NoDevice => locale.pick("Нет подключённых устройств.", "No device is registered."),
            Self::AddressInvalid => locale.pick(
                "На этот адрес нельзя отправить письмо.",
                "The address can't be written to.",
            ),
            Self::SendingFailed => locale.pick("Отправить не удалось.", "Sending failed."),
        }
    }
}

/// One notification by one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What is delivered.
    pub notification_id: Id,
    /// By which way.
    pub channel: Channel,
    /// How it went.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// When somebody has to look at it again.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was handed over.
    pub sent_at: Option<DateTime<Utc>>,
    /// Why not, or not yet.
    pub reason: Option<Reason>,
    /// What to send; dropped once it was sent, since it may hold a secret link.
    pub mail: Option<Mail>,
}
