//! An account as clients see it.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use lavka_kit::caller::{Role, caller};
use lavka_kit::errors::fault;
use lavka_kit::locale::Locale;

use super::users;
use crate::account::Account;
use crate::address::Address as Entry;

/// A person who has an account.
pub(crate) struct User(pub(crate) Account);

#[Object]
impl User {
    /// Opaque.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Where letters go; unique among accounts.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }
    /// Whether a link in a letter to the address was followed.
    async fn email_verified(&self) -> bool {
        self.0.email_verified
    }
    /// What the person is called.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The telephone number, as the person writes it.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }
    /// The language that letters are written in.
    async fn locale(&self) -> Locale {
        self.0.locale
    }
    /// What the person may do; a change takes effect with the next refresh.
    async fn roles(&self) -> &[Role] {
        &self.0.roles
    }
    /// The address book.
    async fn addresses(&self, ctx: &Context<'_>) -> Result<Vec<Address>> {
        let entries = users(ctx)?.addresses(self.0.id).await.map_err(fault)?;
        Ok(entries.into_iter().map(Address::from).collect())
    }
    /// Where the person is signed in, for the person only: empty for everybody else.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        let Some(user) = caller(ctx).user().filter(|it| it.id == self.0.id) else {
            return Ok(Vec::new());
        };
        let sessions = users(ctx)?.sessions(self.0.id).await.map_err(fault)?;
        let session = |it: crate::session::Session| Session {
            current: it.id == user.session,
            id: it.id.into(),
            device: it.device,
            ip: it.ip,
            created_at: it.created_at,
            last_used_at: it.last_used_at,
        };
        Ok(sessions.into_iter().map(session).collect())
    }
    /// When the person registered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// An entry of the address book.
#[derive(SimpleObject)]
pub(crate) struct Address {
    id: ID,
    recipient: String,
    phone: String,
    line1: String,
    line2: Option<String>,
    city: String,
    region: Option<String>,
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// Whether a checkout begins with it; one of them is.
    is_default: bool,
}

impl From<Entry> for Address {
    fn from(entry: Entry) -> Self {
        let Entry {
            id,
            lines,
            is_default,
        } = entry;
        Self {
            id: id.into(),
            recipient: lines.recipient,
            phone: lines.phone,
            line1: lines.line1,
            line2: lines.line2,
            city: lines.city,
            region: lines.region,
            postal_code: lines.postal_code,
            country: lines.country,
            is_default,
        }
    }
}

/// Where the person is signed in.
#[derive(SimpleObject)]
pub(crate) struct Session {
    id: ID,
    /// "Firefox on Linux".
    device: Option<String>,
    ip: Option<String>,
    created_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}
