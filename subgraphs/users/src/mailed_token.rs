//! Links in e-mails: a secret that works once, for a while, for the address that it was sent to.

use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::ids::token;
use lavka_kit::sql::{self, Connection};
use sha2::{Digest as _, Sha256};

use crate::account::Account;
use crate::store::mailed_tokens::{self, MailedToken};
use crate::users::Users;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    VerifyEmail,
    ResetPassword,
}

impl Purpose {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::VerifyEmail => "VERIFY_EMAIL",
            Self::ResetPassword => "RESET_PASSWORD",
        }
    }
}

/// A link that is to be sent.
pub(crate) struct Link {
    pub(crate) token: String,
    pub(crate) expires_at: DateTime<Utc>,
}

/// How a secret is stored: whoever reads the table can't use it. It has 256 random bits, so a plain hash does.
pub(crate) fn hashed(secret: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(secret)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl Users {
    /// The shortest time between two links for the same purpose.
    pub(crate) fn pause(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.config.letter_pause_seconds))
    }

    /// Makes a link for an account. Earlier ones for the same purpose stay good: people click the older mail too.
    pub(crate) async fn make_link(
        &self,
        tx: &mut Connection,
        account: &Account,
        purpose: Purpose,
    ) -> Result<Link, sql::Error> {
        let lifetime = match purpose {
            Purpose::VerifyEmail => TimeDelta::hours(i64::from(self.config.email_verification_hours)),
            Purpose::ResetPassword => TimeDelta::minutes(i64::from(self.config.password_reset_minutes)),
        };
        let now = self.clock.now();
        let link = Link {
            token: token(&*self.randomness),
            expires_at: now + lifetime,
        };
        let row = MailedToken {
            account: account.id,
            email: account.email.as_str().to_owned(),
            expires_at: link.expires_at,
        };
        mailed_tokens::insert(tx, &hashed(&link.token), purpose, &row, now).await?;
        Ok(link)
    }
}
