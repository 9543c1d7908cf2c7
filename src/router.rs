//! `lavka router`: the router in front of subgraphs that run elsewhere; and what `lavka up` shares with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::routing::get;
use lavka_kit::bus::EventBus;
use lavka_kit::health::{HealthCheck, check_all};
use lavka_kit::tasks::Tasks;
use lavka_kit::tokens::JwksSource;
use lavka_router::UrlJwks;

use crate::config::Config;
use crate::{bus_metrics, command_line, doors, graph, storefront, up};

/// Runs the router until it is told to end.
///
/// # Errors
/// When a subgraph can't be reached, the schemas don't compose, or the port is taken.
pub async fn run(options: command_line::Router) -> Result<()> {
    let mut config = Config::read(options.config.as_deref())?;
    config.listen = options.listen.unwrap_or(config.listen);
    lavka_kit::telemetry::init(&config.log)?;
    let replicas = replicas(&options.subgraphs)?;

    let client = lavka_kit::tls::http_client().build()?;
    let mut inputs = Vec::new();
    for (name, urls) in &replicas {
        let sdl = sdl(&client, &urls[0])
            .await
            .with_context(|| format!("read the schema of {name} from {}", urls[0]))?;
        inputs.push(lavka_compose::Subgraph {
            name: name.clone(),
            url: Some(urls[0].clone()),
            sdl,
        });
    }
    let supergraph = graph::compose_graph(&inputs)?.supergraph;
    let mut router = lavka_router::Router::builder()
        .supergraph(supergraph)
        .config(config.router.clone());
    let jwks_url = match &config.jwks_url {
        Some(url) => Some(url.clone()),
        None => replicas
            .get("users")
            .map(|urls| jwks_beside(&urls[0]))
            .transpose()?,
    };
    if let Some(url) = jwks_url {
        router = router.jwks(UrlJwks::new(&url).map_err(|error| anyhow!(error))?);
    }
    let doors = doors::routes(&replicas)?;
    for (name, urls) in replicas {
        let transport = config
            .router
            .http_transport(&name, &urls)
            .map_err(|error| anyhow!(error))?;
        router = router.transport(name, Arc::new(transport));
    }
    let router = router.build()?;
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("listen on {}", config.listen))?;
    let stop = up::StopSignal::listen()?;
    println!(
        "The router listens on http://{}/graphql",
        listener.local_addr().context("find out the own address")?
    );
    let handle = router.handle();
    let routes = router
        .into_routes()
        .merge(handle.routes())
        .merge(doors)
        .fallback(storefront::serve);
    up::serve(listener, routes, &Tasks::new(), stop, || handle.shut_down()).await
}

/// `name=url`, several for one name being its replicas.
fn replicas(arguments: &[String]) -> Result<BTreeMap<String, Vec<String>>> {
    let mut replicas: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for argument in arguments {
        let Some((name, url)) = argument
            .split_once('=')
            .filter(|(name, url)| !name.is_empty() && !url.is_empty())
        else {
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
pub fn keys(source: Arc<dyn JwksSource>) -> impl lavka_router::JwksSource {
    move || {
        let source = Arc::clone(&source);
        async move { Ok(serde_json::to_string(&source.keys().await?)?) }
    }
}

/// `/health/live`, `/health/ready` by these checks, and `/metrics`, the bus's and the services' included.
pub fn observation(
    handle: &lavka_router::Handle,
    bus: Arc<dyn EventBus>,
    checks: Vec<Arc<dyn HealthCheck>>,
    counts: Vec<bus_metrics::Count>,
) -> axum::Router {
    let ready = async move || {
        let reports = check_all(&checks).await;
        let is_ready = reports.iter().all(|it| it.problem.is_none());
        let status = if is_ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (
            status,
            Json(serde_json::json!({ "ready": is_ready, "checks": reports })),
        )
    };
    let handle = handle.clone();
    let metrics = async move || {
        let page = bus_metrics::with_lag(&handle.metrics_page(), &*bus, &counts).await;
        (
            [(header::CONTENT_TYPE, lavka_router::Metrics::CONTENT_TYPE)],
            page,
        )
    };
    axum::Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicas_of_one_subgraph_are_named_several_times() {
        let arguments = ["users=http://a/graphql", "users=http://b/graphql"].map(str::to_owned);
        assert_eq!(
            replicas(&arguments).expect("well formed")["users"],
            ["http://a/graphql", "http://b/graphql"]
        );
        for bad in ["users", "=http://a", "users="] {
            let error = replicas(&[bad.to_owned()])
                .expect_err("not of the form")
                .to_string();
            assert!(error.contains(bad), "{error}");
        }
    }

    #[test]
    fn keys_are_published_beside_the_graphql_endpoint() {
        assert_eq!(
            jwks_beside("http://users:4001/graphql").expect("a URL"),
            "http://users:4001/.well-known/jwks.json"
        );
        assert!(jwks_beside("users").is_err_and(|it| it.to_string().contains("users is not a URL")));
    }
}
