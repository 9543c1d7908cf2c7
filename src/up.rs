//! `lavka up`: the whole store in one process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use lavka_kit::health::HealthCheck;
use lavka_kit::tasks::Tasks;
use tokio::net::TcpListener;

use crate::assembly::{self, Surroundings};
use crate::config::Config;
use crate::transport::InProcess;
use crate::{command_line, demo, graph, router, storefront};

/// How long requests and background work may take to end after Ctrl-C.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs the store until it is told to end.
///
/// # Errors
/// When it can't start: a used-up port, a data directory that can't be, a misspelt key, a schema that doesn't compose.
pub async fn up(options: command_line::Up) -> Result<()> {
    let mut config = Config::read(options.places.config.as_deref())?;
    config.listen = options.listen.unwrap_or(config.listen);
    config.data = options.places.data.unwrap_or(config.data);
    let is_demo = !options.no_demo;
    config.router.cors.localhost |= is_demo;
    lavka_kit::telemetry::init(&config.log)?;

    let (listener, address) = listen(config.listen).await?;
    let public_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let Surroundings { context, .. } =
        Surroundings::prepare(&config, public_url.trim_end_matches('/').to_owned(), is_demo).await?;
    let store = assembly::start_all(&config, &context).await?;

    let supergraph = graph::compose_graph(&graph::inputs(&store.subgraphs))?.supergraph;
    let mut router = lavka_router::Router::builder()
        .supergraph(supergraph)
        .config(config.router.clone())
        .jwks(router::keys(Arc::clone(&store.keys)));
    for subgraph in &store.subgraphs {
        router = router.transport(subgraph.name, Arc::new(InProcess(Arc::clone(&subgraph.service))));
    }
    let router = router.build()?;

    if is_demo {
        demo::furnish(&config.data, &store)
            .await
            .context("furnish the demo shop")?;
    }

    let mut checks: Vec<Arc<dyn HealthCheck>> =
        store.subgraphs.iter().flat_map(|it| it.health.clone()).collect();
    checks.push(lavka_kit::bus::health(Arc::clone(&context.bus)));
    let counts = store.subgraphs.iter().flat_map(|it| it.metrics.clone()).collect();
    let handle = router.handle();
    let mut routes = router.into_routes().merge(router::observation(
        &handle,
        Arc::clone(&context.bus),
        checks,
        counts,
    ));
    for subgraph in store.subgraphs {
        routes = routes.merge(subgraph.routes);
    }
    let stop = StopSignal::listen()?;
    announce(address, is_demo);
    serve(
        listener,
        routes.fallback(storefront::serve),
        &context.tasks,
        stop,
        || handle.shut_down(),
    )
    .await
}

/// Takes the port before anything else is touched, so that a second start doesn't open the data of the first.
async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("listen on {address}"))?;
    let address = listener.local_addr().context("find out the own address")?;
    Ok((listener, address))
}

/// Serves until Ctrl-C or SIGTERM, then lets what runs come to its end, but not for ever. `on_stop` ends what would stay
/// open by itself.
///
/// # Errors
/// When serving itself fails.
pub async fn serve(
    listener: TcpListener,
    routes: axum::Router,
    tasks: &Tasks,
    mut stop: StopSignal,
    on_stop: impl FnOnce(),
) -> Result<()> {
    let served = tasks.clone();
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    let serving = async move {
        axum::serve(listener, service)
            .with_graceful_shutdown(async move { served.cancelled().await })
            .await
    };
    let ending = async {
        stop.heard().await;
        tracing::info!("ending");
        on_stop();
        tasks.cancel();
        // Streams that clients hold open are cut off then.
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        done = serving => done.context("serve")?,
        () = ending => {}
    }
    if !tasks.shutdown(PATIENCE).await {
        tracing::warn!("some background work did not end in time; it is taken up again at the next start");
    }
    Ok(())
}

/// Ctrl-C and SIGTERM, heard from the moment that this is made: whoever has read an address may ask for the end at once, and a signal that
/// nobody listens to kills.
pub struct StopSignal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system doesn't let us.
    pub fn listen() -> Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt()).context("listen to Ctrl-C")?,
                terminate: signal(SignalKind::terminate()).context("listen to SIGTERM")?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn heard(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn heard(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

fn announce(address: SocketAddr, is_demo: bool) {
    println!("\n  Lavka is open.\n");
    println!("  Storefront  http://{address}/");
    println!("  GraphiQL    http://{address}/graphql");
    if is_demo {
        println!("  Letters     http://{address}/dev/mail");
        println!("\n  Demo accounts, password {}:", demo::PASSWORD);
        for (email, what) in demo::ACCOUNTS.map(|it| (it.email, it.what)) {
            println!("    {email:<22} {what}");
        }
    }
    println!("\n  Ctrl-C ends it.\n");
}
