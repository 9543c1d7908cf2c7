//! Where the supergraph comes from: a file, or the subgraphs' own schemas, composed here.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use http::HeaderMap;
use lavka_compose::{Subgraph, compose};
use lavka_executor::{HttpTransport, SubgraphRequest, Transport};
use lavka_router::Config;
use lavka_supergraph::Supergraph;
use serde::Deserialize;
use tracing::info;

use crate::arguments::Arguments;

/// The supergraph's text.
pub async fn supergraph_sdl(
    arguments: &Arguments,
    config: &Config,
    transports: &BTreeMap<String, Arc<HttpTransport>>,
) -> Result<String> {
    match &arguments.supergraph {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the supergraph {}", path.display())),
        None => composed(arguments, config, transports).await,
    }
}

pub fn parse(sdl: &str) -> Result<Supergraph> {
    Supergraph::parse(sdl).map_err(|errors| anyhow!("the supergraph can't be served:{}", list(&errors)))
}

async fn composed(
    arguments: &Arguments,
    config: &Config,
    transports: &BTreeMap<String, Arc<HttpTransport>>,
) -> Result<String> {
    if transports.is_empty() {
        bail!("there is nothing to serve: give --supergraph, --subgraph, or addresses in the configuration");
    }
    if let Some(unknown) = arguments
        .sdl
        .iter()
        .find(|sdl| !transports.contains_key(&sdl.name))
    {
        bail!(
            "--subgraph-sdl {name}=…: say where it is by --subgraph {name}=URL",
            name = unknown.name
        );
    }
    let mut subgraphs = Vec::new();
    for (name, transport) in transports {
        let sdl = match arguments.sdl.iter().find(|sdl| sdl.name == *name) {
            Some(file) => std::fs::read_to_string(&file.value).with_context(|| {
                format!("cannot read the schema of subgraph `{name}` from {}", file.value)
            })?,
            None => asked(name, transport)
                .await
                .with_context(|| format!("cannot get the schema of subgraph `{name}`"))?,
        };
        let argument = arguments.subgraphs.iter().find(|named| named.name == *name);
        let url = match argument {
            Some(named) => Some(named.value.clone()),
            None => config
                .subgraphs
                .get(name)
                .and_then(|section| section.urls.first().cloned()),
        };
        subgraphs.push(Subgraph {
            name: name.clone(),
            url,
            sdl,
        });
    }
    let composition =
        compose(&subgraphs).map_err(|errors| anyhow!("the subgraphs don't compose:{}", list(&errors)))?;
    for hint in &composition.hints {
        info!("{hint}");
    }
    Ok(composition.supergraph_sdl)
}

/// Federation subgraphs tell their own schema.
async fn asked(name: &str, transport: &HttpTransport) -> Result<String> {
    #[derive(Deserialize)]
    struct Answer {
        data: Option<Data>,
    }
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "_service")]
        service: Service,
    }
    #[derive(Deserialize)]
    struct Service {
        sdl: String,
    }
    let request = SubgraphRequest {
        subgraph: name.into(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(br#"{"query":"{_service{sdl}}"}"#),
        is_repeatable: true,
    };
    let response = transport.fetch(request).await?;
    let answer: Answer =
        serde_json::from_slice(&response.body).context("it answered without a GraphQL response")?;
    match answer.data {
        Some(data) => Ok(data.service.sdl),
        None => bail!(
            "it does not answer {{ _service {{ sdl }} }}; give its schema by --subgraph-sdl {name}=FILE"
        ),
    }
}

fn list(errors: &[impl Display]) -> String {
    errors.iter().map(|error| format!("\n  {error}")).collect()
}
