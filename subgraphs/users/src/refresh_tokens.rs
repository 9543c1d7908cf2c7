//! The next tokens for a refresh token. It works once; one that comes again was stolen, or its thief has been faster: the
//! session ends for both.

use crate::mailed_token::hashed;
use crate::refusal::{Fault, Outcome, Refusal, SignInErrorCode};
use crate::session::Device;
use crate::sign_in::SignedIn;
use crate::store::{accounts, sessions};
use crate::users::Users;

impl Users {
    pub(crate) async fn refresh_tokens(
        &self,
        refresh_token: &str,
        device: &Device,
    ) -> Result<Outcome<SignedIn, SignInErrorCode>, Fault> {
        let refused = || Ok(Err(vec![Refusal::of(SignInErrorCode::TokenInvalid)]));
        let hash = hashed(refresh_token);
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let Some(known) = sessions::locked_token(&mut tx, &hash).await? else {
            return refused();
        };
        if known.session_ended || now >= known.expires_at || now >= known.session_expires_at {
            return refused();
        }
        if known.used || !sessions::use_token(&mut tx, &hash, now).await? {
            sessions::end(&mut tx, known.account, known.session, now).await?;
            tx.commit().await?;
            tracing::warn!(account = %known.account, session = %known.session, "a refresh token came twice: its session has ended");
            return refused();
        }
        // Not locked: a change of the account locks it first and its sessions then, and waits for us there.
        let Some(account) = accounts::by_id(&mut *tx, known.account).await? else {
            return refused();
        };
        sessions::touch(&mut tx, known.session, device, now).await?;
        let tokens = self
            .issue(&mut tx, &account, known.session, known.session_expires_at)
            .await?;
        tx.commit().await?;
        Ok(Ok(SignedIn { account, tokens }))
    }
}
