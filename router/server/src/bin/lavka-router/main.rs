//! The router alone, for anybody's subgraphs: a command line around the library.

mod arguments;
mod conformance;
mod explain;
mod schema;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::serve::ListenerExt;
use clap::Parser;
use lavka_executor::{HttpOptions, HttpTransport, Transport};
use lavka_router::{Config, Router, UrlJwks};
use tokio::net::TcpListener;
use tracing::{info, warn};
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lavka-router: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    if let Some(command) = &arguments.command {
        return match command {
            Command::Conformance(conformance) => conformance.run().await,
            Command::Explain(explain) => explain.run(),
        };
    }
    let config = read_config(&arguments)?;
    let transports = transports(&arguments.subgraphs)?;
    let sdl = schema::supergraph_sdl(&arguments, &transports).await?;
    if arguments.print_supergraph {
        print!("{sdl}");
        return Ok(());
    }
    let supergraph = schema::parse(&sdl)?;

    let mut builder = Router::builder().config(config);
    for subgraph in supergraph.subgraphs() {
        let name = &subgraph.name;
        let transport: Arc<dyn Transport> = match transports.get(&**name) {
            Some(transport) => transport.clone(),
            None => match &subgraph.url {
                Some(url) => Arc::new(HttpTransport::new([url.to_string()], HttpOptions::default())?),
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
        builder = builder.jwks(UrlJwks::new(url).map_err(|error| anyhow::anyhow!("--jwks {error}"))?);
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

/// Several addresses of one name are replicas of one subgraph.
fn transports(named: &[arguments::Named]) -> Result<BTreeMap<String, Arc<HttpTransport>>> {
    let mut urls: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for named in named {
        urls.entry(&named.name).or_default().push(&named.value);
    }
    urls.into_iter()
        .map(|(name, urls)| {
            let transport = HttpTransport::new(urls, HttpOptions::default())
                .with_context(|| format!("--subgraph {name}=…"))?;
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
