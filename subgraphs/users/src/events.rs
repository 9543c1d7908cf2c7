//! What users publishes.

use lavka_kit::events::users::{
    EmailVerificationRequested, PasswordResetRequested, UserRegistered, UserUpdated,
};
use lavka_kit::events::{CloudEvent, EventData};
use lavka_kit::outbox::{Outbox, OutboxError};
use lavka_kit::sql::Connection;

use crate::account::Account;
use crate::mailed_token::Link;
use crate::users::Users;

/// What happened to an account.
pub(crate) enum News<'a> {
    Registered,
    Updated,
    EmailVerificationRequested(&'a Link),
    PasswordResetRequested(&'a Link),
}

impl Users {
    /// Saves the event with the change.
    pub(crate) async fn tell(
        &self,
        tx: &mut Connection,
        account: &Account,
        news: News<'_>,
    ) -> Result<(), OutboxError> {
        let (user_id, email) = (account.id, account.email.as_str().to_owned());
        let (name, locale) = (account.name.clone(), account.locale);
        let (phone, email_verified) = (account.phone.clone(), account.email_verified);
        match news {
            News::Registered => {
                let data = UserRegistered {
                    user_id,
                    email,
                    name,
                    phone,
                    locale,
                    email_verified,
                };
                self.save(tx, account, &data).await
            }
            News::Updated => {
                let data = UserUpdated {
                    user_id,
                    email,
                    name,
                    phone,
                    locale,
                    email_verified,
                };
                self.save(tx, account, &data).await
            }
            News::EmailVerificationRequested(link) => {
                let (token, expires_at) = (link.token.clone(), link.expires_at);
                let data = EmailVerificationRequested {
                    user_id,
                    email,
                    name,
                    locale,
                    token,
                    expires_at,
                };
                self.save(tx, account, &data).await
            }
            News::PasswordResetRequested(link) => {
                let (token, expires_at) = (link.token.clone(), link.expires_at);
                let data = PasswordResetRequested {
                    user_id,
                    email,
                    name,
                    locale,
                    token,
                    expires_at,
                };
                self.save(tx, account, &data).await
            }
        }
    }

    async fn save<T: EventData>(
        &self,
        tx: &mut Connection,
        account: &Account,
        data: &T,
    ) -> Result<(), OutboxError> {
        let event = CloudEvent::new(&*self.ids, &*self.clock, account.id, data)?;
        Outbox::add(tx, &event).await
    }
}
