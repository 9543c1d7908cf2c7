//! A request through the whole router but for the network: routes, parsing, limits, plan, execution, the response's body; with subgraphs that
//! answer at once from memory. `cargo bench -p lavka-router`.
//!
//! *cached*: the router has met the operation, and has its plan. *cold*: it meets each for the first time.

use std::hint::black_box;

use axum::body::Body;
use criterion::{Criterion, criterion_group, criterion_main};
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use lavka_bench::{Memory, OPERATIONS, supergraph};
use lavka_router::Router;
use lavka_supergraph::Supergraph;
use serde_json::json;
use tower::ServiceExt as _;

fn routes() -> axum::Router {
    let supergraph = supergraph("http://unused").expect("the bench's subgraphs compose");
    let supergraph = Supergraph::parse(&supergraph).expect("what we compose we read");
    let mut builder = Router::builder().supergraph(supergraph);
    for (name, memory) in Memory::all().expect("the subgraphs are valid") {
        builder = builder.transport(name, memory);
    }
    builder.build().expect("a router").into_routes()
}

async fn ask(routes: &axum::Router, query: &str) -> usize {
    let body = json!({ "query": query }).to_string();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .body(Body::from(body))
        .expect("a request");
    let response = routes.clone().oneshot(request).await.expect("an answer");
    assert!(response.status().is_success(), "{}", response.status());
    let body = response.into_body().collect().await.expect("its body");
    body.to_bytes().len()
}

fn requests(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let routes = runtime.block_on(async { routes() });
    let mut group = criterion.benchmark_group("request");
    for (name, operation) in OPERATIONS {
        group.bench_function(format!("{name}, cached"), |bencher| {
            bencher.iter(|| black_box(runtime.block_on(ask(&routes, operation))));
        });
        let mut number = 0_u64;
        group.bench_function(format!("{name}, cold"), |bencher| {
            bencher.iter(|| {
                number += 1;
                // Another text is another operation to the router.
                let operation = format!("{operation} # {number}");
                black_box(runtime.block_on(ask(&routes, &operation)))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, requests);
criterion_main!(benches);
