//! Another letter with a link, when the first was lost.

use lavka_kit::ids::Id;

use crate::account::Account;
use crate::events::News;
use crate::mailed_token::Purpose;
use crate::refusal::{Fault, Outcome, Refusal, ResendEmailVerificationErrorCode};
use crate::store::{accounts, mailed_tokens};
use crate::users::Users;

impl Users {
    /// `None` when the account is gone.
    pub(crate) async fn resend_email_verification(
        &self,
        id: Id,
    ) -> Result<Option<Outcome<Account, ResendEmailVerificationErrorCode>>, Fault> {
        let refused = |code| Ok(Some(Err(vec![Refusal::of(code)])));
        let mut tx = self.database.write().await?;
        let Some(account) = accounts::locked(&mut tx, id).await? else {
            return Ok(None);
        };
        if account.email_verified {
            return refused(ResendEmailVerificationErrorCode::AlreadyVerified);
        }
        let last = mailed_tokens::last_sent(&mut *tx, id, Purpose::VerifyEmail).await?;
        if last.is_some_and(|last| self.clock.now() < last + self.pause()) {
            return refused(ResendEmailVerificationErrorCode::TooManyAttempts);
        }
        let link = self.make_link(&mut tx, &account, Purpose::VerifyEmail).await?;
        self.tell(&mut tx, &account, News::EmailVerificationRequested(&link))
            .await?;
        tx.commit().await?;
        self.outbox.notify();
        Ok(Some(Ok(account)))
    }
}
