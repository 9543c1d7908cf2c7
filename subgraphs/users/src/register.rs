//! Registering: an account, a session, and a letter with a link.

use lavka_kit::caller::Role;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;

use crate::account::{self, Account, Email};
use crate::events::News;
use crate::mailed_token::Purpose;
use crate::password;
use crate::refusal::{Fault, Outcome, Refusal, SignInErrorCode};
use crate::session::Device;
use crate::sign_in::SignedIn;
use crate::store::{accounts, cart_merges};
use crate::users::Users;

/// What a new person tells.
#[derive(Debug)]
pub(crate) struct Register {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) locale: Locale,
    /// A guest's cart that becomes the person's.
    pub(crate) cart: Option<Id>,
}

impl Users {
    pub(crate) async fn register(
        &self,
        new: Register,
        device: &Device,
    ) -> Result<Outcome<SignedIn, SignInErrorCode>, Fault> {
        let mut refusals = Vec::new();
        let email = Email::parse(&new.email);
        if email.is_none() {
            refusals.push(Refusal::at("email", SignInErrorCode::EmailInvalid));
        }
        if !password::is_strong(&new.password, &new.email, &new.name) {
            refusals.push(Refusal::at("password", SignInErrorCode::PasswordTooWeak));
        }
        let name = account::name(&new.name);
        if name.is_none() {
            refusals.push(Refusal::at("name", SignInErrorCode::NameRequired));
        }
        let phone = account::phone(new.phone.as_deref().unwrap_or_default()).unwrap_or_else(|_| {
            refusals.push(Refusal::at("phone", SignInErrorCode::PhoneInvalid));
            None
        });
        let (Some(email), Some(name), true) = (email, name, refusals.is_empty()) else {
            return Ok(Err(refusals));
        };
        let account = Account {
            id: self.ids.next(),
            email,
            email_verified: false,
            name,
            phone,
            locale: new.locale,
            roles: vec![Role::Customer],
            password_hash: self.passwords.hash(&new.password).await?,
            created_at: self.clock.now(),
        };
        let mut tx = self.database.write().await?;
        if !accounts::insert(&mut tx, &account).await? {
            return Ok(Err(vec![Refusal::at("email", SignInErrorCode::EmailTaken)]));
        }
        self.tell(&mut tx, &account, News::Registered).await?;
        let link = self.make_link(&mut tx, &account, Purpose::VerifyEmail).await?;
        self.tell(&mut tx, &account, News::EmailVerificationRequested(&link))
            .await?;
        if let Some(cart) = new.cart {
            cart_merges::insert(&mut tx, cart, account.id, self.clock.now()).await?;
        }
        let tokens = self.open_session(&mut tx, &account, device).await?;
        tx.commit().await?;
        self.outbox.notify();
        if let Some(cart) = new.cart {
            self.merge_now(cart, account.id).await;
        }
        Ok(Ok(SignedIn { account, tokens }))
    }
}
