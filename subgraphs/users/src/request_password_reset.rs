//! A letter with a link to choose a new password. The answer is the same whether an account has the address or not, and
//! so is its time: the work goes on behind it.

use lavka_kit::errors::chain;

use crate::account::Email;
use crate::events::News;
use crate::mailed_token::Purpose;
use crate::refusal::{Fault, Outcome, Refusal, RequestPasswordResetErrorCode};
use crate::store::{accounts, mailed_tokens};
use crate::users::Users;

impl Users {
    pub(crate) fn request_password_reset(&self, email: &str) -> Outcome<(), RequestPasswordResetErrorCode> {
        let Some(email) = Email::parse(email) else {
            return Err(vec![Refusal::at(
                "email",
                RequestPasswordResetErrorCode::EmailInvalid,
            )]);
        };
        let users = self.clone();
        self.tasks
            .spawn("users: a letter for a new password", async move {
                if let Err(error) = users.send_password_reset(&email).await {
                    tracing::error!(
                        error = chain(&*error),
                        "a letter for a new password can't be written"
                    );
                }
            });
        Ok(())
    }

    pub(crate) async fn send_password_reset(&self, email: &Email) -> Result<(), Fault> {
        let mut tx = self.database.write().await?;
        let Some(account) = accounts::locked_by_email(&mut tx, &email.key()).await? else {
            return Ok(());
        };
        let last = mailed_tokens::last_sent(&mut *tx, account.id, Purpose::ResetPassword).await?;
        if last.is_some_and(|last| self.clock.now() < last + self.pause()) {
            return Ok(());
        }
        let link = self.make_link(&mut tx, &account, Purpose::ResetPassword).await?;
        self.tell(&mut tx, &account, News::PasswordResetRequested(&link))
            .await?;
        tx.commit().await?;
        self.outbox.notify();
        Ok(())
    }
}
