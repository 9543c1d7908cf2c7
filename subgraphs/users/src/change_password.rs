//! A new password by the old one. Other sessions end; the one that asks stays.

use lavka_kit::caller::UserCaller;

use crate::log_in::Proof;
use crate::password;
use crate::refusal::{ChangePasswordErrorCode, Fault, Outcome, Refusal};
use crate::store::{accounts, failures, sessions};
use crate::users::Users;

impl Users {
    /// `None` when the account is gone.
    pub(crate) async fn change_password(
        &self,
        user: &UserCaller,
        current: &str,
        new: &str,
    ) -> Result<Option<Outcome<(), ChangePasswordErrorCode>>, Fault> {
        let refused = |field, code| Ok(Some(Err(vec![Refusal::at(field, code)])));
        let Some(account) = accounts::by_id(self.database.read(), user.id).await? else {
            return Ok(None);
        };
        match self.prove(&account.email.key(), Some(&account), current).await? {
            Proof::Blocked => return refused("currentPassword", ChangePasswordErrorCode::TooManyAttempts),
            Proof::Wrong => return refused("currentPassword", ChangePasswordErrorCode::BadCredentials),
            Proof::Right => {}
        }
        if !password::is_strong(new, account.email.as_str(), &account.name) {
            return refused("newPassword", ChangePasswordErrorCode::PasswordTooWeak);
        }
        let password_hash = self.passwords.hash(new).await?;
        let mut tx = self.database.write().await?;
        let Some(mut account) = accounts::locked(&mut tx, user.id).await? else {
            return Ok(None);
        };
        account.password_hash = password_hash;
        accounts::update(&mut tx, &account).await?;
        failures::clear(&mut tx, &account.email.key()).await?;
        sessions::end_all(&mut tx, account.id, Some(user.session), self.clock.now()).await?;
        tx.commit().await?;
        Ok(Some(Ok(())))
    }
}
