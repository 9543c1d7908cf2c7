//! Notifications: tells people what happened to their orders and accounts. By events only: nobody calls it to write.
//!
//! How a message travels:
//! 1. `hear.rs` takes an event in, and decides what is told to whom (its table says what by which event);
//! 2. `tell.rs` puts it into words (`text.rs`), into the inbox and into the queue of each channel, in one transaction;
//! 3. `deliver.rs` sends what is due by its channel; e-mails become `.eml` files until a mail server can be configured;
//! 4. `graphql.rs` shows the inbox, and tells it live.

mod channel;
mod config;
mod deliver;
mod dev_mail;
mod graphql;
mod hear;
mod housekeeping;
mod kind;
mod mail;
mod mark_read;
mod messenger;
mod notification;
mod preferences;
mod push_device;
mod push_devices;
mod quiet_hours;
mod store;
mod tell;
mod text;
mod update_preferences;

#[cfg(test)]
mod scene;

use std::sync::Arc;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;
use tokio::sync::Notify;

pub use config::{Config, NoSuchZone};

use crate::mail::MailFolder;
use crate::messenger::Messenger;
use crate::store::SqlStore;
use crate::text::Texts;

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/notifications/sqlite"),
    postgres: Some(sqlx::migrate!("../../migrations/notifications/postgres")),
};

/// Starts notifications: its schema, its consumer, its delivery worker.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    let zone = config.zone()?;
    let folder = MailFolder::open(&context.data, &config.from)?;
    let database = Database::open(&context, &MIGRATIONS).await?;
    let outbox = Outbox::start(&context, &database);
    let messenger = Arc::new(Messenger {
        store: Arc::new(SqlStore::new(database.clone())),
        mailer: Arc::new(folder.clone()),
        texts: Texts::new(&context.public_url)?,
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        zone,
        public_url: context.public_url.clone(),
        work_waits: Notify::new(),
        published: Box::new(move || outbox.notify()),
    });
    context
        .bus
        .consume(hear::GROUP, &hear::TOPICS, messenger.clone(), &context.tasks)
        .await?;
    context
        .tasks
        .spawn("notifications: deliveries", messenger.clone().work());
    context.tasks.spawn(
        "notifications: housekeeping",
        messenger.clone().keep_house(config.keep_days),
    );
    Inbox::keep_short(&context, &database);
    let schema = graphql::schema(messenger, context.bus.clone());
    let subgraph =
        Subgraph::new("notifications", schema, &context).with_health(database.health("notifications"));
    Ok(if context.demo {
        subgraph.with_routes(dev_mail::routes(folder.path().to_owned())?)
    } else {
        subgraph
    })
}
