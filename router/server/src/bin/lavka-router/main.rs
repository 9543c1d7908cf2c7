//! The router alone, for anybody's subgraphs: a command line around the library.

mod arguments;
mod check;
mod compose;
mod conformance;
mod explain;
mod report;
mod schema;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use axum::serve::ListenerExt;
use clap::Parser;
use lavka_executor::{HttpTransport, Transport};
use lavka_router::{Config, Router, UrlJwks};
use tokio::net::TcpListener;
use tracing::{Level, Metadata, info, warn};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry};

use arguments::{Arguments, Command};

/// Measured on the bench's large operation: see docs/decisions.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // The WebSocket library writes every frame down at its most talkative level, access tokens among them: no filter brings that
    // into a log.
    let tells_bodies =
        |of: &Metadata<'_>| *of.level() == Level::TRACE && of.target().starts_with("tungstenite");
    registry()
        .with(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")))
        .with(filter_fn(move |of| !tells_bodies(of)))
        .with(fmt::layer().with_writer(std::io::stderr))
        .init();
    let done = match &arguments.command {
        Some(Command::Compose(compose)) => return answered(compose.run()),
        Some(Command::Check(check)) => return answered(check.run()),
        Some(Command::Conformance(conformance)) => conformance.run().await,
        Some(Command::Explain(explain)) => explain.run(),
        None => run(arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lavka-router: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What a tool answers: yes (0) or no (1); or it couldn't do its work (2, as for a wrong command line).
fn answered(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("lavka-router: {error:#}");
        ExitCode::from(2)
    })
}

async fn run(arguments: Arguments) -> Result<()> {
    let config = read_config(&arguments)?;
    let transports = transports(&arguments, &config)?;
    let sdl = schema::supergraph_sdl(&arguments, &config, &transports).await?;
    if arguments.print_supergraph {
        print!("{sdl}");
        return Ok(());
    }
    let supergraph = schema::parse(&sdl)?;

    let mut builder = Router::builder().config(config.clone());
    for subgraph in supergraph.subgraphs() {
        let name = &subgraph.name;
        let transport: Arc<dyn Transport> = match transports.get(&**name) {
            Some(transport) => transport.clone(),
            None => match &subgraph.url {
                Some(url) => {
                    let transport = config.http_transport(name, &[url.to_string()]);
                    Arc::new(transport.map_err(|error| anyhow!(error))?)
                }
                None => {
                    bail!("subgraph `{name}` has no URL in the supergraph; give one by --subgraph {name}=URL")
                }
            },
        };
        builder = builder.transport(&**name, transport);
    }
    if let Some(unknown) = transports
        .keys()
        .find(|name| supergraph.subgraphs().iter().all(|s| &*s.name != name.as_str()))
    {
        bail!("--subgraph {unknown}=…: the supergraph has no subgraph of that name");
    }
    if let Some(url) = &arguments.jwks {
        builder = builder.jwks(UrlJwks::new(url).map_err(|error| anyhow!("--jwks {error}"))?);
    }
    if let Some(path) = &arguments.trusted_documents {
        let manifest = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the trusted documents {}", path.display()))?;
        builder = builder.trusted_documents(manifest);
    }
    if let Some(unknown) = config
        .subgraphs
        .keys()
        .find(|name| supergraph.subgraphs().iter().all(|s| &*s.name != name.as_str()))
    {
        bail!(
            "the configuration has a section `subgraphs.{unknown}`, but the supergraph has no such subgraph"
        );
    }
    let router = builder.supergraph(supergraph).build()?;
    let handle = router.handle();

    let listener = TcpListener::bind(&arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener
        .local_addr()
        .context("cannot tell the address that is listened on")?;
    println!("GraphQL at http://{address}/graphql");
    let routes = handle.routes().merge(router.into_routes());
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            warn!(%error, "could not set TCP_NODELAY");
        }
    });
    axum::serve(
        listener,
        routes.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(async move {
        stopped().await;
        info!("shutting down");
        handle.shut_down();
    })
    .await
    .context("serving ended")
}

fn read_config(arguments: &Arguments) -> Result<Config> {
    let Some(path) = &arguments.config else {
        return Ok(Config::default());
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a configuration", path.display()))
}

/// A way to each subgraph that an address is given for, by arguments or in the configuration. Several addresses of one name are
/// replicas of one subgraph.
fn transports(arguments: &Arguments, config: &Config) -> Result<BTreeMap<String, Arc<HttpTransport>>> {
    let mut urls: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for named in &arguments.subgraphs {
        urls.entry(&named.name).or_default().push(named.value.clone());
    }
    for (name, section) in &config.subgraphs {
        if !section.urls.is_empty() {
            urls.entry(name).or_default();
        }
    }
    urls.into_iter()
        .map(|(name, urls)| {
            let transport = config
                .http_transport(name, &urls)
                .map_err(|error| anyhow!(error))?;
            Ok((name.to_owned(), Arc::new(transport)))
        })
        .collect()
}

async fn stopped() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            warn!(%error, "Ctrl-C can't be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! { () = interrupted => {}, () = terminated => {} }
}
