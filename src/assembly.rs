//! The six services, started and made known to each other. Everything that is not a service's own business comes
//! together here: engines, peers, keys.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use lavka_kit::clock::{Clock, SystemClock};
use lavka_kit::config::Secret;
use lavka_kit::context::Context;
use lavka_kit::health::Waiting;
use lavka_kit::ids::{OsRandomness, RandomIds, Randomness};
use lavka_kit::peers::{HttpTransport, InProcessTransport, Peers};
use lavka_kit::sql::DatabaseUrl;
use lavka_kit::subgraph::Subgraph;
use lavka_kit::tasks::Tasks;
use lavka_kit::tokens::{HttpJwks, JwksSource, ServiceTokens, TokenVerifier};

use crate::config::Config;

/// The services' names, in the order in which they start.
pub const SERVICES: [&str; 6] = ["users", "catalog", "cart", "orders", "payments", "notifications"];

/// The surroundings that all services of this process share.
pub struct Surroundings {
    pub context: Context,
}

impl Surroundings {
    /// Opens the data directory and the bus.
    ///
    /// # Errors
    /// When the directory can't be made or written, or holds something foreign.
    pub async fn prepare(config: &Config, public_url: String, demo: bool) -> Result<Self> {
        let data = &config.data;
        std::fs::create_dir_all(data)
            .with_context(|| format!("make the data directory {}", data.display()))?;
        check_writable(data)?;
        config.bus.check()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let randomness: Arc<dyn Randomness> = Arc::new(OsRandomness);
        let tasks = Tasks::new();
        let secret = service_secret(config, randomness.as_ref())?;
        let service_tokens = ServiceTokens::new(&secret, Arc::clone(&clock));
        let bus = lavka_kit::bus::open(config.bus.clone(), data, Arc::clone(&clock), &tasks).await?;
        let context = Context {
            service: "lavka",
            ids: Arc::new(RandomIds::new(Arc::clone(&clock), Arc::clone(&randomness))),
            randomness,
            bus,
            peers: Peers::new("lavka", service_tokens.clone()),
            verifier: TokenVerifier::new(&secret, Arc::clone(&clock)),
            service_tokens,
            data: data.clone(),
            database: DatabaseUrl::sqlite(data.join("lavka.db")),
            postgres: config.postgres.clone(),
            remembers: config.bus.remembers(),
            waiting: Waiting::default(),
            currency: config.currency,
            demo,
            public_url,
            tasks,
            clock,
        };
        Ok(Self { context })
    }
}

/// The whole store in this process.
pub struct Store {
    pub subgraphs: Vec<Subgraph>,
    pub users: lavka_users::Users,
    pub keys: Arc<dyn JwksSource>,
}

/// Starts all six services and connects them in process.
///
/// # Errors
/// When one of them can't start: its name, and why.
pub async fn start_all(config: &Config, context: &Context) -> Result<Store> {
    let (users, keys, subgraph) = start_users(config, context).await?;
    context.verifier.trust(Arc::clone(&keys));
    let mut subgraphs = vec![subgraph];
    for name in &SERVICES[1..] {
        subgraphs.push(start_one(name, config, context).await?);
    }
    for subgraph in &subgraphs {
        context.peers.connect(
            subgraph.name,
            Arc::new(InProcessTransport::new(Arc::clone(&subgraph.service))),
        );
    }
    Ok(Store {
        subgraphs,
        users,
        keys,
    })
}

/// Starts one service whose peers are elsewhere.
///
/// # Errors
/// When the configuration doesn't say what the service needs, or it can't start.
pub async fn start_alone(name: &str, config: &Config, context: &Context) -> Result<Subgraph> {
    let client = lavka_kit::tls::http_client().build()?;
    for (peer, url) in &config.peers {
        if !SERVICES.contains(&peer.as_str()) {
            bail!(
                "`peers.{peer}`: there is no such subgraph; there are {}",
                SERVICES.join(", ")
            );
        }
        context
            .peers
            .connect(peer, Arc::new(HttpTransport::new(url.clone(), client.clone())));
    }
    if name == "users" {
        let (_, keys, subgraph) = start_users(config, context).await?;
        context.verifier.trust(keys);
        return Ok(subgraph);
    }
    let url = config
        .jwks_url
        .clone()
        .context("`jwks_url` must say where the users service publishes its keys")?;
    context.verifier.trust(Arc::new(HttpJwks::new(url, client)));
    start_one(name, config, context).await
}

async fn start_users(
    config: &Config,
    context: &Context,
) -> Result<(lavka_users::Users, Arc<dyn JwksSource>, Subgraph)> {
    let started = lavka_users::start(config.users.clone(), of(context, config, "users")).await;
    let started = started.map_err(|error| failed("users", error))?;
    Ok((started.users, started.jwks, started.subgraph))
}

async fn start_one(name: &str, config: &Config, context: &Context) -> Result<Subgraph> {
    let started = match name {
        "catalog" => lavka_catalog::start(config.catalog.clone(), of(context, config, "catalog")).await,
        "cart" => lavka_cart::start(config.cart.clone(), of(context, config, "cart")).await,
        "orders" => lavka_orders::start(config.orders.clone(), of(context, config, "orders")).await,
        "payments" => lavka_payments::start(config.payments.clone(), of(context, config, "payments")).await,
        "notifications" => {
            lavka_notifications::start(config.notifications.clone(), of(context, config, "notifications"))
                .await
        }
        _ => bail!("there is no subgraph {name}; there are {}", SERVICES.join(", ")),
    };
    started.map_err(|error| failed(name, error))
}

/// A service's own surroundings, with the database that its section names. (catalog and cart, whose engines are not SQL's, look
/// for themselves.)
pub fn of(context: &Context, config: &Config, name: &'static str) -> Context {
    let database = match name {
        "users" => config.users.database.as_ref(),
        "orders" => config.orders.database.as_ref(),
        "payments" => config.payments.database.as_ref(),
        "notifications" => config.notifications.database.as_ref(),
        _ => None,
    };
    context.of_service(name, database)
}

fn failed(name: &str, error: lavka_kit::StartError) -> anyhow::Error {
    anyhow!(error).context(format!("start {name}"))
}

/// Finds out now, and not with the first order, that a directory can't be written.
fn check_writable(data: &Path) -> Result<()> {
    // Several services may share the directory, and start at once.
    let probe = data.join(format!(".lavka-writes-here-{}", std::process::id()));
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .with_context(|| format!("write to the data directory {}", data.display()))
}

fn service_secret(config: &Config, randomness: &dyn Randomness) -> Result<Secret<String>> {
    const LEAST: usize = 32;
    match &config.service_secret {
        None => Ok(Secret::new(lavka_kit::ids::token(randomness))),
        Some(secret) if secret.expose().len() < LEAST => {
            bail!("`service_secret` must have {LEAST} characters or more")
        }
        Some(secret) => Ok(secret.clone()),
    }
}
