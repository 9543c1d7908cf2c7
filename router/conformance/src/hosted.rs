//! A case's subgraphs, served over HTTP on ports of 127.0.0.1.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderName, header};
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::case::Case;
use crate::federation::FederationError;
use crate::mock::MockSubgraph;

/// Subgraphs that can be reached, until this is dropped.
#[derive(Debug)]
pub struct HostedCase {
    /// The supergraph, with the subgraphs' addresses.
    pub supergraph: String,
    _servers: JoinSet<()>,
}

/// Why a case's subgraphs can't be served.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// They can't be run at all.
    #[error(transparent)]
    Federation(#[from] FederationError),
    /// There is no port for them.
    #[error("no port for a subgraph")]
    Port(#[from] std::io::Error),
}

impl Case {
    /// Serves the case's subgraphs, each on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Where there is no port, or the subgraphs are no federation.
    pub async fn host(&self) -> Result<HostedCase, HostError> {
        let federation = self.federation()?;
        let mut servers = JoinSet::new();
        let mut urls = BTreeMap::new();
        for (name, mock) in federation.subgraphs() {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            urls.insert(
                name.to_string(),
                format!("http://{}/graphql", listener.local_addr()?),
            );
            let routes = routes(mock.clone());
            servers.spawn(async move {
                // It ends with the process or when the case is over; nobody would read why.
                let _ = axum::serve(listener, routes).await;
            });
        }
        Ok(HostedCase {
            supergraph: self.supergraph_at(&urls)?,
            _servers: servers,
        })
    }

    /// The supergraph of subgraphs at these addresses.
    fn supergraph_at(&self, urls: &BTreeMap<String, String>) -> Result<String, FederationError> {
        if let Some(supergraph) = &self.supergraph {
            // Composed elsewhere, it has the address that the kit's cases agree on.
            let replaced = urls.iter().fold(supergraph.clone(), |text, (name, url)| {
                text.replace(&format!("http://{name}.case"), url)
            });
            return Ok(replaced);
        }
        let subgraphs: Vec<lavka_compose::Subgraph> = self
            .subgraphs
            .iter()
            .map(|(name, sdl)| lavka_compose::Subgraph {
                name: name.clone(),
                url: urls.get(name).cloned(),
                sdl: sdl.clone(),
            })
            .collect();
        match lavka_compose::compose(&subgraphs) {
            Ok(composition) => Ok(composition.supergraph_sdl),
            Err(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Err(FederationError::Compose(errors.join("\n")))
            }
        }
    }
}

type JsonBody = ([(HeaderName, &'static str); 1], String);

fn routes(mock: Arc<MockSubgraph>) -> axum::Router {
    let answer = move |body: Bytes| {
        let mock = mock.clone();
        async move {
            let body = mock.answer(&body).to_string();
            let answer: JsonBody = ([(header::CONTENT_TYPE, "application/json")], body);
            answer
        }
    };
    axum::Router::new().fallback(any(answer))
}
