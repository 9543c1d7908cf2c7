//! Variables: sent on, and deciding what is fetched and written.

use http::{HeaderMap, HeaderValue, header};
use lavka_executor::{ExecutionRequest, SubgraphResponse};
use serde_json::{Value as Json, json};

use super::plans::*;
use super::stage::*;

fn with_variables(variables: Json) -> ExecutionRequest {
    let Json::Object(variables) = variables else {
        panic!("variables are an object")
    };
    ExecutionRequest {
        variables,
        ..Default::default()
    }
}

#[tokio::test]
async fn a_fetch_gets_the_variables_that_it_uses_and_no_others() {
    let mut stage = Stage::new();
    let mut fetch = root("a", "query Q($first:Int,$after:String){x}");
    fetch.operation_name = Some("Q".into());
    fetch.variables = vec!["first".into(), "after".into(), "given".into()];
    let plan = query(vec![fetch], vec![leaf("x")]);
    let request = with_variables(json!({"first": 10, "given": {"a": ["\"", null]}, "other": 1}));
    let execution = stage.start_with(&plan, request);
    let call = stage.call("a").await;
    assert_eq!(
        call.body,
        json!({
            "query": "query Q($first:Int,$after:String){x}", "operationName": "Q",
            "variables": {"first": 10, "given": {"a": ["\"", null]}},
        })
    );
    call.answers(json!({"data": {"x": 1}}));
    assert_eq!(text(execution).await, r#"{"data":{"x":1}}"#);
}

#[tokio::test]
async fn what_is_not_included_is_neither_fetched_nor_written() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{x}"),
            root("b", "{y}").when(include("y")),
            root("c", "{z}").after(&[1]),
        ],
        vec![
            leaf("x").required(),
            leaf("y").required().included("y"),
            leaf("z"),
        ],
    );
    let execution = stage.start_with(&plan, with_variables(json!({"y": false})));
    // c is released by the fetch that isn't sent.
    let [a, c] = stage.calls(["a", "c"]).await;
    a.answers(json!({"data": {"x": 1}}));
    c.answers(json!({"data": {"z": 3}}));
    assert_eq!(text(execution).await, r#"{"data":{"x":1,"z":3}}"#);

    let execution = stage.start_with(&plan, with_variables(json!({"y": true})));
    let [a, b] = stage.calls(["a", "b"]).await;
    a.answers(json!({"data": {"x": 1}}));
    b.answers(json!({"data": {"y": 2}}));
    stage.call("c").await.answers(json!({"data": {"z": 3}}));
    assert_eq!(text(execution).await, r#"{"data":{"x":1,"y":2,"z":3}}"#);
}

#[tokio::test]
async fn headers_are_forwarded_and_cookies_come_back_in_the_plan_s_order() {
    let mut stage = Stage::new();
    let plan = query(
        vec![root("a", "{x}"), root("b", "{y}")],
        vec![leaf("x"), leaf("y")],
    );
    let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("Bearer t"))]);
    let execution = stage.start_with(
        &plan,
        ExecutionRequest {
            headers: headers.clone(),
            ..Default::default()
        },
    );
    let [a, b] = stage.calls(["a", "b"]).await;
    assert_eq!((&a.headers, &b.headers), (&headers, &headers));
    let answer = |data: Json, cookies: &[&'static str]| {
        let mut headers = HeaderMap::from_iter([(header::SERVER, HeaderValue::from_static("secret"))]);
        for cookie in cookies {
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        Ok(SubgraphResponse {
            headers,
            body: json!({ "data": data }).to_string().into(),
        })
    };
    b.ends(answer(json!({"y": 2}), &["b=1"]));
    stage.is_quiet().await;
    a.ends(answer(json!({"x": 1}), &["a=1", "a=2"]));
    let headers = execution.await.expect("an execution doesn't panic").headers;
    let cookies: Vec<&HeaderValue> = headers.get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["a=1", "a=2", "b=1"]);
    assert_eq!(headers.len(), 3);
}
