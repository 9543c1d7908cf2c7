//! Every case under `cases/`: subgraphs, a world, operations. Each operation is asked of the router and of one server
//! over the same data, and the answers must be equal.
//!
//! A case is a folder: `NAME.graphql` for each subgraph, `world.json`, and `operations/*.graphql`. An operation's
//! variables stand in its first line: `# {"id": "1"}`.

mod cases {
    pub mod random;
}

use std::fs;
use std::path::{Path, PathBuf};

use lavka_conformance::{Answers, Federation, FederationError, World};
use serde_json::Value as Json;

#[tokio::test]
async fn the_router_answers_what_one_server_would() {
    let mut failures = Vec::new();
    let mut count = 0;
    let chosen = std::env::var("CASE").unwrap_or_default();
    for case in sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")) {
        if !case.display().to_string().contains(&chosen) {
            continue;
        }
        let federation = match federation(&case) {
            Ok(federation) => federation,
            Err(why) => {
                failures.push(format!("{}: {why}", case.display()));
                continue;
            }
        };
        for path in sorted(&case.join("operations")) {
            count += 1;
            let operation = read(&path);
            let variables = operation
                .lines()
                .next()
                .and_then(|line| line.strip_prefix('#'))
                .unwrap_or("null");
            let variables: Json = serde_json::from_str(variables).unwrap_or_default();
            let problem = match federation.ask(&operation, variables).await {
                Ok(answers) => difference(&answers, Compare::Strictly),
                Err(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                failures.push(format!("{}: {problem}", path.display()));
            }
        }
    }
    assert!(count > 0, "no operations under cases/");
    assert!(
        failures.is_empty(),
        "{} of {count} operations:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

/// Operations that a seed makes up, over the same subgraphs.
#[tokio::test]
async fn random_operations_are_answered_as_one_server_would() {
    let number = |name: &str, default: u64| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (first, count) = (number("SEED", 1), number("SEEDS", 60));
    let chosen = std::env::var("CASE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut asked = 0;
    let mut requests = 0;
    for case in sorted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")) {
        if !case.display().to_string().contains(&chosen) {
            continue;
        }
        let federation = federation(&case).unwrap_or_else(|why| panic!("{}: {why}", case.display()));
        for seed in first..first + count {
            let (operation, variables) = cases::random::operation(federation.supergraph.api_schema(), seed);
            let problem = match federation.ask(&operation, variables.clone()).await {
                Ok(answers) => {
                    asked += 1;
                    requests += answers.requests.len();
                    difference(&answers, Compare::Loosely)
                }
                // Fields that can't be merged: the generator doesn't look.
                Err(FederationError::Operation(_)) => None,
                Err(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                failures.push(format!(
                    "CASE={} SEED={seed} {variables}\n{operation}\n{problem}",
                    case.display()
                ));
            }
        }
    }
    println!("{asked} operations, {requests} requests");
    assert!(asked * 2 > count, "most operations must be valid: {asked}");
    assert!(
        failures.is_empty(),
        "{} of {asked} operations:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn federation(case: &Path) -> Result<Federation, String> {
    let files: Vec<(String, String)> = sorted(case)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
        .map(|path| {
            (
                path.file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                read(&path),
            )
        })
        .collect();
    let subgraphs: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, sdl)| (name.as_str(), sdl.as_str()))
        .collect();
    let world = serde_json::from_str(&read(&case.join("world.json"))).map_err(|error| error.to_string())?;
    let world = World::new(world).map_err(|error| error.to_string())?;
    Federation::new(&subgraphs, world).map_err(|error| error.to_string())
}

/// How much of an answer is compared.
#[derive(Clone, Copy, PartialEq)]
enum Compare {
    /// Data to the letter, in the client's order; errors at the same paths.
    Strictly,
    /// Data without the order of its fields; errors or none. Two things are left open: where a field is selected twice,
    /// once under a condition, the planner keeps the place of the first (the specification counts only what is included);
    /// and when a non-null field failed, a server may or may not tell of the fields beside it.
    Loosely,
}

fn difference(answers: &Answers, compare: Compare) -> Option<String> {
    let paths = |answer: &Json| {
        let mut paths: Vec<String> = answer["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| error["path"].to_string())
            .collect();
        paths.sort();
        paths
    };
    let (ours, theirs) = (&answers.federated, &answers.whole);
    let is_equal = match compare {
        // As text: maps compare without their order.
        Compare::Strictly => {
            let data = |answer: &Json| answer["data"].to_string();
            data(ours) == data(theirs) && paths(ours) == paths(theirs)
        }
        Compare::Loosely => {
            ours["data"] == theirs["data"] && paths(ours).is_empty() == paths(theirs).is_empty()
        }
    };
    let requests: Vec<String> = answers
        .requests
        .iter()
        .map(|(subgraph, request)| format!("  {subgraph}: {request}"))
        .collect();
    (!is_equal).then(|| {
        format!(
            "\n  router:     {ours}\n  one server: {theirs}\n{}",
            requests.join("\n")
        )
    })
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
