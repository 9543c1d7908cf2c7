//! `lavka subgraph NAME`: one service in a process of its own.

use anyhow::{Context as _, Result, bail};
use lavka_kit::subgraph::Starting;

use crate::assembly::{self, SERVICES, Surroundings};
use crate::command_line;
use crate::config::Config;

/// Runs one service until it is told to end.
///
/// # Errors
/// When there is no such service, or it can't start.
pub async fn run(options: command_line::Subgraph) -> Result<()> {
    let name = options.name.as_str();
    if !SERVICES.contains(&name) {
        bail!("there is no subgraph {name}; there are {}", SERVICES.join(", "));
    }
    let mut config = Config::read(options.places.config.as_deref())?;
    config.data = options.places.data.unwrap_or(config.data);
    if config.service_secret.is_none() {
        bail!("`service_secret` must be set, to the same for all services: LAVKA__SERVICE_SECRET=…");
    }
    lavka_kit::telemetry::init(&config.log)?;
    let listener = tokio::net::TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("listen on {}", options.listen))?;
    let address = listener.local_addr().context("find out the own address")?;
    let public_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.listen));
    let Surroundings { context, .. } = Surroundings::prepare(&config, public_url, options.demo).await?;
    let starting = Starting::new(context.waiting.clone());
    let opening = async {
        let subgraph = assembly::start_alone(name, &config, &context).await?;
        let counts = subgraph.metrics.clone();
        let subgraph = subgraph
            .with_health(lavka_kit::bus::health(context.bus.clone()))
            .with_routes(crate::bus_metrics::routes(context.bus.clone(), counts));
        starting.open(lavka_kit::subgraph::routes(subgraph));
        println!("{name} listens on http://{address}/graphql");
        std::future::pending().await
    };
    let stop = crate::up::StopSignal::listen()?;
    // While its engines are waited for it is alive already, and says what it waits for.
    tokio::select! {
        served = crate::up::serve(listener, starting.routes(), &context.tasks, stop, || ()) => served,
        failed = opening => failed,
    }
}
