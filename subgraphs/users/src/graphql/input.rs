//! What clients send.

use async_graphql::{ID, InputObject};
use lavka_kit::caller::Role;
use lavka_kit::locale::Locale;

use crate::address::AddressLines;

#[derive(InputObject)]
pub(crate) struct RegisterInput {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    /// Absent: by Accept-Language.
    pub(crate) locale: Option<Locale>,
    /// A guest's cart that becomes the person's.
    pub(crate) cart_id: Option<ID>,
    /// Put the refresh token into a cookie that no script reads.
    pub(crate) cookie: Option<bool>,
}

#[derive(InputObject)]
pub(crate) struct LogInInput {
    pub(crate) email: String,
    pub(crate) password: String,
    /// A guest's cart that becomes the person's.
    pub(crate) cart_id: Option<ID>,
    /// Put the refresh token into a cookie that no script reads.
    pub(crate) cookie: Option<bool>,
}

#[derive(InputObject)]
pub(crate) struct RefreshTokensInput {
    /// Absent: the cookie's.
    pub(crate) refresh_token: Option<String>,
}

#[derive(InputObject)]
pub(crate) struct LogOutInput {
    /// End all of the person's sessions.
    pub(crate) everywhere: Option<bool>,
}

#[derive(InputObject)]
pub(crate) struct RevokeSessionInput {
    pub(crate) session_id: ID,
}

#[derive(InputObject)]
pub(crate) struct VerifyEmailInput {
    pub(crate) token: String,
}

#[derive(InputObject)]
pub(crate) struct RequestPasswordResetInput {
    pub(crate) email: String,
}

#[derive(InputObject)]
pub(crate) struct ResetPasswordInput {
    pub(crate) token: String,
    pub(crate) new_password: String,
}

#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    pub(crate) current_password: String,
    pub(crate) new_password: String,
}

/// What isn't given stays.
#[derive(InputObject)]
pub(crate) struct UpdateProfileInput {
    pub(crate) name: Option<String>,
    /// An empty one takes the number out.
    pub(crate) phone: Option<String>,
    pub(crate) locale: Option<Locale>,
    /// Another address is to be verified anew.
    pub(crate) email: Option<String>,
}

#[derive(InputObject)]
pub(crate) struct SaveAddressInput {
    /// Absent: a new one.
    pub(crate) id: Option<ID>,
    pub(crate) recipient: String,
    pub(crate) phone: String,
    pub(crate) line1: String,
    pub(crate) line2: Option<String>,
    pub(crate) city: String,
    pub(crate) region: Option<String>,
    pub(crate) postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: String,
    pub(crate) is_default: Option<bool>,
}

impl SaveAddressInput {
    pub(crate) fn into_lines(self) -> AddressLines {
        AddressLines {
            recipient: self.recipient,
            phone: self.phone,
            line1: self.line1,
            line2: self.line2,
            city: self.city,
            region: self.region,
            postal_code: self.postal_code,
            country: self.country,
        }
    }
}

#[derive(InputObject)]
pub(crate) struct DeleteAddressInput {
    pub(crate) id: ID,
}

#[derive(InputObject)]
pub(crate) struct SetUserRolesInput {
    pub(crate) user_id: ID,
    pub(crate) roles: Vec<Role>,
}
