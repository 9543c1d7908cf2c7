//! The six schemas composed into one.

use anyhow::{Result, anyhow};
use lavka_compose::compose;
use lavka_kit::subgraph::Subgraph;
use lavka_supergraph::Supergraph;

/// A supergraph, as text and as the router reads it.
pub struct Graph {
    pub sdl: String,
    pub supergraph: Supergraph,
}

/// Composes subgraphs, each a name, a URL and a schema.
///
/// # Errors
/// When they don't fit together: every error names subgraph, type and field.
pub fn compose_graph(subgraphs: &[lavka_compose::Subgraph]) -> Result<Graph> {
    let composition = compose(subgraphs).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow!("compose the subgraphs: {}", errors.join("; "))
    })?;
    for hint in &composition.hints {
        tracing::debug!("composition: {hint}");
    }
    let sdl = composition.supergraph_sdl;
    let supergraph = Supergraph::parse(&sdl).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow!("read the supergraph: {}", errors.join("; "))
    })?;
    Ok(Graph { sdl, supergraph })
}

/// The composer's input for the subgraphs of this process. Their URLs are those of compose.yaml.
pub fn inputs(subgraphs: &[Subgraph]) -> Vec<lavka_compose::Subgraph> {
    let input = |it: &Subgraph| lavka_compose::Subgraph {
        name: it.name.to_owned(),
        url: Some(format!("http://{}:4000/graphql", it.name)),
        sdl: it.sdl.clone(),
    };
    subgraphs.iter().map(input).collect()
}
