//! What mutations answer: the object changed, and why not.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use lavka_kit::locale::Locale;

use super::user::User;
use crate::account::Account;
use crate::refusal::{
    ChangePasswordError, LogOutError, Outcome, RequestPasswordResetError, ResendEmailVerificationError,
    ResetPasswordError, RevokeSessionError, SignInError, UserError, UserErrorCode,
};

/// What a client keeps of being signed in.
#[derive(SimpleObject)]
pub(crate) struct Tokens {
    /// Sent as `Authorization: Bearer …`.
    pub(crate) access_token: String,
    /// When it is worth nothing any more.
    pub(crate) access_token_expires_at: DateTime<Utc>,
    /// Gives the next tokens, once. Null when it went into the cookie.
    pub(crate) refresh_token: Option<String>,
}

#[derive(SimpleObject)]
pub(crate) struct SignInPayload {
    pub(crate) user: Option<User>,
    pub(crate) tokens: Option<Tokens>,
    pub(crate) user_errors: Vec<SignInError>,
}

#[derive(SimpleObject)]
pub(crate) struct UserPayload {
    user: Option<User>,
    user_errors: Vec<UserError>,
}

impl UserPayload {
    pub(crate) fn of(outcome: Outcome<Account, UserErrorCode>, locale: Locale) -> Self {
        match outcome {
            Ok(account) => Self {
                user: Some(User(account)),
                user_errors: Vec::new(),
            },
            Err(refusals) => Self {
                user: None,
                user_errors: UserError::list(refusals, locale),
            },
        }
    }
}

#[derive(SimpleObject)]
pub(crate) struct LogOutPayload {
    /// Whether something ended.
    pub(crate) success: bool,
    pub(crate) user_errors: Vec<LogOutError>,
}

#[derive(SimpleObject)]
pub(crate) struct RevokeSessionPayload {
    pub(crate) user: Option<User>,
    pub(crate) user_errors: Vec<RevokeSessionError>,
}

#[derive(SimpleObject)]
pub(crate) struct ResendEmailVerificationPayload {
    pub(crate) user: Option<User>,
    pub(crate) user_errors: Vec<ResendEmailVerificationError>,
}

#[derive(SimpleObject)]
pub(crate) struct RequestPasswordResetPayload {
    /// Whether a letter goes out, if an account has the address.
    pub(crate) success: bool,
    pub(crate) user_errors: Vec<RequestPasswordResetError>,
}

#[derive(SimpleObject)]
pub(crate) struct ResetPasswordPayload {
    /// Whether the new password is the password now.
    pub(crate) success: bool,
    pub(crate) user_errors: Vec<ResetPasswordError>,
}

#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// Whether the new password is the password now.
    pub(crate) success: bool,
    pub(crate) user_errors: Vec<ChangePasswordError>,
}
