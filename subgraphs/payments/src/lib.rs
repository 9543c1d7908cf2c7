//! Payments: collects the money of orders, and gives it back. By events only: nobody calls it to pay.
//!
//! How a payment travels:
//! 1. [`events`] hears `order.placed` and writes the intent down (`begin_payment.rs`);
//! 2. `worker.rs` finds it due, and settles it with its [`gateway`] (`settle_payment.rs`), as often as it takes;
//! 3. what became of it is written with its event in one transaction, and orders hears of it;
//! 4. a gateway's webhook is kept (`receive_webhook.rs`) and then makes us look (`settle_webhook.rs`); it is never believed;
//! 5. what was missed nevertheless is found by comparing (`reconcile.rs`);
//! 6. of money that came, what goes back without us is seen (`look_back.rs`);
//! 7. money goes back when staff says so (`refund_payment.rs`), when the order ends (`end_order.rs`), or when it came too late.
//!
//! Nobody is charged twice and nothing is lost, wherever a crash falls in: `settle_payment.rs` says why.

mod amount;
mod attention;
mod begin_payment;
mod config;
mod counters;
mod desk;
mod end_order;
mod events;
mod failure;
mod gateway;
mod give_back;
mod graphql;
mod look_back;
mod payment;
mod receive_webhook;
mod reconcile;
mod refund;
mod refund_payment;
mod settle_attention;
mod settle_payment;
mod settle_refund;
mod settle_webhook;
mod store;
mod webhooks;
mod worker;

#[cfg(test)]
mod scene;
#[cfg(feature = "testing")]
pub mod testing;

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::events::topics;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;
use tokio::sync::Notify;

pub use config::{Config, ConfigProblem};
pub use gateway::Gateway;
pub use gateway::paypal::PaypalConfig;
pub use gateway::sandbox::SandboxConfig;
pub use gateway::stripe::StripeConfig;
pub use reconcile::{Finding, Matter, Reconciliation};

use crate::counters::Counters;
use crate::desk::Desk;
use crate::gateway::guard::Guarded;
use crate::gateway::sandbox::{Sandbox, page};
use crate::gateway::{Gateways, PaymentGateway, connect};
use crate::store::SqlStore;

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/payments/sqlite"),
    postgres: Some(sqlx::migrate!("../../migrations/payments/postgres")),
};

/// Payments on its engine, before anything runs in the background.
struct Ready {
    database: Database,
    bank: Option<Arc<Sandbox>>,
    guarded: Vec<(Gateway, Arc<Guarded>)>,
    desk: Arc<Desk>,
}

/// Starts payments: its schema, its consumer, its worker, its webhooks.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    let pause = Duration::from_secs(60 * u64::from(config.reconcile_minutes));
    let database = open(&config, &context).await?;
    let outbox = Outbox::start(&context, &database);
    Inbox::keep_short(&context, &database);
    let Ready {
        database,
        bank,
        guarded,
        desk,
    } = prepare(&config, &context, database, Box::new(move || outbox.notify()))?;
    context
        .bus
        .consume(events::GROUP, &[topics::ORDERS], desk.clone(), &context.tasks)
        .await?;
    context.tasks.spawn("payments: worker", desk.clone().work());
    if !pause.is_zero() {
        context
            .tasks
            .spawn("payments: reconciliation", desk.clone().keep_reconciling(pause));
    }
    let counted = desk.clone();
    let subgraph = Subgraph::new("payments", graphql::schema(desk.clone()), &context)
        .with_routes(webhooks::routes(&desk))
        .with_metrics(move || counted.counters.page(&guarded))
        .with_health(database.health("payments"));
    Ok(match bank {
        Some(bank) => subgraph.with_routes(page::routes(bank)),
        None => subgraph,
    })
}

/// Compares payments with what the gateways show, once: for `lavka payments reconcile`, also beside a running store. What it
/// publishes is sent by the store, when it runs.
pub async fn reconcile(config: Config, context: Context) -> Result<Reconciliation, StartError> {
    let database = open(&config, &context).await?;
    let ready = prepare(&config, &context, database, Box::new(|| {}))?;
    let done = ready.desk.reconcile().await?;
    ready.database.close().await;
    Ok(done)
}

async fn open(config: &Config, context: &Context) -> Result<Database, StartError> {
    config.check()?;
    Ok(Database::open(context, &MIGRATIONS).await?)
}

fn prepare(
    config: &Config,
    context: &Context,
    database: Database,
    published: Box<dyn Fn() + Send + Sync>,
) -> Result<Ready, StartError> {
    let takes_sandbox = config.gateways.contains(&Gateway::Sandbox);
    let bank = takes_sandbox.then(|| {
        Arc::new(Sandbox::new(
            config.sandbox.clone(),
            database.clone(),
            context.clock.clone(),
            context.ids.clone(),
            context.randomness.clone(),
            &context.public_url,
        ))
    });
    let mut gateways = Gateways::default();
    let mut guarded = Vec::new();
    for gateway in &config.gateways {
        let adapter: Arc<dyn PaymentGateway> = match (&bank, connect(*gateway, config, context)?) {
            (_, Some(adapter)) => adapter,
            (Some(bank), None) => bank.clone(),
            (None, None) => continue,
        };
        let guard = Arc::new(Guarded::new(adapter, context.clock.clone()));
        guarded.push((*gateway, guard.clone()));
        gateways = gateways.with(guard);
    }
    let desk = Arc::new(Desk {
        store: Arc::new(SqlStore::new(database.clone())),
        gateways,
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        public_url: context.public_url.clone(),
        work_waits: Notify::new(),
        counters: Counters::default(),
        published,
    });
    if let Some(bank) = &bank {
        bank.tell(&desk);
    }
    Ok(Ready {
        database,
        bank,
        guarded,
        desk,
    })
}
