//! Subgraphs that fail, lie or talk nonsense: an error with a code and the client's path, and the rest stands.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lavka_executor::{Limits, PreparedPlan, SubgraphResponse, TransportError};
use serde_json::{Value as Json, json};

use super::plans::*;
use super::stage::*;

const ASK: &str = "query($r:[_Any!]!){_entities(representations:$r){...on P{name size maker{id}}}}";

/// `{ items: list { product: p { title: name size maker { ref: id } } } one: x }`, where b completes each p.
fn shop() -> Arc<PreparedPlan> {
    let mut list = object("list", vec![product()]).list();
    list.response_key = "items".into();
    let mut one = leaf("x");
    one.response_key = "one".into();
    query(
        vec![
            root("a", "{list{p{id}} x}"),
            entities("b", ASK, vec![batch("P", &["list.p"], &["id"])], &[0]),
        ],
        vec![list, one],
    )
}

fn product() -> lavka_planner::OutputField {
    let mut title = leaf("name");
    title.response_key = "title".into();
    let mut reference = leaf("id");
    reference.response_key = "ref".into();
    let mut product = object(
        "p",
        vec![title, leaf("size"), object("maker", vec![reference.required()])],
    );
    product.response_key = "product".into();
    product
}

fn list(ids: &[&str]) -> Json {
    let items: Vec<Json> = ids.iter().map(|id| json!({"p": {"id": id}})).collect();
    json!({"data": {"list": items, "x": 1}})
}

/// What the client gets when b answers this for the entities 1, 2 at the places 0, 1, 2 (1 2 1).
async fn when_b(ends: impl FnOnce(Call)) -> Json {
    let mut stage = Stage::new();
    let execution = stage.start(&shop());
    stage.call("a").await.answers(list(&["1", "2", "1"]));
    ends(stage.call("b").await);
    json(text(execution).await.as_bytes())
}

fn error(message: &str, path: Json, code: &str) -> Json {
    json!({"message": message, "path": path, "extensions": {"code": code, "service": "b"}})
}

fn nothing_of_b() -> Json {
    let product = json!({"product": {"title": null, "size": null, "maker": null}});
    json!({"items": [product, product, product], "one": 1})
}

/// One error for each field that the client misses.
fn everywhere(message: &str, code: &str) -> Json {
    let at = |number: usize, field: &str| error(message, json!(["items", number, "product", field]), code);
    let fields = ["title", "size", "maker"];
    (0..3)
        .flat_map(|number| fields.iter().map(move |field| at(number, field)))
        .collect()
}

#[tokio::test]
async fn a_failed_fetch_is_an_error_at_every_field_that_is_missing() {
    let got = when_b(|call| call.ends(Err(TransportError::Status(500)))).await;
    let message = "the subgraph answered with HTTP status 500";
    assert_eq!(
        got,
        json!({"data": nothing_of_b(), "errors": everywhere(message, "SUBREQUEST_HTTP_ERROR")})
    );
}

#[tokio::test]
async fn every_kind_of_nonsense_is_told_apart() {
    let nonsense: [(&str, &str); 17] = [
        ("", "the end, where"),
        ("<html>", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("{", "no field's name"),
        ("{}", "neither data nor errors"),
        (
            r#"{"data":3}"#,
            "data that is neither an object nor null at byte 8",
        ),
        (r#"{"data":[]}"#, "data that is neither"),
        (r#"{"data":{"_entities":[}}"#, "not a JSON value at byte 22"),
        (
            r#"{"data":{"_entities":[{},{}]}} x"#,
            "something behind the response's end",
        ),
        (r#"{"data":null,"errors":{}}"#, "errors that are no list"),
        (r#"{"errors":["no"]}"#, "errors that are no list"),
        (r#"{"data":null}"#, "neither data nor errors"),
        (r#"{"data":{}}"#, "0 entities where 2 were asked for"),
        (
            r#"{"data":{"_entities":null}}"#,
            "0 entities where 2 were asked for",
        ),
        (
            r#"{"data":{"_entities":[{"name":"x"}]}}"#,
            "1 entities where 2 were asked for",
        ),
        (
            r#"{"data":{"_entities":[{},{},{}]}}"#,
            "3 entities where 2 were asked for",
        ),
        (r#"{"data":{"_entities":[7,"x"]}}"#, "an entity that is no object"),
    ];
    for (body, what) in nonsense {
        let got = when_b(|call| call.answers_bytes(body.to_owned())).await;
        assert_eq!(got["data"], nothing_of_b(), "{body}");
        let message = got["errors"][0]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(message.contains(what) || body.is_empty(), "{body}: {message}");
        assert_eq!(
            got["errors"],
            everywhere(&message, "SUBREQUEST_MALFORMED_RESPONSE"),
            "{body}"
        );
    }
    let not_utf8: &[u8] = b"{\"data\":{\"_entities\":[{\"name\":\"\xff\"}]}}";
    let got = when_b(|call| call.answers_bytes(Bytes::from_static(not_utf8))).await;
    let message = "the subgraph's answer is no GraphQL response: not UTF-8 at byte 31";
    assert_eq!(
        got["errors"],
        everywhere(message, "SUBREQUEST_MALFORMED_RESPONSE")
    );
}

#[tokio::test]
async fn a_hostile_depth_is_refused_and_costs_no_stack() {
    let deep = format!("{{\"data\":{{\"_entities\":{}", "[".repeat(1_000_000));
    let got = when_b(|call| call.answers_bytes(deep)).await;
    let message = got["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("too deep"), "{message}");
    // In fields that nobody wants, too.
    let deep = format!("{{\"data\":{{\"unknown\":{}", "{\"a\":".repeat(1_000_000));
    let got = when_b(|call| call.answers_bytes(deep)).await;
    assert_eq!(got["data"], nothing_of_b());
}

#[tokio::test]
async fn an_error_of_an_entity_goes_to_every_place_where_it_stands() {
    let got = when_b(|call| {
        call.answers(json!({
            "data": {"_entities": [{"name": null, "size": 1, "maker": {"id": "m"}}, {"name": "two", "size": 2, "maker": null}]},
            "errors": [
                {"message": "no name", "path": ["_entities", 0, "name"], "locations": [{"line": 1, "column": 1}], "extensions": {"code": "NAMELESS", "hint": [1]}},
                {"message": "no maker", "path": ["_entities", 1, "maker", "id"]},
            ],
        }));
    })
    .await;
    let nameless = |place: usize| json!({"message": "no name", "path": ["items", place, "product", "title"], "extensions": {"code": "NAMELESS", "hint": [1], "service": "b"}});
    let one = json!({"product": {"title": null, "size": 1, "maker": {"ref": "m"}}});
    assert_eq!(
        got,
        json!({
            "data": {"items": [one, {"product": {"title": "two", "size": 2, "maker": null}}, one], "one": 1},
            "errors": [
                nameless(0), nameless(2),
                error("no maker", json!(["items", 1, "product", "maker", "ref"]), "DOWNSTREAM_SERVICE_ERROR"),
            ],
        })
    );
}

/// A subgraph whose `_entities` fails as a whole says so at `_entities`, or with no path at all.
/// There is no seventh entity.
#[tokio::test]
async fn an_error_of_an_entity_that_was_not_asked_for_is_told_without_a_path() {
    let got = when_b(|call| {
        call.answers(json!({
            "data": {"_entities": [{"name": "one"}, {"name": "two"}]},
            "errors": [{"message": "lost", "path": ["_entities", 7, "name"]}],
        }));
    })
    .await;
    let told = json!({"message": "lost", "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "service": "b"}});
    assert_eq!(got["errors"], json!([told]));
}

#[tokio::test]
async fn an_error_of_the_whole_batch_goes_to_every_missing_field() {
    for path in [json!(["_entities"]), Json::Null] {
        for data in [json!(null), json!({"_entities": null})] {
            let body = json!({"data": data, "errors": [{"message": "boom", "path": path, "extensions": {"code": "BOOM"}}]});
            let got = when_b(|call| call.answers(body.clone())).await;
            assert_eq!(
                got,
                json!({"data": nothing_of_b(), "errors": everywhere("boom", "BOOM")}),
                "{body}"
            );
        }
    }
}

/// The one that failed has the error at its exact path, the others at what they miss.
#[tokio::test]
async fn an_error_that_took_the_batch_with_it_is_told_exactly() {
    let body = json!({"data": null, "errors": [{"message": "boom", "path": ["_entities", 1, "size"]}]});
    let got = when_b(|call| call.answers(body)).await;
    assert_eq!(got["data"], nothing_of_b());
    let errors = got["errors"].as_array().expect("errors").clone();
    let paths: Vec<String> = errors.iter().map(|error| error["path"].to_string()).collect();
    assert_eq!(paths[0], r#"["items",1,"product","size"]"#);
    assert_eq!(paths.len(), 9);
    let mut distinct = paths.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 9);
}

#[tokio::test]
async fn an_entity_that_is_gone_is_null_without_an_error_where_null_may_be() {
    let got = when_b(|call| {
        call.answers(json!({"data": {"_entities": [null, {"name": "two", "size": 2, "maker": null}]}}))
    })
    .await;
    assert_eq!(got["errors"], Json::Null);
    assert_eq!(
        got["data"]["items"][1],
        json!({"product": {"title": "two", "size": 2, "maker": null}})
    );
    assert_eq!(
        got["data"]["items"][2],
        json!({"product": {"title": null, "size": null, "maker": null}})
    );
}

#[tokio::test]
async fn root_errors_keep_their_path_in_the_client_s_names() {
    let mut stage = Stage::new();
    let execution = stage.start(&shop());
    stage.call("a").await.answers(json!({
        "data": {"list": [null, {"p": null}], "x": null},
        "errors": [
            {"message": "first", "path": ["list", 0, "p", "id"]},
            {"message": "second", "path": ["list", 1, "p"]},
            {"message": "third", "path": ["x"]},
            {"message": "fourth"},
        ],
    }));
    let told = |message: &str, path: Json| {
        let mut error = json!({"message": message, "path": path, "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "service": "a"}});
        if error["path"].is_null() {
            error.as_object_mut().map(|error| error.remove("path"));
        }
        error
    };
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({
            "data": {"items": [null, {"product": null}], "one": null},
            "errors": [
                told("first", json!(["items", 0, "product"])), told("second", json!(["items", 1, "product"])),
                told("third", json!(["one"])), told("fourth", Json::Null),
            ],
        })
    );
}

/// The subgraph has told why; the null that follows from it is no news.
#[tokio::test]
async fn an_explained_null_is_told_once() {
    let mut stage = Stage::new();
    let output = vec![
        object("x", vec![object("y", vec![leaf("z").required()]).required()]),
        leaf("w"),
    ];
    let plan = query(vec![root("a", "{x{y{z}}w}")], output);
    let execution = stage.start(&plan);
    stage.call("a").await.answers(json!({
        "data": {"x": {"y": null}, "w": 1},
        "errors": [{"message": "broken", "path": ["x", "y", "z"], "extensions": {"code": "BROKEN"}}],
    }));
    let broken = |path: Json| json!({"message": "broken", "path": path, "extensions": {"code": "BROKEN", "service": "a"}});
    let wanted = json!({"data": {"x": null, "w": 1}, "errors": [broken(json!(["x", "y", "z"]))]});
    assert_eq!(json(text(execution).await.as_bytes()), wanted);

    let execution = stage.start(&plan);
    stage.call("a").await.answers(json!({
        "data": null, "errors": [{"message": "broken", "path": ["x", "y", "z"], "extensions": {"code": "BROKEN"}}],
    }));
    let wanted = json!({"data": {"x": null, "w": null}, "errors": [broken(json!(["x", "y", "z"]))]});
    assert_eq!(json(text(execution).await.as_bytes()), wanted);
}

#[tokio::test]
async fn two_failures_are_not_mistaken_for_each_other() {
    let mut stage = Stage::new();
    let plan = query(
        vec![root("a", "{x}"), root("b", "{y}"), root("c", "{z}")],
        vec![leaf("z"), leaf("y"), leaf("x")],
    );
    let execution = stage.start(&plan);
    let [a, b, c] = stage.calls(["a", "b", "c"]).await;
    b.ends(Err(TransportError::Status(503)));
    a.ends(Err(TransportError::TimedOut));
    c.answers(json!({"data": {"z": 1}}));
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({
            "data": {"z": 1, "y": null, "x": null},
            "errors": [
                {"message": "the subgraph answered with HTTP status 503", "path": ["y"], "extensions": {"code": "SUBREQUEST_HTTP_ERROR", "service": "b"}},
                {"message": "the subgraph didn't answer in time", "path": ["x"], "extensions": {"code": "SUBREQUEST_TIMEOUT", "service": "a"}},
            ],
        })
    );
}

/// b gives what c requires. b fails, c is not asked, and its field says why.
#[tokio::test]
async fn what_can_not_be_asked_for_shares_the_fate_of_what_it_needs() {
    let mut stage = Stage::new();
    let ask_weight = "query($r:[_Any!]!){_entities(representations:$r){...on P{weight}}}";
    let ask_postage = "query($r:[_Any!]!){_entities(representations:$r){...on P{postage}}}";
    let plan = query(
        vec![
            root("a", "{p{id}}"),
            entities("b", ask_weight, vec![batch("P", &["p"], &["id"])], &[0]),
            entities(
                "c",
                ask_postage,
                vec![batch("P", &["p"], &["id", "weight"])],
                &[1],
            ),
        ],
        vec![object("p", vec![leaf("id"), leaf("postage")])],
    );
    let execution = stage.start(&plan);
    stage.call("a").await.answers(json!({"data": {"p": {"id": 1}}}));
    stage.call("b").await.ends(Err(TransportError::TimedOut));
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({
            "data": {"p": {"id": 1, "postage": null}},
            "errors": [error("the subgraph didn't answer in time", json!(["p", "postage"]), "SUBREQUEST_TIMEOUT")],
        })
    );
}

/// b knows of which type an interface object is.
#[tokio::test]
async fn an_object_whose_type_could_not_be_fetched_says_why() {
    let mut stage = Stage::new();
    let ask = "query($r:[_Any!]!){_entities(representations:$r){...on I{__typename}}}";
    let cases = by_type(vec![("A", vec![leaf("id")]), ("B", vec![leaf("id"), leaf("x")])]);
    let plan = query(
        vec![
            root("a", "{any{id}}"),
            entities("b", ask, vec![batch("I", &["any"], &["id"])], &[0]),
        ],
        vec![shaped("any", lavka_planner::OutputShape::Object(cases)).list()],
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"any": [{"id": 1}, {"id": 2}]}}));
    stage
        .call("b")
        .await
        .answers(json!({"data": {"_entities": [{"__typename": "A"}, {"__typename": "B"}]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"any":[{"id":1},{"id":2,"x":null}]}}"#
    );

    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"any": [{"id": 1}]}}));
    stage.call("b").await.ends(Err(TransportError::TimedOut));
    let late = error(
        "the subgraph didn't answer in time",
        json!(["any", 0]),
        "SUBREQUEST_TIMEOUT",
    );
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"any": [null]}, "errors": [late]})
    );
}

/// Nothing that the client sees is missing; that something failed is told all the same.
#[tokio::test]
async fn a_failure_is_never_silent() {
    let mut stage = Stage::new();
    let plan = query(vec![root("a", "{x}"), root("b", "{hidden}")], vec![leaf("x")]);
    let execution = stage.start(&plan);
    let [a, b] = stage.calls(["a", "b"]).await;
    a.answers(json!({"data": {"x": 1}}));
    b.ends(Err(TransportError::TimedOut));
    let told = json!({"message": "the subgraph didn't answer in time", "extensions": {"code": "SUBREQUEST_TIMEOUT", "service": "b"}});
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"x": 1}, "errors": [told]})
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_subgraph_is_given_up_and_its_request_cancelled() {
    let mut stage = Stage::with_limits(Limits {
        fetch_timeout: Duration::from_secs(3),
        ..Limits::default()
    });
    let execution = stage.start(&query(
        vec![root("a", "{x}"), root("b", "{y}")],
        vec![leaf("x"), leaf("y")],
    ));
    let [a, b] = stage.calls(["a", "b"]).await;
    a.answers(json!({"data": {"x": 1}}));
    tokio::time::advance(Duration::from_millis(2999)).await;
    stage.is_quiet().await;
    assert!(!b.is_cancelled());
    let late = error(
        "the subgraph didn't answer in time",
        json!(["y"]),
        "SUBREQUEST_TIMEOUT",
    );
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"x": 1, "y": null}, "errors": [late]})
    );
    assert!(b.is_cancelled());
}

#[tokio::test]
async fn a_subgraph_answer_beyond_the_limit_is_refused() {
    let mut stage = Stage::with_limits(Limits {
        fetch_bytes: 40,
        ..Limits::default()
    });
    let execution = stage.start(&query(vec![root("b", "{y}")], vec![leaf("y")]));
    stage
        .call("b")
        .await
        .answers(json!({"data": {"y": "x".repeat(40)}}));
    let large = error(
        "the subgraph's answer is larger than 40 bytes",
        json!(["y"]),
        "SUBREQUEST_RESPONSE_TOO_LARGE",
    );
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"y": null}, "errors": [large]})
    );
}

#[tokio::test]
async fn an_unknown_subgraph_is_an_error_not_a_panic() {
    let stage = Stage::new();
    let plan = query(vec![root("nobody", "{y}")], vec![leaf("y")]);
    let got = json(text(stage.start(&plan)).await.as_bytes());
    assert_eq!(
        got["errors"][0]["extensions"],
        json!({"code": "SUBREQUEST_UNSUPPORTED", "service": "nobody"})
    );
}

#[tokio::test]
async fn errors_beyond_the_limit_are_counted() {
    let mut stage = Stage::with_limits(Limits {
        errors: 2,
        ..Limits::default()
    });
    let plan = query(
        vec![root("a", "{list{x}}")],
        vec![object("list", vec![leaf("x").required()]).list()],
    );
    let execution = stage.start(&plan);
    stage.call("a").await.ends(Ok(SubgraphResponse {
        body: json!({"data": {"list": vec![json!({}); 5]}}).to_string().into(),
        ..Default::default()
    }));
    let got = json(text(execution).await.as_bytes());
    assert_eq!(got["data"], json!({"list": [null, null, null, null, null]}));
    assert_eq!(got["errors"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        got["errors"][2],
        json!({"message": "3 more errors", "extensions": {"code": "TOO_MANY_ERRORS"}})
    );
}

#[tokio::test]
async fn what_a_subgraph_leaves_out_is_its_error_and_not_a_null() {
    let left_out = "the subgraph left out a field that it was asked for";
    let malformed = "SUBREQUEST_MALFORMED_RESPONSE";
    let entities = json!({"data": {"_entities": [{"name": "one", "size": 1, "maker": {}}, {}]}});
    let got = when_b(|call| call.answers(entities)).await;
    let at =
        |number: usize, field: &str| error(left_out, json!(["items", number, "product", field]), malformed);
    let one = json!({"product": {"title": "one", "size": 1, "maker": null}});
    let two = json!({"product": {"title": null, "size": null, "maker": null}});
    assert_eq!(got["data"]["items"], json!([one, two, one]));
    let below = |number: usize| {
        error(
            left_out,
            json!(["items", number, "product", "maker", "ref"]),
            malformed,
        )
    };
    assert_eq!(
        got["errors"],
        json!([below(0), at(1, "title"), at(1, "size"), at(1, "maker"), below(2)])
    );

    let mut stage = Stage::new();
    let execution = stage.start(&shop());
    stage.call("a").await.answers(json!({"data": {"list": []}}));
    let got = json(text(execution).await.as_bytes());
    assert_eq!(got["data"], json!({"items": [], "one": null}));
    let mut expected = error(left_out, json!(["one"]), malformed);
    expected["extensions"]["service"] = "a".into();
    assert_eq!(got["errors"], json!([expected]));
}

#[tokio::test]
async fn without_the_key_the_rest_of_an_entity_is_missing_by_the_fault_of_whoever_left_it_out() {
    let mut stage = Stage::new();
    let execution = stage.start(&shop());
    stage
        .call("a")
        .await
        .answers(json!({"data": {"list": [{"p": {}}, {"p": null}], "x": 1}}));
    let got = json(text(execution).await.as_bytes());
    let nothing = json!({"product": {"title": null, "size": null, "maker": null}});
    assert_eq!(
        got["data"],
        json!({"items": [nothing, {"product": null}], "one": 1})
    );
    let errors = got["errors"].as_array().cloned().unwrap_or_default();
    assert_eq!(errors.len(), 3, "{errors:?}");
    for error in errors {
        assert_eq!(error["extensions"]["service"], "a", "{error}");
        assert_eq!(error["path"][1], 0, "{error}");
    }
}
