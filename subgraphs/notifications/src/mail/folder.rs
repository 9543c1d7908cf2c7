//! Until a mail server is configured: each e-mail becomes a proper `.eml` file that any mail program opens.
//!
//! The file is named after the notification and its content follows from it alone, so that a delivery that is repeated after a
//! crash replaces the file by itself. It appears whole or not at all: written aside, synced, renamed.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lettre::Message;
use lettre::address::Address;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::{Mail, MailError, Mailer};

/// A folder of `.eml` files.
#[derive(Debug, Clone)]
pub struct MailFolder {
    folder: PathBuf,
    from: Mailbox,
}

/// The folder or the sender is unusable.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It can't be made.
    #[error("can't create the folder for e-mails {}", folder.display())]
    Folder {
        /// Which one.
        folder: PathBuf,
        /// The operating system's word.
        #[source]
        source: std::io::Error,
    },
    /// The sender isn't one.
    #[error("notifications.from is {from:?}, which is no sender like \"Lavka <shop@example.com>\"")]
    From {
        /// What stands there.
        from: String,
        /// What is wrong with it.
        #[source]
        source: lettre::address::AddressError,
    },
}

impl MailFolder {
    /// A folder under `data`, made if it isn't there.
    pub fn open(data: &Path, from: &str) -> Result<Self, FolderError> {
        let folder = data.join("mail");
        std::fs::create_dir_all(&folder).map_err(|source| FolderError::Folder {
            folder: folder.clone(),
            source,
        })?;
        let from = from.parse().map_err(|source| FolderError::From {
            from: from.to_owned(),
            source,
        })?;
        Ok(Self { folder, from })
    }

    /// Where the files lie.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    fn compose(&self, id: Id, written_at: DateTime<Utc>, mail: &Mail) -> Result<Vec<u8>, MailError> {
        let address: Address = mail
            .to_address
            .parse()
            .map_err(|error| MailError::Address(Box::new(error)))?;
        // A line break in a name would end the header: names come from people.
        let name: String = mail.to_name.chars().filter(|c| !c.is_control()).collect();
        let to = Mailbox::new(Some(name).filter(|name| !name.is_empty()), address);
        let parts = MultiPart::builder()
            .kind(lettre::message::MultiPartKind::Alternative)
            .boundary(format!("lavka-{id}"))
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_PLAIN)
                    .body(mail.text.clone()),
            )
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_HTML)
                    .body(mail.html.clone()),
            );
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.replace(|c: char| c.is_control(), " "))
            .date(SystemTime::from(written_at))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .multipart(parts)
            .map_err(|error| MailError::Sending(error.into()))?;
        Ok(message.formatted())
    }
}

#[async_trait]
impl Mailer for MailFolder {
    async fn send(&self, id: Id, written_at: DateTime<Utc>, mail: &Mail) -> Result<(), MailError> {
        let bytes = self.compose(id, written_at, mail)?;
        let (aside, path) = (
            self.folder.join(format!("{id}.part")),
            self.folder.join(format!("{id}.eml")),
        );
        let write = move || {
            let mut file = std::fs::File::create(&aside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&aside, &path)
        };
        match tokio::task::spawn_blocking(write).await {
            Ok(written) => written.map_err(|error| MailError::Sending(error.into())),
            Err(error) => Err(MailError::Sending(error.into())),
        }
    }
}

#[cfg(test)]
mod tests;
