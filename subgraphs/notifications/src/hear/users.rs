//! What is heard of accounts.

use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::events::users::{
    EmailVerificationRequested, PasswordResetRequested, UserRegistered, UserUpdated,
};
use lavka_kit::ids::Id;
use serde_json::json;

use super::HearError;
use crate::kind::Kind;
use crate::messenger::Messenger;
use crate::notification::{Contact, Recipient};
use crate::store::Work;
use crate::tell::Happening;

impl Messenger {
    pub(super) async fn hear_of_user(
        &self,
        work: &mut dyn Work,
        event: &CloudEvent,
    ) -> Result<(), HearError> {
        if event.is::<UserRegistered>() {
            let it: UserRegistered = event.data()?;
            let contact = Contact {
                user_id: it.user_id,
                email: it.email,
                name: it.name,
                phone: it.phone,
                locale: it.locale,
            };
            self.welcome(work, contact).await
        } else if event.is::<UserUpdated>() {
            let it: UserUpdated = event.data()?;
            let contact = Contact {
                user_id: it.user_id,
                email: it.email,
                name: it.name,
                phone: it.phone,
                locale: it.locale,
            };
            Ok(work.save_contact(&contact, self.clock.now()).await?)
        } else if event.is::<EmailVerificationRequested>() {
            let it: EmailVerificationRequested = event.data()?;
            let to = recipient(it.user_id, it.name, it.email, it.locale);
            let link = format!("{}/verify-email?token={}", self.public_url, it.token);
            self.send_link(work, event.id, Kind::EmailVerification, to, link, it.expires_at)
                .await
        } else if event.is::<PasswordResetRequested>() {
            let it: PasswordResetRequested = event.data()?;
            let to = recipient(it.user_id, it.name, it.email, it.locale);
            let link = format!("{}/reset-password?token={}", self.public_url, it.token);
            self.send_link(work, event.id, Kind::PasswordReset, to, link, it.expires_at)
                .await
        } else {
            Ok(())
        }
    }

    async fn welcome(&self, work: &mut dyn Work, contact: Contact) -> Result<(), HearError> {
        work.save_contact(&contact, self.clock.now()).await?;
        let happening = Happening {
            cause: format!("user {} registered", contact.user_id),
            kind: Kind::Welcome,
            order_id: None,
            link: self.public_url.clone(),
            to: Recipient {
                user_id: Some(contact.user_id),
                name: contact.name,
                email: contact.email,
                phone: contact.phone,
                locale: contact.locale,
            },
            facts: json!({}),
        };
        self.tell(work, happening).await
    }

    async fn send_link(
        &self,
        work: &mut dyn Work,
        event: Id,
        kind: Kind,
        to: Recipient,
        link: String,
        expires_at: DateTime<Utc>,
    ) -> Result<(), HearError> {
        // Each request is a thing of its own, also the second within a minute.
        let cause = format!("link requested by {event}");
        let facts = json!({ "email": to.email, "expires": expires_at });
        self.tell(
            work,
            Happening {
                cause,
                kind,
                order_id: None,
                to,
                link,
                facts,
            },
        )
        .await
    }
}

/// To the address that the request is about, which need not be the account's yet.
fn recipient(user_id: Id, name: String, email: String, locale: lavka_kit::locale::Locale) -> Recipient {
    Recipient {
        user_id: Some(user_id),
        name,
        email,
        phone: None,
        locale,
    }
}
