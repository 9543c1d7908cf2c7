//! Every case under `cases/`, as [`lavka_conformance::Case`] describes them: each operation is asked of the router and of one server over the same
//! data, and both must answer what is written down.
//!
//! `UPDATE_ANSWERS=1` writes down what one server answers where nothing is written yet; `CASE=…` chooses cases by a part of their name.

use std::fs;
use std::path::{Path, PathBuf};

use lavka_conformance::{
    Answer, Answers, Case, CaseOperation, Compare, FederationError, difference, operation,
};

#[tokio::test]
async fn the_router_answers_what_is_written_down() {
    let mut failures = Vec::new();
    let mut count = 0;
    for folder in chosen() {
        let case = Case::read(&folder).unwrap_or_else(|why| panic!("{why}"));
        if case.about.is_empty() {
            failures.push(format!("{}: no ABOUT says what it shows", case.name));
        }
        for operation in &case.operations {
            count += 1;
            if let Err(problem) = ask(&folder, &case, operation).await {
                failures.push(format!("{}/{}: {problem}", case.name, operation.name));
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

async fn ask(folder: &Path, case: &Case, operation: &CaseOperation) -> Result<(), String> {
    let federation = case.federation().map_err(|error| error.to_string())?;
    let federation = federation
        .with_labels(operation.labels.iter().cloned())
        .map_err(|error| error.to_string())?;
    let answers = federation
        .ask(&operation.text, operation.variables.clone())
        .await
        .map_err(|error| error.to_string())?;
    let Some(answer) = &operation.answer else {
        if std::env::var_os("UPDATE_ANSWERS").is_none() {
            return Err("no answer is written down (UPDATE_ANSWERS=1 writes one server's)".to_owned());
        }
        let path = folder.join("answers").join(format!("{}.json", operation.name));
        let text = serde_json::to_string_pretty(&Answer::of(&answers.whole).to_json()).unwrap_or_default();
        fs::create_dir_all(folder.join("answers"))
            .and_then(|()| fs::write(&path, text + "\n"))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        return shown(&answers, Compare::Strictly).map_or(Ok(()), Err);
    };
    if answer.unlike_one_server.is_none()
        && let Some(what) = answer.difference(&answers.whole)
    {
        return Err(format!("one server: {what}"));
    }
    match answer.difference(&answers.federated) {
        Some(what) => Err(format!("{what}\n{}", requests(&answers))),
        None => Ok(()),
    }
}

#[test]
fn the_program_has_all_cases_built_in() {
    let names: Vec<String> = Case::all()
        .unwrap_or_else(|why| panic!("{why}"))
        .into_iter()
        .map(|case| case.name)
        .collect();
    let folders: Vec<String> = sorted(&cases())
        .iter()
        .map(|path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(names, folders);
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
    let (first, count) = (number("SEED", 1), number("SEEDS", 20));
    let mut failures = Vec::new();
    let mut asked = 0;
    let mut requests = 0;
    for folder in chosen() {
        let case = Case::read(&folder).unwrap_or_else(|why| panic!("{why}"));
        // Where one server answers something else, there is nothing to compare with.
        if case.operations.iter().any(CaseOperation::has_its_own_answer) {
            continue;
        }
        let federation = case
            .federation()
            .unwrap_or_else(|why| panic!("{}: {why}", case.name));
        for seed in first..first + count {
            let (asked_for, variables) = operation(federation.supergraph.api_schema(), seed);
            let problem = match federation.ask(&asked_for, variables.clone()).await {
                Ok(answers) => {
                    asked += 1;
                    requests += answers.requests.len();
                    shown(&answers, Compare::Loosely)
                }
                // Fields that can't be merged: the generator doesn't look.
                Err(FederationError::Operation(_)) => None,
                Err(error) => Some(error.to_string()),
            };
            if let Some(problem) = problem {
                failures.push(format!(
                    "CASE={} SEED={seed} {variables}\n{asked_for}\n{problem}",
                    case.name
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

/// The difference, with both answers and the requests behind them.
fn shown(answers: &Answers, compare: Compare) -> Option<String> {
    let (ours, theirs) = (&answers.federated, &answers.whole);
    let what = difference(ours, theirs, compare)?;
    Some(format!(
        "{what}\n  router:     {ours}\n  one server: {theirs}\n{}",
        requests(answers)
    ))
}

fn requests(answers: &Answers) -> String {
    let lines = answers
        .requests
        .iter()
        .map(|(subgraph, request)| format!("  {subgraph}: {request}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn chosen() -> Vec<PathBuf> {
    let part = std::env::var("CASE").unwrap_or_default();
    let folders = sorted(&cases()).into_iter();
    folders
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().contains(&part))
        })
        .collect()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}
