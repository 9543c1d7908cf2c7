//! What register, log-in and refresh have in common: a session and its tokens.

use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::caller::Role;
use lavka_kit::ids::{Id, token};
use lavka_kit::sql::Connection;
use lavka_kit::tokens::{AccessClaims, ISSUER};

use crate::account::Account;
use crate::mailed_token::hashed;
use crate::refusal::Fault;
use crate::session::Device;
use crate::store::sessions;
use crate::users::Users;

/// Somebody is signed in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) account: Account,
    pub(crate) tokens: IssuedTokens,
}

/// What a client keeps.
#[derive(Debug)]
pub(crate) struct IssuedTokens {
    pub(crate) access_token: String,
    pub(crate) access_token_expires_at: DateTime<Utc>,
    pub(crate) refresh_token: String,
    pub(crate) refresh_token_expires_at: DateTime<Utc>,
}

impl Users {
    /// Opens a session and gives its first tokens.
    pub(crate) async fn open_session(
        &self,
        tx: &mut Connection,
        account: &Account,
        device: &Device,
    ) -> Result<IssuedTokens, Fault> {
        let now = self.clock.now();
        let session = self.ids.next();
        let expires_at = now + TimeDelta::days(i64::from(self.config.session_days));
        sessions::insert(tx, session, account.id, device, now, expires_at).await?;
        self.issue(tx, account, session, expires_at).await
    }

    /// The next tokens of a session.
    pub(crate) async fn issue(
        &self,
        tx: &mut Connection,
        account: &Account,
        session: Id,
        session_expires_at: DateTime<Utc>,
    ) -> Result<IssuedTokens, Fault> {
        let now = self.clock.now();
        let refresh_token = token(&*self.randomness);
        let longest = now + TimeDelta::days(i64::from(self.config.refresh_token_days));
        let refresh_token_expires_at = longest.min(session_expires_at);
        sessions::insert_token(tx, &hashed(&refresh_token), session, refresh_token_expires_at).await?;
        let access_token_expires_at = now + TimeDelta::minutes(i64::from(self.config.access_token_minutes));
        let access_token = self.keys.sign(&AccessClaims {
            sub: account.id,
            sid: session,
            roles: account.roles.clone(),
            scope: Role::scopes_of(&account.roles).join(" "),
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            iat: now.timestamp(),
            exp: access_token_expires_at.timestamp(),
        })?;
        Ok(IssuedTokens {
            access_token,
            access_token_expires_at,
            refresh_token,
            refresh_token_expires_at,
        })
    }
}
