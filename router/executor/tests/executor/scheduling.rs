//! A fetch starts when what it needs has arrived, and not later.

use lavka_planner::OperationKind;
use serde_json::json;

use super::plans::*;
use super::stage::*;

#[tokio::test]
async fn independent_fetches_run_beside_each_other() {
    let mut stage = Stage::new();
    let plan = query(
        vec![root("a", "{x}"), root("b", "{y}")],
        vec![leaf("y"), leaf("x")],
    );
    let execution = stage.start(&plan);
    let [a, b] = stage.calls(["a", "b"]).await;
    assert_eq!(a.body, json!({"query": "{x}", "variables": {}}));
    b.answers(json!({"data": {"y": 2}}));
    a.answers(json!({"data": {"x": 1}}));
    assert_eq!(text(execution).await, r#"{"data":{"y":2,"x":1}}"#);
}

/// a ─> c, b ─> d: c runs to its end while b hasn't answered.
#[tokio::test]
async fn a_fetch_does_not_wait_for_what_it_does_not_need() {
    let mut stage = Stage::new();
    let asks = "query($r:[_Any!]!){_entities(representations:$r){...on P{n}}}";
    let plan = query(
        vec![
            root("a", "{p{id}}"),
            root("b", "{q{id}}"),
            entities("c", asks, vec![batch("P", &["p"], &["id"])], &[0]),
            entities("d", asks, vec![batch("P", &["q"], &["id"])], &[1]),
        ],
        vec![object("p", vec![leaf("n")]), object("q", vec![leaf("n")])],
    );
    let execution = stage.start(&plan);
    let [a, b] = stage.calls(["a", "b"]).await;
    a.answers(json!({"data": {"p": {"id": "1"}}}));
    let c = stage.call("c").await;
    assert_eq!(c.representations("r"), &json!([{"__typename": "P", "id": "1"}]));
    c.answers(json!({"data": {"_entities": [{"n": "one"}]}}));
    stage.is_quiet().await;
    b.answers(json!({"data": {"q": {"id": "2"}}}));
    stage
        .call("d")
        .await
        .answers(json!({"data": {"_entities": [{"n": "two"}]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"p":{"n":"one"},"q":{"n":"two"}}}"#
    );
}

#[tokio::test]
async fn a_fetch_waits_for_everything_that_it_needs() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{x}"),
            root("b", "{y}"),
            root("c", "{z}").after(&[0, 1]),
        ],
        vec![leaf("z")],
    );
    let execution = stage.start(&plan);
    let [a, b] = stage.calls(["a", "b"]).await;
    b.answers(json!({"data": {"y": 2}}));
    stage.is_quiet().await;
    a.answers(json!({"data": {"x": 1}}));
    stage.call("c").await.answers(json!({"data": {"z": 3}}));
    assert_eq!(text(execution).await, r#"{"data":{"z":3}}"#);
}

#[tokio::test]
async fn mutations_run_one_after_the_other_and_a_failed_one_does_not_stop_the_next() {
    let mut stage = Stage::new();
    let fetches = vec![
        root("a", "mutation{x}"),
        root("b", "mutation{y}").after(&[0]),
        root("a", "mutation{z}").after(&[1]),
    ];
    let plan = plan(
        OperationKind::Mutation,
        fetches,
        vec![leaf("x"), leaf("y"), leaf("z")],
    );
    let execution = stage.start(&plan);
    let first = stage.call("a").await;
    stage.is_quiet().await;
    first.answers(json!({"data": {"x": 1}}));
    let second = stage.call("b").await;
    stage.is_quiet().await;
    second.answers(json!({"data": {"y": null}, "errors": [{"message": "no", "path": ["y"]}]}));
    stage.call("a").await.answers(json!({"data": {"z": 3}}));
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({
            "data": {"x": 1, "y": null, "z": 3},
            "errors": [{"message": "no", "path": ["y"], "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "service": "b"}}],
        })
    );
}

#[tokio::test]
async fn dropping_the_execution_cancels_what_is_in_flight() {
    let mut stage = Stage::new();
    let execution = stage.start(&query(vec![root("a", "{x}")], vec![leaf("x")]));
    let call = stage.call("a").await;
    assert!(!call.is_cancelled());
    execution.abort();
    assert!(execution.await.is_err_and(|error| error.is_cancelled()));
    assert!(call.is_cancelled());
}

#[tokio::test]
async fn a_plan_without_fetches_answers_by_itself() {
    let stage = Stage::new();
    let typename = shaped("t", lavka_planner::OutputShape::Typename(Some("Query".into())));
    assert_eq!(
        text(stage.start(&query(vec![], vec![typename]))).await,
        r#"{"data":{"t":"Query"}}"#
    );
}
