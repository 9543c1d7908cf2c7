//! A small world to test in: two subgraphs (people and their posts), an issuer of tokens, a clock, and clients.

mod http_client;
mod issuer;
mod socket_client;
mod subgraphs;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lavka_executor::Transport;
use lavka_router::{Clock, Config, FixedJwks, Handle, Router};
use lavka_supergraph::Supergraph;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use http_client::{Reply, Request, network_client};
pub use socket_client::Socket;
pub use subgraphs::Stage;

/// Seconds since 1970 when the world begins.
pub const DAWN: u64 = 1_000_000;

pub struct World {
    pub routes: axum::Router,
    pub handle: Handle,
    /// What happens behind the router.
    pub stage: Arc<Stage>,
    pub now: Arc<AtomicU64>,
}

impl World {
    pub fn new() -> Self {
        Self::with(Config::default())
    }

    pub fn with(config: Config) -> Self {
        Self::with_documents(config, "{}")
    }

    /// The manifest is of documents that are trusted.
    pub fn with_documents(config: Config, manifest: &str) -> Self {
        let stage = Arc::new(Stage::default());
        let transports = subgraphs::in_process(&stage);
        Self::of(config, manifest, stage, transports)
    }

    /// The subgraphs are servers of their own.
    pub async fn over_http() -> Self {
        let stage = Arc::new(Stage::default());
        let transports = subgraphs::over_http(&stage).await;
        Self::of(Config::default(), "{}", stage, transports)
    }

    fn of(
        config: Config,
        manifest: &str,
        stage: Arc<Stage>,
        transports: Vec<(&'static str, Arc<dyn Transport>)>,
    ) -> Self {
        let now = Arc::new(AtomicU64::new(DAWN));
        let clock = Arc::clone(&now);
        let mut builder = Router::builder()
            .config(config)
            .trusted_documents(manifest)
            .supergraph(supergraph())
            .jwks(FixedJwks::new(issuer::key_set()))
            .clock(Clock::new(move || clock.load(Ordering::Relaxed)));
        for (name, transport) in transports {
            builder = builder.transport(name, transport);
        }
        let router = builder.build().expect("the world fits together");
        Self {
            handle: router.handle(),
            routes: router.into_routes(),
            stage,
            now,
        }
    }

    /// A token that is good for ten minutes.
    pub fn token(&self, scopes: &str) -> String {
        self.token_for(600, scopes)
    }

    pub fn token_for(&self, seconds: u64, scopes: &str) -> String {
        issuer::token(&json!({"sub": "ann", "scope": scopes, "exp": DAWN + seconds}))
    }

    /// A token for somebody for whom these policies hold.
    pub fn token_with_policies(&self, policies: &Value) -> String {
        issuer::token(&json!({"sub": "ann", "policies": policies, "exp": DAWN + 600}))
    }

    pub fn post(&self, query: &str) -> Request {
        self.post_body(&json!({ "query": query }).to_string())
    }

    pub fn post_with(&self, query: &str, variables: Value) -> Request {
        self.post_body(&json!({"query": query, "variables": variables}).to_string())
    }

    pub fn post_body(&self, body: &str) -> Request {
        Request::post(self.routes.clone(), body)
    }

    /// `parameters` as in a URL, not yet escaped.
    pub fn get(&self, parameters: &[(&str, &str)]) -> Request {
        Request::get(self.routes.clone(), parameters)
    }

    /// Serves on a real port until the test ends.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = self
            .routes
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        address
    }

    pub async fn socket(&self) -> Socket {
        Socket::open(self.listen().await, "graphql-transport-ws", &[]).await
    }
}

fn supergraph() -> Supergraph {
    let composition =
        lavka_compose::compose(&subgraphs::schemas()).unwrap_or_else(|errors| panic!("{errors:?}"));
    Supergraph::parse(&composition.supergraph_sdl).unwrap_or_else(|errors| panic!("{errors:?}"))
}
