//! Fixtures: a folder is a set of subgraphs, a file a subgraph.

use std::path::Path;

use lavka_compose::{Composition, CompositionError, Subgraph, compose};

pub fn subgraphs(case: &str) -> Vec<Subgraph> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(case);
    let mut subgraphs = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("a fixture's folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let sdl = std::fs::read_to_string(&path).expect("a fixture's text");
        subgraphs.push(Subgraph {
            url: Some(format!("http://{name}/graphql")),
            name,
            sdl,
        });
    }
    subgraphs
}

pub fn compose_fixture(case: &str) -> Result<Composition, Vec<CompositionError>> {
    compose(&subgraphs(case))
}
