//! Everything that the executor does for one request (represent, merge, report, project, and the scheduling between them), with
//! subgraphs that answer at once from memory. `cargo bench -p lavka-executor`.

use std::hint::black_box;
use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lavka_bench::{Memory, OPERATIONS, supergraph};
use lavka_executor::{ExecutionRequest, Executor, PreparedPlan};
use lavka_planner::{PlanOptions, plan};
use lavka_supergraph::Supergraph;

fn execute(criterion: &mut Criterion) {
    let supergraph = supergraph("http://unused").expect("the bench's subgraphs compose");
    let supergraph = Supergraph::parse(&supergraph).expect("what we compose we read");
    let transports = Memory::all().expect("the subgraphs are valid");
    let executor = Executor::new(transports);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let mut group = criterion.benchmark_group("execute");
    for (name, operation) in OPERATIONS {
        let api = supergraph.api_schema();
        let document = ExecutableDocument::parse_and_validate(api, operation, name).expect("it is valid");
        let planned = plan(&supergraph, &document, None, &PlanOptions::default()).expect("it can be planned");
        let prepared = Arc::new(PreparedPlan::new(Arc::new(planned)));
        let run = || runtime.block_on(executor.execute(&prepared, ExecutionRequest::default()));
        group.throughput(Throughput::Bytes(run().body.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(run())));
    }
    group.finish();
}

criterion_group!(benches, execute);
criterion_main!(benches);
