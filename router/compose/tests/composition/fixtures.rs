//! Fixtures: a folder is a set of subgraphs, a file a subgraph.

use std::path::Path;

use lavka_compose::{Code, Composition, CompositionError, Subgraph, compose};

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

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@context", "@fromContext", "@composeDirective"])"#;

/// The conformance kit's sets of subgraphs, by their names, as the kit itself reads them.
pub fn kit() -> Vec<(String, Vec<Subgraph>)> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/cases");
    let mut kit = Vec::new();
    for case in std::fs::read_dir(cases).expect("the kit").flatten() {
        let subgraphs = of_folder(&case.path());
        if subgraphs.is_empty() {
            continue;
        }
        let subgraphs = subgraphs.into_iter().map(|one| Subgraph {
            sdl: linked(&one.sdl),
            ..one
        });
        kit.push((
            case.file_name().to_string_lossy().into_owned(),
            subgraphs.collect(),
        ));
    }
    kit
}

/// Subgraphs by name and SDL; those that don't link anything themselves are of Federation 2 with all of its directives.
pub fn described(subgraphs: &[(&str, &str)]) -> Vec<Subgraph> {
    let described = |(name, sdl): &(&str, &str)| Subgraph {
        name: (*name).to_owned(),
        url: None,
        sdl: linked(sdl),
    };
    subgraphs.iter().map(described).collect()
}

fn linked(sdl: &str) -> String {
    match sdl.contains("@link") || sdl.starts_with("# Federation 1") {
        true => sdl.to_owned(),
        false => format!("{LINK}\n{sdl}"),
    }
}

/// Why subgraphs don't compose: every reason with its line and column, but for what isn't in any text.
pub fn refused(subgraphs: &[(&str, &str)]) -> String {
    let errors = match compose(&described(subgraphs)) {
        Ok(composition) => panic!("it composes:\n{}", composition.supergraph_sdl),
        Err(errors) => errors,
    };
    for error in &errors {
        let is_of_no_text = matches!(error.code, Code::InvalidSubgraphName | Code::NoQueries);
        let is_placed = error.places.iter().all(|place| place.position.is_some());
        assert!(
            is_of_no_text || (is_placed && !error.places.is_empty()),
            "without a place: {error}"
        );
    }
    errors.iter().map(|error| format!("{error}\n")).collect()
}

/// What there is to know about subgraphs that compose.
pub fn hints(subgraphs: &[(&str, &str)]) -> String {
    let composition = compose(&described(subgraphs)).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let hints = composition.hints.iter();
    hints.map(|hint| format!("hint {hint}\n")).collect()
}

/// What comes out, without what is the same in every supergraph.
pub fn composed(subgraphs: &[(&str, &str)]) -> String {
    let composition = compose(&described(subgraphs)).unwrap_or_else(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("it doesn't compose:\n{}", errors.join("\n"))
    });
    let text = &composition.supergraph_sdl;
    let same = [
        "directive @join__",
        "directive @link",
        "enum join__",
        "enum link__",
        "scalar join__",
        "scalar link__",
        "input join__",
    ];
    let own: Vec<&str> = text
        .split("\n\n")
        .filter(|definition| !same.iter().any(|head| definition.starts_with(head)))
        .collect();
    let hints: Vec<String> = composition
        .hints
        .iter()
        .map(|hint| format!("# {}", hint.to_string().replace('\n', "\n#")))
        .collect();
    [own.join("\n\n"), hints.join("\n")].join("\n").trim().to_owned()
}
