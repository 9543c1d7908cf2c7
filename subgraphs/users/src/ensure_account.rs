//! Accounts that are there from the start: the demo's; and roles by the operator's word.

use lavka_kit::caller::Role;
use lavka_kit::locale::Locale;

use crate::account::{self, Account, Email};
use crate::events::News;
use crate::refusal::Fault;
use crate::store::accounts;
use crate::users::Users;

/// An account that shall be there.
#[derive(Debug, Clone)]
pub struct EnsureAccount {
    /// Its address; unique among accounts.
    pub email: String,
    /// Its password, as it is typed.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// The language that letters are written in.
    pub locale: Locale,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Whether the address counts as verified.
    pub email_verified: bool,
}

/// Why an account could not be made sure of.
#[derive(Debug, thiserror::Error)]
pub enum EnsureAccountError {
    /// Not an address.
    #[error("`{0}` is not an e-mail address")]
    Email(String),
    /// Empty or too long.
    #[error("`{0}` is not a name")]
    Name(String),
    /// Our fault.
    #[error("make an account")]
    Fault(#[source] Fault),
}

impl Users {
    /// Makes the account, unless there is one with this address; that one stays as it is.
    pub async fn ensure_account(&self, wanted: EnsureAccount) -> Result<(), EnsureAccountError> {
        let email =
            Email::parse(&wanted.email).ok_or_else(|| EnsureAccountError::Email(wanted.email.clone()))?;
        let name =
            account::name(&wanted.name).ok_or_else(|| EnsureAccountError::Name(wanted.name.clone()))?;
        self.make_account(email, name, wanted)
            .await
            .map_err(EnsureAccountError::Fault)
    }

    async fn make_account(&self, email: Email, name: String, wanted: EnsureAccount) -> Result<(), Fault> {
        if accounts::by_email(self.database.read(), &email.key())
            .await?
            .is_some()
        {
            return Ok(());
        }
        let account = Account {
            id: self.ids.next(),
            email,
            email_verified: wanted.email_verified,
            name,
            phone: None,
            locale: wanted.locale,
            roles: wanted.roles,
            password_hash: self.passwords.hash(&wanted.password).await?,
            created_at: self.clock.now(),
        };
        let mut tx = self.database.write().await?;
        if accounts::insert(&mut tx, &account).await? {
            self.tell(&mut tx, &account, News::Updated).await?;
            tx.commit().await?;
            self.outbox.notify();
        }
        Ok(())
    }

    /// Gives the account with this address its roles; whether there is one.
    pub async fn set_roles(&self, email: &str, roles: &[Role]) -> Result<bool, EnsureAccountError> {
        let email = Email::parse(email).ok_or_else(|| EnsureAccountError::Email(email.to_owned()))?;
        let set = async {
            let mut tx = self.database.write().await?;
            let Some(mut account) = accounts::locked_by_email(&mut tx, &email.key()).await? else {
                return Ok(false);
            };
            account.roles = roles.to_vec();
            accounts::update(&mut tx, &account).await?;
            self.tell(&mut tx, &account, News::Updated).await?;
            tx.commit().await?;
            self.outbox.notify();
            Ok(true)
        };
        set.await.map_err(EnsureAccountError::Fault)
    }
}
