//! Logging in. An unknown address and a wrong password look alike and take alike; failures slow the next try.

use lavka_kit::ids::Id;

use crate::account::{Account, Email};
use crate::refusal::{Fault, Outcome, Refusal, SignInErrorCode};
use crate::session::Device;
use crate::sign_in::SignedIn;
use crate::store::{accounts, cart_merges, failures};
use crate::throttle::Failures;
use crate::users::Users;

/// What a person who has an account tells.
#[derive(Debug)]
pub(crate) struct LogIn {
    pub(crate) email: String,
    pub(crate) password: String,
    /// A guest's cart that becomes the person's.
    pub(crate) cart: Option<Id>,
}

/// How a password was found to be.
pub(crate) enum Proof {
    /// The right one.
    Right,
    /// A wrong one, or there is no such account.
    Wrong,
    /// Nobody looked: there were too many failures.
    Blocked,
}

impl Users {
    pub(crate) async fn log_in(
        &self,
        given: LogIn,
        device: &Device,
    ) -> Result<Outcome<SignedIn, SignInErrorCode>, Fault> {
        let Some(email) = Email::parse(&given.email) else {
            return Ok(Err(vec![Refusal::of(SignInErrorCode::BadCredentials)]));
        };
        let key = email.key();
        let found = accounts::by_email(self.database.read(), &key).await?;
        let refused = |code| Ok(Err(vec![Refusal::of(code)]));
        match self.prove(&key, found.as_ref(), &given.password).await? {
            Proof::Blocked => return refused(SignInErrorCode::TooManyAttempts),
            Proof::Wrong => return refused(SignInErrorCode::BadCredentials),
            Proof::Right => {}
        }
        let Some(mut account) = found else {
            return refused(SignInErrorCode::BadCredentials);
        };
        let fresh = if self.passwords.outdated(&account.password_hash) {
            Some(self.passwords.hash(&given.password).await?)
        } else {
            None
        };
        let mut tx = self.database.write().await?;
        // Read again: a password that was changed while this one was checked lets nobody in any more.
        let proven = account.password_hash;
        account = match accounts::locked(&mut tx, account.id).await? {
            Some(account) if account.password_hash == proven => account,
            _ => return refused(SignInErrorCode::BadCredentials),
        };
        failures::clear(&mut tx, &key).await?;
        if let Some(hash) = fresh {
            account.password_hash = hash;
            accounts::update(&mut tx, &account).await?;
        }
        if let Some(cart) = given.cart {
            cart_merges::insert(&mut tx, cart, account.id, self.clock.now()).await?;
        }
        let tokens = self.open_session(&mut tx, &account, device).await?;
        tx.commit().await?;
        if let Some(cart) = given.cart {
            self.merge_now(cart, account.id).await;
        }
        Ok(Ok(SignedIn { account, tokens }))
    }

    /// Checks a password, one try an address at a time, and remembers a failure.
    pub(crate) async fn prove(
        &self,
        email_key: &str,
        account: Option<&Account>,
        password: &str,
    ) -> Result<Proof, Fault> {
        let _turn = self.turns.of(email_key).await;
        let before = failures::of(self.database.read(), email_key).await?;
        if before.is_some_and(|it| it.block(self.clock.now())) {
            return Ok(Proof::Blocked);
        }
        if self
            .passwords
            .verify(password, account.map(|it| it.password_hash.as_str()))
            .await?
        {
            return Ok(Proof::Right);
        }
        let mut tx = self.database.write().await?;
        // Turns are taken within one process; others count too.
        tx.lock_name(&format!("log-in {email_key}")).await?;
        let before = failures::of(&mut *tx, email_key).await?;
        let failed = Failures::one_more(before, self.clock.now(), &self.config);
        failures::save(&mut tx, email_key, failed).await?;
        tx.commit().await?;
        Ok(Proof::Wrong)
    }
}
