//! The link in a letter says that the address is the person's.

use crate::account::Account;
use crate::events::News;
use crate::mailed_token::{Purpose, hashed};
use crate::refusal::{Fault, Outcome, Refusal, UserErrorCode};
use crate::store::{accounts, mailed_tokens};
use crate::users::Users;

impl Users {
    pub(crate) async fn verify_email(&self, token: &str) -> Result<Outcome<Account, UserErrorCode>, Fault> {
        let refused = || Ok(Err(vec![Refusal::at("token", UserErrorCode::TokenInvalid)]));
        let hash = hashed(token);
        let mut tx = self.database.write().await?;
        let Some(known) = mailed_tokens::find(&mut *tx, &hash, Purpose::VerifyEmail).await? else {
            return refused();
        };
        let account = accounts::locked(&mut tx, known.account).await?;
        // Read again, under the lock: the link works once, also for two that come together.
        let again = mailed_tokens::find(&mut *tx, &hash, Purpose::VerifyEmail).await?;
        let Some(mut account) = account.filter(|_| again.is_some()) else {
            return refused();
        };
        // A link to an address that the account has left proves nothing about the one it has.
        if self.clock.now() >= known.expires_at || account.email.as_str() != known.email {
            return refused();
        }
        account.email_verified = true;
        accounts::update(&mut tx, &account).await?;
        mailed_tokens::delete_all(&mut tx, account.id, Purpose::VerifyEmail).await?;
        self.tell(&mut tx, &account, News::Updated).await?;
        tx.commit().await?;
        self.outbox.notify();
        Ok(Ok(account))
    }
}
