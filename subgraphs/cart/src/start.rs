//! From a configuration to a running subgraph.

use std::sync::Arc;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::events::topics;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;

use crate::carts::Carts;
use crate::config::Config;
use crate::graphql;
use crate::store::SqliteCarts;

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/cart/sqlite"),
    postgres: None,
};

/// Opens the database, begins to hear of placed orders, and gives the subgraph.
pub async fn start(_config: Config, context: Context) -> Result<Subgraph, StartError> {
    let database = Database::open(&context, &MIGRATIONS).await?;
    let carts = Carts {
        store: Arc::new(SqliteCarts::new(database.clone())),
        peers: context.peers.clone(),
        clock: context.clock.clone(),
        randomness: context.randomness.clone(),
    };
    let handler = Arc::new(carts.clone());
    context
        .bus
        .consume(context.service, &[topics::ORDERS], handler, &context.tasks)
        .await?;
    let schema = graphql::schema(carts, context.currency);
    Ok(Subgraph::new("cart", schema, &context).with_health(database.health("cart")))
}
