//! How long planning takes: `cargo bench -p lavka-planner`.
//!
//! Each is a plan from nothing, for a document that is parsed and validated: what the router does once for an operation, before its plan is cached.

#[path = "../tests/plans/large.rs"]
mod large;

use std::hint::black_box;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use criterion::{Criterion, criterion_group, criterion_main};
use lavka_planner::{PlanOptions, QueryPlan, Viewer, plan};
use lavka_supergraph::Supergraph;

fn supergraph(subgraphs: usize, types: usize) -> Supergraph {
    Supergraph::parse(&large::supergraph(subgraphs, types)).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn document(supergraph: &Supergraph, text: &str) -> Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(supergraph.api_schema(), text, "operation.graphql")
        .unwrap_or_else(|invalid| panic!("{}", invalid.errors))
}

fn planned(supergraph: &Supergraph, document: &Valid<ExecutableDocument>) -> QueryPlan {
    let options = PlanOptions {
        viewer: Viewer::Unrestricted,
        ..PlanOptions::default()
    };
    plan(supergraph, document, None, &options).unwrap_or_else(|error| panic!("{error}"))
}

fn benches(criterion: &mut Criterion) {
    let small = supergraph(4, 8);
    let one = document(&small, "{ q0 { id a next { b(lang: \"en\") } } }");
    criterion.bench_function("plan: 4 fields over 4 subgraphs", |bench| {
        bench.iter(|| planned(&small, black_box(&one)));
    });
    let text = large::operation(4, 100);
    let hundred = document(&small, &text);
    criterion.bench_function("plan: 100 fields over 4 subgraphs", |bench| {
        bench.iter(|| planned(&small, black_box(&hundred)));
    });
    let company = supergraph(200, 5_000);
    let text = large::operation(200, 2_000);
    let huge = document(&company, &text);
    let fetches = planned(&company, &huge);
    println!(
        "2,000 fields over 200 subgraphs and 5,000 types: {} requests, notes: {:?}",
        fetches.fetches.len(),
        fetches.notes
    );
    let mut group = criterion.benchmark_group("large");
    group.sample_size(10);
    group.bench_function("plan: 2,000 fields over 200 subgraphs and 5,000 types", |bench| {
        bench.iter(|| planned(&company, black_box(&huge)));
    });
    let text = large::contested(200, 2_000);
    let contested = document(&company, &text);
    group.bench_function("plan: the same, with choices that matter", |bench| {
        bench.iter(|| planned(&company, black_box(&contested)));
    });
    let text = large::operation(200, 2_000);
    group.bench_function("parse and validate the same operation", |bench| {
        bench.iter(|| document(&company, black_box(&text)));
    });
    group.finish();
    println!("most memory of this process: {}", peak_memory());
}

/// As Linux counts it, everything included.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.unwrap_or("unknown").to_owned()
}

criterion_group!(all, benches);
criterion_main!(all);
