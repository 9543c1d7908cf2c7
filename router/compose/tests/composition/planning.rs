//! What composes can be planned: composer and planner mean the same by "reachable".

use std::collections::BTreeSet;

use apollo_compiler::ExecutableDocument;
use lavka_compose::compose;
use lavka_planner::{PlanOptions, Viewer, plan};
use lavka_supergraph::Supergraph;

use super::fixtures::seeds;
use super::operations::operations;
use super::random;

/// Every field of a schema, by several ways, with every override label on and off.
pub fn problems(supergraph_sdl: &str) -> Vec<String> {
    let supergraph =
        Supergraph::parse(supergraph_sdl).unwrap_or_else(|errors| panic!("{errors:#?}\n{supergraph_sdl}"));
    let all_on: BTreeSet<String> = ["percent(50)", "moving"].map(str::to_owned).into();
    let mut problems = Vec::new();
    for labels in [BTreeSet::new(), all_on] {
        let options = PlanOptions {
            viewer: Viewer::Unrestricted,
            labels,
            search_budget: 0,
            ..PlanOptions::default()
        };
        for operation in operations(supergraph.api_schema()) {
            let document =
                ExecutableDocument::parse_and_validate(supergraph.api_schema(), &operation, "operation")
                    .unwrap_or_else(|invalid| panic!("{operation}\n{}", invalid.errors));
            if let Err(error) = plan(&supergraph, &document, None, &options) {
                problems.push(format!("{operation}\n    {error}"));
            }
        }
    }
    problems
}

#[test]
fn what_composes_is_planned() {
    let mut failures = Vec::new();
    let mut composed = 0;
    for seed in seeds() {
        let Ok(composition) = compose(&random::subgraphs(seed)) else {
            continue;
        };
        composed += 1;
        let problems = problems(&composition.supergraph_sdl);
        if !problems.is_empty() {
            failures.push(format!("seed {seed}:\n  {}", problems.join("\n  ")));
        }
    }
    assert!(
        composed > 10,
        "most of the sets should compose, and only {composed} did"
    );
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
