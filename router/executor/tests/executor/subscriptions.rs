//! Events, each completed by the rest of the plan.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use lavka_executor::{ExecutionRequest, PreparedPlan, TransportError};
use lavka_planner::OperationKind;
use serde_json::{Value as Json, json};

use super::plans::*;
use super::stage::*;

fn watch() -> Arc<PreparedPlan> {
    let ask = "query($r:[_Any!]!){_entities(representations:$r){...on P{name}}}";
    let fetches = vec![
        root("a", "subscription{sold{id}}"),
        entities("b", ask, vec![batch("P", &["sold"], &["id"])], &[0]),
    ];
    plan(
        OperationKind::Subscription,
        fetches,
        vec![object("sold", vec![leaf("id"), leaf("name")])],
    )
}

fn sold(id: &str) -> Result<Bytes, TransportError> {
    Ok(json!({"data": {"sold": {"id": id}}}).to_string().into())
}

async fn opened(stage: &mut Stage) -> (EventSender, futures_util::stream::BoxStream<'static, Bytes>) {
    let (executor, plan) = (stage.executor.clone(), watch());
    let opening = tokio::spawn(async move { executor.subscribe(&plan, ExecutionRequest::default()).await });
    let call = stage.call("a").await;
    assert_eq!(
        call.body,
        json!({"query": "subscription{sold{id}}", "variables": {}})
    );
    let events = call.accepts();
    (events, opening.await.expect("no panic").expect("it was accepted"))
}

async fn next(answers: &mut futures_util::stream::BoxStream<'static, Bytes>) -> Option<Json> {
    answers.next().await.map(|body| json(&body))
}

#[tokio::test]
async fn every_event_is_completed_by_itself_and_in_order() {
    let mut stage = Stage::new();
    let (events, mut answers) = opened(&mut stage).await;
    for id in ["1", "2", "1"] {
        events.send(sold(id)).expect("the stream is open");
    }
    for (id, name) in [("1", "one"), ("2", "two"), ("1", "one, renamed")] {
        let (answer, ()) = tokio::join!(next(&mut answers), async {
            let call = stage.call("b").await;
            assert_eq!(call.representations("r"), &json!([{"__typename": "P", "id": id}]));
            stage.is_quiet().await;
            call.answers(json!({"data": {"_entities": [{"name": name}]}}));
        });
        assert_eq!(answer, Some(json!({"data": {"sold": {"id": id, "name": name}}})));
    }
    drop(events);
    assert_eq!(next(&mut answers).await, None);
}

#[tokio::test]
async fn an_event_that_can_not_be_completed_does_not_end_the_stream() {
    let mut stage = Stage::new();
    let (events, mut answers) = opened(&mut stage).await;
    events.send(sold("1")).expect("the stream is open");
    let (answer, ()) = tokio::join!(next(&mut answers), async {
        stage.call("b").await.ends(Err(TransportError::Status(500)));
    });
    assert_eq!(
        answer,
        Some(json!({
            "data": {"sold": {"id": "1", "name": null}},
            "errors": [{"message": "the subgraph answered with HTTP status 500", "path": ["sold", "name"], "extensions": {"code": "SUBREQUEST_HTTP_ERROR", "service": "b"}}],
        }))
    );
    events.send(Ok("nonsense".into())).expect("the stream is open");
    let answer = next(&mut answers).await.expect("an answer");
    assert_eq!(answer["data"], json!({"sold": null}));
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "SUBREQUEST_MALFORMED_RESPONSE"
    );
    events
        .send(Ok(json!({"data": {"sold": null}}).to_string().into()))
        .expect("the stream is open");
    assert_eq!(next(&mut answers).await, Some(json!({"data": {"sold": null}})));
}

#[tokio::test]
async fn a_broken_stream_is_told_and_ends() {
    let mut stage = Stage::new();
    let (events, mut answers) = opened(&mut stage).await;
    events
        .send(Err(TransportError::Subscription("closed with 4403".into())))
        .expect("the stream is open");
    events.send(sold("2")).expect("the stream is open");
    assert_eq!(
        next(&mut answers).await,
        Some(json!({
            "data": {"sold": null},
            "errors": [{"message": "the subgraph ended the subscription: closed with 4403", "path": ["sold"], "extensions": {"code": "SUBREQUEST_WEBSOCKET_ERROR", "service": "a"}}],
        }))
    );
    assert_eq!(next(&mut answers).await, None);
}

#[tokio::test]
async fn dropping_the_answers_ends_the_events_and_what_completes_them() {
    let mut stage = Stage::new();
    let (events, mut answers) = opened(&mut stage).await;
    events.send(sold("1")).expect("the stream is open");
    let reader = tokio::spawn(async move { next(&mut answers).await });
    let call = stage.call("b").await;
    reader.abort();
    assert!(reader.await.is_err_and(|error| error.is_cancelled()));
    assert!(call.is_cancelled());
    assert!(events.is_closed());
}

#[tokio::test]
async fn a_refused_subscription_is_one_response_without_data() {
    let mut stage = Stage::new();
    let (executor, plan) = (stage.executor.clone(), watch());
    let opening = tokio::spawn(async move { executor.subscribe(&plan, ExecutionRequest::default()).await });
    stage.call("a").await.refuses(TransportError::Status(404));
    let refusal = opening.await.expect("no panic").err().expect("it was refused");
    assert_eq!(
        json(&refusal),
        json!({"errors": [{"message": "the subgraph answered with HTTP status 404", "extensions": {"code": "SUBREQUEST_HTTP_ERROR", "service": "a"}}]})
    );
}
