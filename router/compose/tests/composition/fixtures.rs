//! Fixtures: a folder is a set of subgraphs, a file a subgraph.

use std::path::Path;

use lavka_compose::{Composition, CompositionError, Subgraph, compose};

pub fn subgraphs(case: &str) -> Vec<Subgraph> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    of_folder(&folder.join(case))
}

/// The `.graphql` files of a folder, a subgraph each.
pub fn of_folder(folder: &Path) -> Vec<Subgraph> {
    let mut subgraphs = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a fixture's folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "graphql") {
            continue;
        }
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

/// Seeds of random sets: `SEED=7` for one, `SEEDS=1000` for more than a usual run tries.
pub fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..1 + number("SEEDS").unwrap_or(120),
    }
}
