//! An e-mail, and the port to whoever sends it.

mod folder;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use serde::{Deserialize, Serialize};

pub use folder::MailFolder;

/// An e-mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Whom to.
    pub to_name: String,
    /// Where to.
    pub to_address: String,
    /// What about.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

/// An e-mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Nobody can write to this address: trying again won't help.
    #[error("the address can't be written to")]
    Address(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It may work later.
    #[error("send an e-mail")]
    Sending(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Sends e-mails. Sending one again under the same id must not make it two, as far as that can be.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends it.
    async fn send(&self, id: Id, written_at: DateTime<Utc>, mail: &Mail) -> Result<(), MailError>;
}
