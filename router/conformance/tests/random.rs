//! Supergraphs, data and operations that seeds make up: the router answers what one server over the same data answers.
//!
//! `CASES=20000 cargo test -p lavka-conformance --test random` runs more of them, `SEED=…` begins elsewhere. What fails is made small and
//! printed; with `SAVE=folder` it is also written there as a case for `cases/`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use lavka_conformance::{
    Answers, Compare, Federation, FederationError, Scenario, difference, operation, shrink,
};
use tokio::runtime::Runtime;

/// How many operations are asked of one supergraph.
const OPERATIONS: u64 = 5;
/// So many failures are enough to look at.
const MOST_FAILURES: usize = 5;

#[test]
fn random_supergraphs_are_answered_as_one_server_would() {
    let counts = run(number("CASES", 500), Scenario::new);
    assert!(
        counts.requests <= 6 * counts.right,
        "more than 6 requests per operation"
    );
    assert!(
        counts.waves <= 3 * counts.right,
        "more than 3 waves per operation"
    );
}

/// Each value of a context is a request of its own, so that these are counted apart.
#[test]
fn random_contexts_are_answered_as_one_server_would() {
    run(number("CASES", 500) / 2, Scenario::with_contexts);
}

fn run(cases: u64, make_up: fn(u64) -> Scenario) -> Counts {
    let first = number("SEED", 1);
    let runtime = Runtime::new().expect("a runtime");
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    let mut seed = first;
    let started = Instant::now();
    while counts.asked < cases && failures.len() < MOST_FAILURES {
        let scenario = make_up(seed);
        match scenario.federation() {
            Ok(federation) => {
                for at in 0..OPERATIONS {
                    let mut scenario = scenario.clone();
                    choose_operation(&mut scenario, &federation, seed * OPERATIONS + at);
                    let asked =
                        runtime.block_on(federation.ask(&scenario.operation, scenario.variables.clone()));
                    match verdict(&asked) {
                        Verdict::Invalid => counts.invalid += 1,
                        Verdict::Right => {
                            counts.asked += 1;
                            counts.add(asked.as_ref().ok());
                        }
                        Verdict::Wrong(kind, what) => {
                            counts.asked += 1;
                            failures.push(report(&runtime, seed, &scenario, kind, &what));
                        }
                    }
                }
            }
            Err(error) => failures.push(format!("SEED={seed} doesn't compose: {error}\n{scenario}")),
        }
        seed += 1;
    }
    println!(
        "{} operations over {} supergraphs in {:.0?} ({} more were not valid): on average {:.2} requests in {:.2} waves, at most {} and {}",
        counts.asked,
        seed - first,
        started.elapsed(),
        counts.invalid,
        counts.requests as f64 / counts.right.max(1) as f64,
        counts.waves as f64 / counts.right.max(1) as f64,
        counts.most_requests,
        counts.most_waves,
    );
    println!("operations by requests: {:?}", counts.by_requests);
    assert!(
        failures.is_empty(),
        "{} failures:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    counts
}

#[test]
fn a_seed_is_a_scenario() {
    assert_eq!(Scenario::new(7), Scenario::new(7));
    assert_ne!(Scenario::new(7), Scenario::new(8));
}

#[derive(Default)]
struct Counts {
    asked: u64,
    right: u64,
    invalid: u64,
    requests: u64,
    waves: u64,
    most_requests: u64,
    most_waves: u64,
    by_requests: BTreeMap<u64, u64>,
}

impl Counts {
    fn add(&mut self, answers: Option<&Answers>) {
        let Some(answers) = answers else { return };
        let requests = answers.requests.len() as u64;
        let waves = answers.plan.fetches.iter().map(|fetch| fetch.wave + 1).max();
        let waves = waves.unwrap_or(0) as u64;
        self.right += 1;
        self.requests += requests;
        self.waves += waves;
        self.most_requests = self.most_requests.max(requests);
        self.most_waves = self.most_waves.max(waves);
        *self.by_requests.entry(requests).or_default() += 1;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plan,
    Data,
    Errors,
}

enum Verdict {
    Right,
    /// Two fields stand in each other's way: the generator doesn't look.
    Invalid,
    Wrong(Kind, String),
}

fn verdict(asked: &Result<Answers, FederationError>) -> Verdict {
    match asked {
        Err(FederationError::Operation(_)) => Verdict::Invalid,
        Err(error) => Verdict::Wrong(Kind::Plan, error.to_string()),
        Ok(answers) => match difference(&answers.federated, &answers.whole, Compare::Loosely) {
            None => Verdict::Right,
            Some(what) if what.starts_with("errors") => Verdict::Wrong(Kind::Errors, what),
            Some(what) => Verdict::Wrong(Kind::Data, what),
        },
    }
}

/// Of some operations the first that is valid, or else the last.
fn choose_operation(scenario: &mut Scenario, federation: &Federation, seed: u64) {
    for again in 0..4 {
        let api = federation.supergraph.api_schema();
        (scenario.operation, scenario.variables) = operation(api, seed * 4 + again);
        if federation.is_valid(&scenario.operation) {
            return;
        }
    }
}

fn report(runtime: &Runtime, seed: u64, scenario: &Scenario, kind: Kind, what: &str) -> String {
    let mut fails = |candidate: &Scenario| {
        if kind == Kind::Plan && is_cut(scenario, candidate) {
            return false;
        }
        let asked = runtime.block_on(candidate.ask());
        matches!(verdict(&asked), Verdict::Wrong(found, _) if found == kind && !matches!(asked, Err(FederationError::Compose(_) | FederationError::Sdl(_) | FederationError::World(_))))
    };
    let tries = usize::try_from(number("SHRINK", 1500)).unwrap_or(0);
    let small = shrink(scenario, tries, &mut fails);
    let mut text = format!("SEED={seed}: {what}\n{small}");
    match runtime.block_on(small.ask()) {
        Ok(answers) => {
            let what = difference(&answers.federated, &answers.whole, Compare::Loosely);
            let _ = writeln!(text, "--- now: {}", what.unwrap_or_default());
            let _ = writeln!(
                text,
                "router:     {}\none server: {}",
                answers.federated, answers.whole
            );
            for (subgraph, request) in &answers.requests {
                let _ = writeln!(text, "  {subgraph}: {request}");
            }
            let _ = writeln!(text, "{}", answers.plan);
        }
        Err(error) => {
            let _ = writeln!(text, "--- now: {error}");
        }
    }
    if let Ok(folder) = std::env::var("SAVE") {
        save(&Path::new(&folder).join(format!("seed_{seed}")), &small);
    }
    text
}

/// Whether subgraphs lost more than whole fields: then there may rightly be no way any more.
fn is_cut(scenario: &Scenario, candidate: &Scenario) -> bool {
    let count = |scenario: &Scenario, word: &str| -> usize {
        scenario
            .subgraphs
            .values()
            .map(|sdl| sdl.matches(word).count())
            .sum()
    };
    candidate.subgraphs.len() < scenario.subgraphs.len()
        || ["@key", "@shareable", "type ", "implements"]
            .iter()
            .any(|word| count(candidate, word) < count(scenario, word))
}

fn save(folder: &Path, scenario: &Scenario) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))
            .and_then(|()| std::fs::write(&path, text))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    };
    for (name, sdl) in &scenario.subgraphs {
        write(&format!("{name}.graphql"), sdl);
    }
    write(
        "world.json",
        &serde_json::to_string_pretty(&scenario.world).unwrap_or_default(),
    );
    let labels = match scenario.labels.is_empty() {
        true => String::new(),
        false => format!("# labels: {}\n", scenario.labels.join(", ")),
    };
    let text = format!("# {}\n{labels}{}", scenario.variables, scenario.operation);
    write("operations/found.graphql", &text);
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}
