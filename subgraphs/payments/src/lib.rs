//! Payments: collects the money of orders, and gives it back. By events only: nobody calls it to pay.
//!
//! How a payment travels:
//! 1. [`events`] hears `order.placed` and writes the intent down (`begin_payment.rs`);
//! 2. `worker.rs` finds it due, and settles it with its [`gateway`] (`settle_payment.rs`), as often as it takes;
//! 3. what became of it is written with its event in one transaction, and orders hears of it;
//! 4. money goes back when staff says so (`refund_payment.rs`), when the order ends (`end_order.rs`), or when it came too late.
//!
//! Nobody is charged twice and nothing is lost, wherever a crash falls in: `settle_payment.rs` says why.

mod amount;
mod begin_payment;
mod config;
mod desk;
mod end_order;
mod events;
mod failure;
mod gateway;
mod give_back;
mod graphql;
mod hear_news;
mod payment;
mod refund;
mod refund_payment;
mod settle_payment;
mod settle_refund;
mod store;
mod worker;

#[cfg(test)]
mod scene;

use std::sync::Arc;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::events::topics;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;
use tokio::sync::Notify;

pub use config::{Config, ConfigProblem};
pub use gateway::Gateway;
pub use gateway::sandbox::SandboxConfig;

use crate::desk::Desk;
use crate::gateway::Gateways;
use crate::gateway::sandbox::{Sandbox, page};
use crate::store::SqlStore;

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/payments/sqlite"),
    postgres: Some(sqlx::migrate!("../../migrations/payments/postgres")),
};

/// Starts payments: its schema, its consumer, its worker.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    config.check()?;
    let database = Database::open(&context, &MIGRATIONS).await?;
    let outbox = Outbox::start(&context, &database);
    let bank = Arc::new(Sandbox::new(
        config.sandbox,
        database.clone(),
        context.clock.clone(),
        context.ids.clone(),
        context.randomness.clone(),
        &context.public_url,
    ));
    let desk = Arc::new(Desk {
        store: Arc::new(SqlStore::new(database.clone())),
        gateways: Gateways::default().with(bank.clone()),
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        public_url: context.public_url.clone(),
        work_waits: Notify::new(),
        published: Box::new(move || outbox.notify()),
    });
    context
        .bus
        .consume(events::GROUP, &[topics::ORDERS], desk.clone(), &context.tasks)
        .await?;
    context.tasks.spawn("payments: worker", desk.clone().work());
    Ok(Subgraph::new("payments", graphql::schema(desk.clone()), &context)
        .with_routes(page::routes(page::Page { bank, desk }))
        .with_health(database.health("payments")))
}
