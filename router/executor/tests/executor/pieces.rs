//! An answer in pieces: what the first waits for, what happens to the others when a subgraph fails, and who stops the work.

use std::sync::Arc;

use futures_util::StreamExt;
use lavka_executor::{ExecutionRequest, PieceForm, Pieces, PreparedPlan, TransportError};
use lavka_planner::{
    Deferral, DeferredFragment, DeferredPart, FetchId, OperationKind, OutputPart, OutputShape, QueryPlan,
};
use serde_json::json;
use tokio::task::JoinHandle;

use super::plans::*;
use super::stage::*;

/// `{ p { id ... @defer { name } } }`: a gives p, b its name.
fn plan() -> Arc<PreparedPlan> {
    let asks = "query($r:[_Any!]!){_entities(representations:$r){...on P{name}}}";
    let mut inside = selection(vec![leaf("id")]);
    inside.cases[0].later.push(OutputPart {
        part: 0,
        fields: vec![leaf("name")],
    });
    let plan = QueryPlan {
        kind: OperationKind::Query,
        fetches: vec![
            root("a", "{p{id}}"),
            entities("b", asks, vec![batch("P", &["p"], &["id"])], &[0]),
        ],
        output: selection(vec![shaped("p", OutputShape::Object(inside))]),
        deferral: Some(Deferral {
            first: vec![FetchId(0)],
            fragments: vec![DeferredFragment {
                label: None,
                within: None,
                depth: 1,
            }],
            parts: vec![DeferredPart {
                fragments: vec![0],
                after: vec![FetchId(0), FetchId(1)],
            }],
        }),
        notes: Vec::new(),
    };
    Arc::new(PreparedPlan::new(Arc::new(plan)))
}

fn start(stage: &Stage) -> JoinHandle<Pieces> {
    let (executor, plan) = (stage.executor.clone(), plan());
    tokio::spawn(async move {
        let request = ExecutionRequest::default();
        executor.execute_in_pieces(&plan, request, PieceForm::Ids).await
    })
}

#[tokio::test]
async fn the_first_piece_does_not_wait_for_what_is_deferred() {
    let mut stage = Stage::new();
    let answer = start(&stage);
    stage.call("a").await.answers(json!({"data": {"p": {"id": "1"}}}));
    // b has not been asked yet, or doesn't answer: the first piece is there.
    let answer = answer.await.expect("no panic");
    assert_eq!(
        json(&answer.first.body),
        json!({"data": {"p": {"id": "1"}}, "pending": [{"id": "0", "path": ["p"]}], "hasNext": true})
    );
    let rest = tokio::spawn(answer.rest.expect("more to come").collect::<Vec<_>>());
    stage
        .call("b")
        .await
        .answers(json!({"data": {"_entities": [{"name": "Lamp"}]}}));
    let rest = rest.await.expect("no panic");
    assert_eq!(rest.len(), 1);
    assert_eq!(
        json(&rest[0]),
        json!({"incremental": [{"id": "0", "data": {"name": "Lamp"}}], "completed": [{"id": "0"}], "hasNext": false})
    );
}

#[tokio::test]
async fn a_subgraph_that_fails_fails_only_what_is_deferred() {
    let mut stage = Stage::new();
    let answer = start(&stage);
    stage.call("a").await.answers(json!({"data": {"p": {"id": "1"}}}));
    let answer = answer.await.expect("no panic");
    assert!(json(&answer.first.body).get("errors").is_none());
    let rest = tokio::spawn(answer.rest.expect("more to come").collect::<Vec<_>>());
    stage.call("b").await.ends(Err(TransportError::TimedOut));
    let piece = json(&rest.await.expect("no panic")[0]);
    assert_eq!(piece["incremental"][0]["data"], json!({"name": null}));
    let error = &piece["incremental"][0]["errors"][0];
    assert_eq!(error["path"], json!(["p", "name"]));
    assert_eq!(error["extensions"]["code"], "SUBREQUEST_TIMEOUT");
}

#[tokio::test]
async fn where_there_is_nothing_to_defer_nothing_follows() {
    let mut stage = Stage::new();
    let answer = start(&stage);
    stage.call("a").await.answers(json!({"data": {"p": null}}));
    let answer = answer.await.expect("no panic");
    assert_eq!(json(&answer.first.body), json!({"data": {"p": null}}));
    assert!(answer.rest.is_none());
    stage.is_quiet().await;
}

#[tokio::test]
async fn whoever_drops_the_answer_stops_the_work() {
    let mut stage = Stage::new();
    let answer = start(&stage);
    stage.call("a").await.answers(json!({"data": {"p": {"id": "1"}}}));
    let answer = answer.await.expect("no panic");
    let mut rest = answer.rest.expect("more to come");
    // It is the reader who drives the work.
    let waiting = tokio::spawn(async move { rest.next().await });
    let call = stage.call("b").await;
    assert!(!call.is_cancelled());
    waiting.abort();
    assert!(waiting.await.is_err());
    assert!(call.is_cancelled());
}
