//! Changing what the account says of the person. What isn't given stays. Another address wants to be verified anew.

use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

use crate::account::{self, Account, Email};
use crate::events::News;
use crate::mailed_token::Purpose;
use crate::refusal::{Fault, Outcome, Refusal, UserErrorCode};
use crate::store::{accounts, mailed_tokens};
use crate::users::Users;

/// What changes.
#[derive(Debug, Default)]
pub(crate) struct UpdateProfile {
    pub(crate) name: Option<String>,
    /// An empty one takes the number out.
    pub(crate) phone: Option<String>,
    pub(crate) locale: Option<Locale>,
    pub(crate) email: Option<String>,
}

impl Users {
    /// `None` when the account is gone.
    pub(crate) async fn update_profile(
        &self,
        id: Id,
        change: UpdateProfile,
    ) -> Result<Option<Outcome<Account, UserErrorCode>>, Fault> {
        let mut refusals = Vec::new();
        let mut tx = self.database.write().await?;
        let Some(mut account) = accounts::locked(&mut tx, id).await? else {
            return Ok(None);
        };
        if let Some(name) = change.name {
            match account::name(&name) {
                Some(name) => account.name = name,
                None => refusals.push(Refusal::at("name", UserErrorCode::NameRequired)),
            }
        }
        if let Some(phone) = change.phone {
            match account::phone(&phone) {
                Ok(phone) => account.phone = phone,
                Err(_) => refusals.push(Refusal::at("phone", UserErrorCode::PhoneInvalid)),
            }
        }
        if let Some(locale) = change.locale {
            account.locale = locale;
        }
        let mut moved = false;
        if let Some(email) = change.email {
            match Email::parse(&email) {
                Some(email) => {
                    moved = email.as_str() != account.email.as_str();
                    account.email = email;
                }
                None => refusals.push(Refusal::at("email", UserErrorCode::EmailInvalid)),
            }
        }
        if !refusals.is_empty() {
            return Ok(Some(Err(refusals)));
        }
        account.email_verified &= !moved;
        if !accounts::update(&mut tx, &account).await? {
            return Ok(Some(Err(vec![Refusal::at("email", UserErrorCode::EmailTaken)])));
        }
        self.tell(&mut tx, &account, News::Updated).await?;
        if moved {
            mailed_tokens::delete_all(&mut tx, account.id, Purpose::ResetPassword).await?;
            let link = self.make_link(&mut tx, &account, Purpose::VerifyEmail).await?;
            self.tell(&mut tx, &account, News::EmailVerificationRequested(&link))
                .await?;
        }
        tx.commit().await?;
        self.outbox.notify();
        Ok(Some(Ok(account)))
    }
}
