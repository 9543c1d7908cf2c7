//! A new password by the link in a letter. Whoever was signed in is so no more.

use crate::events::News;
use crate::mailed_token::{Purpose, hashed};
use crate::password;
use crate::refusal::{Fault, Outcome, Refusal, ResetPasswordErrorCode};
use crate::store::{accounts, failures, mailed_tokens, sessions};
use crate::users::Users;

impl Users {
    pub(crate) async fn reset_password(
        &self,
        token: &str,
        new_password: &str,
    ) -> Result<Outcome<(), ResetPasswordErrorCode>, Fault> {
        let refused = || {
            Ok(Err(vec![Refusal::at(
                "token",
                ResetPasswordErrorCode::TokenInvalid,
            )]))
        };
        let hash = hashed(token);
        let known = mailed_tokens::find(self.database.read(), &hash, Purpose::ResetPassword).await?;
        let Some(known) = known.filter(|it| self.clock.now() < it.expires_at) else {
            return refused();
        };
        let Some(account) = accounts::by_id(self.database.read(), known.account).await? else {
            return refused();
        };
        if !password::is_strong(new_password, account.email.as_str(), &account.name) {
            return Ok(Err(vec![Refusal::at(
                "newPassword",
                ResetPasswordErrorCode::PasswordTooWeak,
            )]));
        }
        let password_hash = self.passwords.hash(new_password).await?;
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let account = accounts::locked(&mut tx, known.account).await?;
        // Read again, under the lock: the link works once, also for two that come together.
        let again = mailed_tokens::find(&mut *tx, &hash, Purpose::ResetPassword).await?;
        let Some(mut account) = account.filter(|_| again.is_some()) else {
            return refused();
        };
        account.password_hash = password_hash;
        // The letter arrived, so the address is the person's.
        let verified_now = !account.email_verified && account.email.as_str() == known.email;
        account.email_verified |= verified_now;
        accounts::update(&mut tx, &account).await?;
        mailed_tokens::delete_all(&mut tx, account.id, Purpose::ResetPassword).await?;
        sessions::end_all(&mut tx, account.id, None, now).await?;
        failures::clear(&mut tx, &account.email.key()).await?;
        if verified_now {
            self.tell(&mut tx, &account, News::Updated).await?;
        }
        tx.commit().await?;
        self.outbox.notify();
        Ok(Ok(()))
    }
}
