//! From a configuration to a running subgraph.

use std::sync::Arc;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::events::topics;
use lavka_kit::health::HealthCheck;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;

use crate::carts::Carts;
use crate::catalog::Prices;
use crate::config::{CartUrl, Config};
use crate::graphql;
use crate::store::{CartStore, SqliteCarts};

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/cart/sqlite"),
    postgres: None,
};

/// Opens the store, begins to hear of placed orders, and gives the subgraph.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    let (store, health) = open(&config, &context).await?;
    let prices = Prices::new(context.peers.clone(), context.clock.clone());
    context
        .tasks
        .spawn("cart: follow prices", prices.clone().follow(context.bus.clone()));
    let carts = Carts {
        store,
        prices,
        clock: context.clock.clone(),
        randomness: context.randomness.clone(),
    };
    let handler = Arc::new(carts.clone());
    context
        .bus
        .consume(context.service, &[topics::ORDERS], handler, &context.tasks)
        .await?;
    let schema = graphql::schema(carts, context.currency);
    Ok(Subgraph::new("cart", schema, &context).with_health(health))
}

async fn open(
    config: &Config,
    context: &Context,
) -> Result<(Arc<dyn CartStore>, Arc<dyn HealthCheck>), StartError> {
    let mut context = context.clone();
    match &config.database {
        #[cfg(feature = "redis")]
        Some(CartUrl::Redis(url)) => {
            let carts = crate::store::connect(url, config, &context).await?;
            return Ok((Arc::new(carts.clone()), Arc::new(carts)));
        }
        #[cfg(not(feature = "redis"))]
        Some(CartUrl::Redis(_)) => return Err(lavka_kit::left_out::LeftOut("Redis").into()),
        Some(CartUrl::Sql(url)) => context.database = url.clone(),
        None => {}
    }
    let database = Database::open(&context, &MIGRATIONS).await?;
    let health = database.health("cart");
    Ok((Arc::new(SqliteCarts::new(database)), health))
}
