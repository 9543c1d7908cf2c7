//! The router as whoever embeds it sees it: a builder, routes for axum, and a handle to look at and to end it by.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::{any, get};
use http::header;
use lavka_executor::{Executor, Transport};
use lavka_supergraph::Supergraph;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::auth::{Authenticator, JwksSource, TokenVerifier};
use crate::clock::Clock;
use crate::config::{Config, Cors, Limits};
use crate::engine::{Engine, TrustedDocuments};
use crate::gateway::Gateway;
use crate::head::HeaderRules;
use crate::layers::{self, CsrfCheck, Origins, RateLimit};
use crate::measured::Measured;
use crate::metrics::Metrics;
use crate::{door, graphiql};

/// A federation router, ready to serve.
pub struct Router {
    path: String,
    gateway: Arc<Gateway>,
    origins: Origins,
    permits: Arc<Semaphore>,
}

/// Looks at a running router and ends it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    metrics: Metrics,
    shutdown: CancellationToken,
}

/// Why a router can't be built. Each is one sentence for an operator.
#[derive(Debug, Error)]
pub enum BuildError {
    /// [`RouterBuilder::supergraph`] wasn't called.
    #[error("the router needs a supergraph")]
    NoSupergraph,
    /// The supergraph has a subgraph that can't be reached.
    #[error("subgraph `{0}` has no transport: say where it is")]
    NoTransport(String),
    /// There is a transport to what isn't a subgraph.
    #[error("there is a transport for `{0}`, but the supergraph has no such subgraph")]
    UnknownSubgraph(String),
    /// The configuration says something impossible.
    #[error("configuration: {0}")]
    Configuration(String),
}

/// Collects what a router is made of.
#[must_use = "a builder does nothing until it builds"]
pub struct RouterBuilder {
    supergraph: Option<Supergraph>,
    transports: HashMap<Arc<str>, Arc<dyn Transport>>,
    jwks: Option<Arc<dyn JwksSource>>,
    config: Config,
    clock: Clock,
    path: String,
    trusted: Option<String>,
    shutdown: CancellationToken,
}

impl RouterBuilder {
    /// What is served.
    pub fn supergraph(mut self, supergraph: Supergraph) -> Self {
        self.supergraph = Some(supergraph);
        self
    }

    /// How to reach the subgraph of this name.
    pub fn transport(mut self, subgraph: impl Into<Arc<str>>, transport: Arc<dyn Transport>) -> Self {
        self.transports.insert(subgraph.into(), transport);
        self
    }

    /// Where the keys are that bearer tokens are verified with. Without it no token is read here: it passes to the
    /// subgraphs, and whatever is `@authenticated` is denied to everybody.
    pub fn jwks(mut self, source: impl JwksSource) -> Self {
        self.jwks = Some(Arc::new(source));
        self
    }

    /// All of the configuration; call it before those that set a part.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// The limits of the configuration.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.limits = limits;
        self
    }

    /// Which web sites may call.
    pub fn cors(mut self, cors: Cors) -> Self {
        self.config.cors = cors;
        self
    }

    /// What time it is; the machine's clock if not called.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The path that GraphQL is served at; `/graphql` if not called.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// A manifest of documents that clients may name instead of sending their text: JSON, ids and texts, or Apollo's
    /// `apollo-persisted-query-manifest`. With `persisted.trusted_only` in the configuration, nothing else is answered.
    pub fn trusted_documents(mut self, manifest: impl Into<String>) -> Self {
        self.trusted = Some(manifest.into());
        self
    }

    /// When this is cancelled, sockets and subscriptions end.
    pub fn shutdown(mut self, shutdown: CancellationToken) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// Checks that everything fits together.
    ///
    /// # Errors
    /// A sentence that says what doesn't.
    pub fn build(self) -> Result<Router, BuildError> {
        let supergraph = Arc::new(self.supergraph.ok_or(BuildError::NoSupergraph)?);
        let names: Vec<&str> = supergraph
            .subgraphs()
            .iter()
            .map(|subgraph| &*subgraph.name)
            .collect();
        if let Some(missing) = names.iter().find(|name| !self.transports.contains_key(**name)) {
            return Err(BuildError::NoTransport((*missing).to_owned()));
        }
        if let Some(unknown) = self.transports.keys().find(|name| !names.contains(&&***name)) {
            return Err(BuildError::UnknownSubgraph(unknown.to_string()));
        }
        let config = Arc::new(self.config);
        if !self.path.starts_with('/') || self.path.len() < 2 || self.path.contains(['{', '}', '*']) {
            return Err(BuildError::Configuration(format!(
                "`{}` is not a path to serve GraphQL at",
                self.path
            )));
        }
        let origins = Origins::new(&config.cors).map_err(BuildError::Configuration)?;
        let headers = HeaderRules::new(&config.headers).map_err(BuildError::Configuration)?;
        let verifier = match self.jwks {
            Some(source) => Some(
                TokenVerifier::new(source, &config.tokens, self.clock.clone())
                    .map_err(BuildError::Configuration)?,
            ),
            None => {
                warn!(
                    "no key set is configured: tokens pass unread, and @authenticated fields are denied to everybody"
                );
                None
            }
        };
        let trusted = match (&self.trusted, config.persisted.trusted_only) {
            (Some(manifest), _) => TrustedDocuments::read(manifest).map_err(|why| {
                BuildError::Configuration(format!("the manifest of trusted documents: {why}"))
            })?,
            (None, false) => TrustedDocuments::default(),
            (None, true) => {
                let why = "`persisted.trusted_only` is set, but there is no manifest of trusted documents: nothing could ever be answered";
                return Err(BuildError::Configuration(why.to_owned()));
            }
        };
        let metrics = Metrics::new();
        let transports = self
            .transports
            .into_iter()
            .map(|(name, inner)| {
                let measured: Arc<dyn Transport> = Arc::new(Measured {
                    inner,
                    metrics: metrics.clone(),
                });
                (name, measured)
            })
            .collect();
        let executor = Executor::new(transports).with_limits(lavka_executor::Limits {
            fetch_timeout: Duration::from_secs(config.limits.request_seconds),
            fetch_bytes: config.most_response_bytes(),
            ..lavka_executor::Limits::default()
        });
        let permits = Arc::new(Semaphore::new(
            config.limits.concurrent_requests.clamp(1, Semaphore::MAX_PERMITS),
        ));
        let engine = Engine::new(
            supergraph,
            executor,
            Arc::clone(&permits),
            trusted,
            Arc::clone(&config),
            metrics.clone(),
        );
        let gateway = Gateway {
            engine,
            authenticator: Authenticator::new(verifier),
            csrf: CsrfCheck::new(config.csrf.clone(), origins.clone()),
            rate: RateLimit::new(&config.rate_limit),
            headers,
            metrics,
            clock: self.clock,
            sockets: Arc::new(Semaphore::new(
                config.websocket.connections.min(Semaphore::MAX_PERMITS),
            )),
            streams: Arc::new(Semaphore::new(config.streams.open.min(Semaphore::MAX_PERMITS))),
            shutdown: self.shutdown,
            config,
        };
        Ok(Router {
            path: self.path,
            gateway: Arc::new(gateway),
            origins,
            permits,
        })
    }
}

impl Router {
    /// Begins a router.
    pub fn builder() -> RouterBuilder {
        RouterBuilder {
            supergraph: None,
            transports: HashMap::new(),
            jwks: None,
            config: Config::default(),
            clock: Clock::system(),
            path: "/graphql".to_owned(),
            trusted: None,
            shutdown: CancellationToken::new(),
        }
    }

    /// For looking at the router while it runs.
    pub fn handle(&self) -> Handle {
        Handle {
            metrics: self.gateway.metrics.clone(),
            shutdown: self.gateway.shutdown.clone(),
        }
    }

    /// Routes to merge with others: GraphQL by every protocol at the path, GraphiQL's files below it.
    ///
    /// Serve them with `into_make_service_with_connect_info::<SocketAddr>()`, so that subgraphs learn the peer's address.
    pub fn into_routes(self) -> axum::Router {
        let graphql = axum::Router::new()
            .route(&self.path, any(door::serve))
            .with_state(Arc::clone(&self.gateway));
        let mut routes = layers::wrap(graphql, &self.gateway, &self.origins, self.permits);
        if self.gateway.config.graphiql.enabled {
            let assets = axum::Router::new()
                .route(&format!("{}/assets/{{name}}", self.path), get(graphiql::asset))
                .layer(tower_http::compression::CompressionLayer::new());
            routes = routes.merge(assets);
        }
        routes
    }
}

impl Handle {
    /// What the router has counted, as Prometheus' text.
    pub fn metrics_page(&self) -> String {
        self.metrics.page()
    }

    /// Ends sockets and subscriptions, so that a graceful shutdown has an end.
    pub fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// `/health/live`, `/health/ready` (503 while shutting down) and `/metrics`, for a program that has no others.
    pub fn routes(&self) -> axum::Router {
        let (ready, metrics) = (self.clone(), self.clone());
        axum::Router::new()
            .route("/health/live", get(async || "ok\n"))
            .route(
                "/health/ready",
                get(async move || {
                    if ready.shutdown.is_cancelled() {
                        (http::StatusCode::SERVICE_UNAVAILABLE, "shutting down\n")
                    } else {
                        (http::StatusCode::OK, "ok\n")
                    }
                }),
            )
            .route(
                "/metrics",
                get(async move || {
                    (
                        [(header::CONTENT_TYPE, Metrics::CONTENT_TYPE)],
                        metrics.metrics_page(),
                    )
                }),
            )
    }
}
