//! A notification: what happened, told to one person in their language. A person with an account finds it in their inbox;
//! a guest only gets the e-mail.

use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::Money;

use crate::kind::Kind;

/// What was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id: also the e-mail's file name and message id.
    pub id: Id,
    /// Whose inbox it is in; none for a guest.
    pub user_id: Option<Id>,
    /// Which order it is about.
    pub order_id: Option<Id>,
    /// What it is about.
    pub kind: Kind,
    /// The thing that happened: there is one notification for each.
    pub cause: String,
    /// In a few words.
    pub title: String,
    /// In a sentence or two. Never holds a secret.
    pub body: String,
    /// When it happened, as far as we heard.
    pub created_at: DateTime<Utc>,
    /// When the person saw it.
    pub read_at: Option<DateTime<Utc>>,
}

/// Somebody with an account, as users tells us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The account.
    pub user_id: Id,
    /// Where to write.
    pub email: String,
    /// How to address them.
    pub name: String,
    /// Where to send an SMS.
    pub phone: Option<String>,
    /// In which language.
    pub locale: Locale,
}

/// What a message about an order needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderContact {
    /// The order.
    pub id: Id,
    /// Its number, for people.
    pub number: String,
    /// Who ordered; none for a guest.
    pub customer_id: Option<Id>,
    /// The language that the order was placed in.
    pub locale: Locale,
    /// Who gets it.
    pub name: String,
    /// Where messages about it go.
    pub email: String,
    /// Their telephone.
    pub phone: String,
    /// A guest's key, for the link.
    pub order_key: Option<String>,
    /// What it costs.
    pub total: Money,
}

/// Whom a message goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The account; none for a guest.
    pub user_id: Option<Id>,
    /// How to address them.
    pub name: String,
    /// Where to write.
    pub email: String,
    /// Where to send an SMS.
    pub phone: Option<String>,
    /// In which language.
    pub locale: Locale,
}
