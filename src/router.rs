//! `lavka router`: the router in front of subgraphs that run elsewhere; and what `lavka up` shares with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use axum::Json;
use axum::http::StatusCode;
use axum::routing::get;
use lavka_executor::{HttpTransport, Transport};
use lavka_kit::health::{HealthCheck, check_all};
use lavka_kit::tasks::Tasks;
use lavka_kit::tokens::{HttpJwks, JwksSource};

use crate::config::Config;
use crate::{command_line, graph, up};

/// Runs the router until it is told to end.
///
/// # Errors
/// When a subgraph can't be reached, the schemas don't compose, or the port is taken.
pub async fn run(options: command_line::Router) -> Result<()> {
    let mut config = Config::read(options.config.as_deref())?;
    config.listen = options.listen.unwrap_or(config.listen);
    lavka_kit::telemetry::init(&config.log)?;
    let replicas = replicas(&options.subgraphs)?;

    let client = reqwest::Client::new();
    let mut inputs = Vec::new();
    for (name, urls) in &replicas {
        let sdl = sdl(&client, &urls[0]).await.with_context(|| format!("read the schema of {name} from {}", urls[0]))?;
        inputs.push(lavka_compose::Subgraph { name: name.clone(), url: Some(urls[0].clone()), sdl });
    }
    let supergraph = graph::compose_graph(&inputs)?.supergraph;
    let mut router = lavka_router::Router::builder(supergraph).config(config.router.clone());
    let jwks_url = match &config.jwks_url {
        Some(url) => Some(url.clone()),
        None => replicas.get("users").map(|urls| jwks_beside(&urls[0])).transpose()?,
    };
    if let Some(url) = jwks_url {
        let source: Arc<dyn JwksSource> = Arc::new(HttpJwks::new(url, client));
        router = router.jwks(keys(&source));
    }
    for (name, urls) in replicas {
        let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(&name, &urls)?);
        router = router.transport(&name, transport);
    }
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("listen on {}", config.listen))?;
    println!("The router listens on http://{}/graphql", listener.local_addr().context("find out the own address")?);
    let routes = router.build()?.into_routes().merge(health(Vec::new()));
    up::serve(listener, routes, &Tasks::new()).await
}

/// `name=url`, several for one name being its replicas.
fn replicas(arguments: &[String]) -> Result<BTreeMap<String, Vec<String>>> {
    let mut replicas: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for argument in arguments {
        let Some((name, url)) = argument.split_once('=').filter(|(name, url)| !name.is_empty() && !url.is_empty()) else {
            bail!("--subgraph {argument}: not of the form NAME=URL");
        };
        replicas.entry(name.to_owned()).or_default().push(url.to_owned());
    }
    Ok(replicas)
}

/// Asks a subgraph for its schema, as the federation specification says: `_service { sdl }`.
async fn sdl(client: &reqwest::Client, url: &str) -> Result<String> {
    let query = serde_json::json!({ "query": "{ _service { sdl } }" });
    let answer = client.post(url).json(&query).send().await?.error_for_status()?;
    let answer: serde_json::Value = answer.json().await?;
    match answer["data"]["_service"]["sdl"].as_str() {
        Some(sdl) => Ok(sdl.to_owned()),
        None => bail!("it does not answer `{{ _service {{ sdl }} }}`: {answer}"),
    }
}

/// Where the users service publishes its keys, by where its GraphQL is.
fn jwks_beside(url: &str) -> Result<String> {
    let mut url = reqwest::Url::parse(url).with_context(|| format!("{url} is not a URL"))?;
    url.set_path("/.well-known/jwks.json");
    Ok(url.into())
}

/// The users service's keys, as the router asks for them.
pub fn keys(source: &Arc<dyn JwksSource>) -> Arc<dyn lavka_router::JwksSource> {
    let source = Arc::clone(source);
    lavka_router::jwks_from(move || {
        let source = Arc::clone(&source);
        Box::pin(async move { source.keys().await.map_err(|error| Box::new(error).into()) })
    })
}

/// `/health/live` and `/health/ready`.
pub fn health(checks: Vec<Arc<dyn HealthCheck>>) -> axum::Router {
    let ready = move || async move {
        let reports = check_all(&checks).await;
        let is_ready = reports.iter().all(|it| it.problem.is_none());
        let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, Json(serde_json::json!({ "ready": is_ready, "checks": reports })))
    };
    axum::Router::new().route("/health/live", get(|| async { "live" })).route("/health/ready", get(ready))
}
