//! Everything that the executor does for one request (represent, merge, report, project, and the scheduling between them), with
//! subgraphs that answer at once from memory. `cargo bench -p lavka-executor`.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::ExecutableDocument;
use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use lavka_bench::{OPERATIONS, SUBGRAPHS, Server, supergraph};
use lavka_executor::{
    ExecutionRequest, Executor, PreparedPlan, SubgraphRequest, SubgraphResponse, Transport, TransportError,
};
use lavka_planner::{PlanOptions, plan};
use lavka_supergraph::Supergraph;

/// Answers what it was asked before from memory.
struct Memory {
    server: Server,
    known: Mutex<HashMap<Bytes, Bytes>>,
}

impl Memory {
    fn answer(&self, request: Bytes) -> Bytes {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = known.entry(request).or_insert_with_key(|request| {
            let answer = self
                .server
                .answer(request)
                .expect("the router asks what the subgraph has");
            answer.to_string().into()
        });
        answer.clone()
    }
}

impl Transport for Memory {
    fn fetch(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<SubgraphResponse, TransportError>> {
        let body = self.answer(request.body);
        Box::pin(async move {
            Ok(SubgraphResponse {
                body,
                ..SubgraphResponse::default()
            })
        })
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>> {
        Box::pin(async {
            Err(TransportError::Unsupported(
                "nothing is subscribed to here".into(),
            ))
        })
    }
}

fn execute(criterion: &mut Criterion) {
    let supergraph = supergraph("http://unused").expect("the bench's subgraphs compose");
    let supergraph = Supergraph::parse(&supergraph).expect("what we compose we read");
    let transports: HashMap<Arc<str>, Arc<dyn Transport>> = SUBGRAPHS
        .into_iter()
        .map(|(name, sdl)| {
            let server = Server::subgraph(sdl).expect("the SDL is valid");
            let known = Mutex::default();
            (
                name.into(),
                Arc::new(Memory { server, known }) as Arc<dyn Transport>,
            )
        })
        .collect();
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
