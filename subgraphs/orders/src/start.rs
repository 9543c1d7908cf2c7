//! From a configuration to a running subgraph.

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::events::topics;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;

use crate::config::Config;
use crate::graphql;
use crate::orders::Orders;
use crate::shipping::Methods;
use crate::store::SqlOrders;

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/orders/sqlite"),
    postgres: Some(sqlx::migrate!("../../migrations/orders/postgres")),
};

/// A configuration that makes no sense.
#[derive(Debug, thiserror::Error)]
enum ConfigError {
    #[error("orders.unpaid_minutes must be 1 or more")]
    NoPatience,
    #[error("orders.gateways names no payment gateway: nothing could be paid")]
    NoGateway,
}

/// Opens the database, begins to publish, to hear of payments and to give up what nobody pays, and gives the subgraph.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    if config.unpaid_minutes == 0 {
        return Err(ConfigError::NoPatience.into());
    }
    if config.gateways.is_empty() {
        return Err(ConfigError::NoGateway.into());
    }
    let methods = Methods::new(config.shipping.as_deref(), context.currency)?;
    let database = Database::open(&context, &MIGRATIONS).await?;
    let outbox = Outbox::start(&context, &database);
    Inbox::keep_short(&context, &database);
    let orders = Orders {
        store: Arc::new(SqlOrders::new(database.clone(), outbox)),
        peers: context.peers.clone(),
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        randomness: context.randomness.clone(),
        methods: Arc::new(methods),
        gateways: config.gateways.into(),
        patience: Duration::from_secs(60 * u64::from(config.unpaid_minutes)),
        currency: context.currency,
    };
    let handler = Arc::new(orders.clone());
    context
        .bus
        .consume(context.service, &[topics::PAYMENTS], handler, &context.tasks)
        .await?;
    context
        .tasks
        .spawn("orders: expiry", orders.clone().keep_expiring());
    let schema = graphql::schema(orders, context.bus.clone());
    Ok(Subgraph::new("orders", schema, &context).with_health(database.health("orders")))
}
