//! Every case under `cases/`: subgraphs, a world, operations. Each operation is asked of the router and of one server
//! over the same data, and the answers must be equal.
//!
//! A case is a folder: `NAME.graphql` for each subgraph, `world.json`, and `operations/*.graphql`. An operation's
//! variables stand in its first line: `# {"id": "1"}`.

use std::fs;
use std::path::{Path, PathBuf};

use lavka_conformance::{Answers, Federation, World};
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
                Ok(answers) => difference(&answers),
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

/// Data must be equal to the letter, in the client's order; errors must stand at the same paths.
fn difference(answers: &Answers) -> Option<String> {
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
    let is_equal = answers.federated["data"].to_string() == answers.whole["data"].to_string()
        && paths(&answers.federated) == paths(&answers.whole);
    let requests: Vec<String> = answers
        .requests
        .iter()
        .map(|(subgraph, request)| format!("  {subgraph}: {request}"))
        .collect();
    (!is_equal).then(|| {
        format!(
            "\n  router:     {}\n  one server: {}\n{}",
            answers.federated,
            answers.whole,
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
