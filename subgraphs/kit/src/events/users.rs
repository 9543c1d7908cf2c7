//! What users publishes, on `lavka.users`: what notifications needs to write to the person.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event_data;
use crate::ids::Id;
use crate::locale::Locale;

/// Somebody has an account now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserRegistered {
    /// The account.
    pub user_id: Id,
    /// Where to write.
    pub email: String,
    /// How to address them.
    pub name: String,
    /// Where to send an SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// In which language.
    pub locale: Locale,
    /// Whether they have shown that the address is theirs.
    pub email_verified: bool,
}

/// Something of the above has changed: all of it, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserUpdated {
    /// The account.
    pub user_id: Id,
    /// Where to write.
    pub email: String,
    /// How to address them.
    pub name: String,
    /// Where to send an SMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// In which language.
    pub locale: Locale,
    /// Whether they have shown that the address is theirs.
    pub email_verified: bool,
}

/// A link that shows that the address is theirs is to be sent to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailVerificationRequested {
    /// The account.
    pub user_id: Id,
    /// The address in question.
    pub email: String,
    /// How to address them.
    pub name: String,
    /// In which language.
    pub locale: Locale,
    /// What `verifyEmail` takes.
    pub token: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A link that lets them choose a new password is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordResetRequested {
    /// The account.
    pub user_id: Id,
    /// Where to write.
    pub email: String,
    /// How to address them.
    pub name: String,
    /// In which language.
    pub locale: Locale,
    /// What `resetPassword` takes.
    pub token: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

event_data! {
    UserRegistered => USERS, "lavka.user.registered.v1";
    UserUpdated => USERS, "lavka.user.updated.v1";
    EmailVerificationRequested => USERS, "lavka.user.email_verification_requested.v1";
    PasswordResetRequested => USERS, "lavka.user.password_reset_requested.v1";
}
