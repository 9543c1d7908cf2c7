//! From a configuration to a running subgraph.

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::events::topics;
use lavka_kit::health::HealthCheck;
use lavka_kit::sql::{Database, Migrations};
use lavka_kit::subgraph::Subgraph;

use crate::carts::Carts;
use crate::config::{CartUrl, Config, RedisUrl};
use crate::graphql;
use crate::store::{CartStore, RedisCarts, SqliteCarts};

/// The longest wait between two tries to reach Redis.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The tables.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/cart/sqlite"),
    postgres: None,
};

/// Opens the store, begins to hear of placed orders, and gives the subgraph.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    let (store, health) = open(&config, &context).await?;
    let carts = Carts {
        store,
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
    Ok(Subgraph::new("cart", schema, &context).with_health(health))
}

async fn open(
    config: &Config,
    context: &Context,
) -> Result<(Arc<dyn CartStore>, Arc<dyn HealthCheck>), StartError> {
    let mut context = context.clone();
    match &config.database {
        Some(CartUrl::Redis(url)) => {
            let carts = connect(url, config, &context).await;
            return Ok((Arc::new(carts.clone()), Arc::new(carts)));
        }
        Some(CartUrl::Sql(url)) => context.database = url.clone(),
        None => {}
    }
    let database = Database::open(&context, &MIGRATIONS).await?;
    let health = database.health("cart");
    Ok((Arc::new(SqliteCarts::new(database)), health))
}

/// Waits for Redis as long as it takes, and says so.
async fn connect(url: &RedisUrl, config: &Config, context: &Context) -> RedisCarts {
    const NAME: &str = "cart: Redis";
    let kept = Duration::from_secs(24 * 60 * 60 * u64::from(config.guest_days.max(1)));
    let mut wait = Duration::from_millis(250);
    loop {
        match RedisCarts::connect(url, &config.key_prefix, kept).await {
            Ok(carts) => {
                context.waiting.over(NAME);
                return carts;
            }
            Err(error) => {
                let error = lavka_kit::errors::chain(&error);
                tracing::warn!(error, ?wait, "cart: Redis can't be reached, trying again");
                context.waiting.say(NAME, error);
            }
        }
        context.clock.sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}
