//! What the answer looks like where something is null, unknown or not allowed.

use lavka_executor::Limits;
use lavka_planner::{Denied, OutputField, OutputShape, Scalar};
use serde_json::{Value as Json, json};

use super::plans::*;
use super::stage::*;

async fn answer(output: Vec<OutputField>, data: Json) -> Json {
    let mut stage = Stage::new();
    let execution = stage.start(&query(vec![root("a", "{x y list}")], output));
    stage.call("a").await.answers(json!({ "data": data }));
    json(text(execution).await.as_bytes())
}

fn unexpected_null(path: Json) -> Json {
    json!([{"message": "null for a field that is never null", "path": path, "extensions": {"code": "UNEXPECTED_NULL"}}])
}

#[tokio::test]
async fn null_goes_up_to_the_nearest_nullable_position() {
    let inner = |field| {
        vec![object(
            "x",
            vec![object("y", vec![leaf("before"), field, leaf("after")]).required()],
        )]
    };
    let got = answer(
        inner(leaf("z")),
        json!({"x": {"y": {"before": 1, "z": null, "after": 2}}}),
    )
    .await;
    assert_eq!(
        got,
        json!({"data": {"x": {"y": {"before": 1, "z": null, "after": 2}}}})
    );
    let got = answer(
        inner(leaf("z").required()),
        json!({"x": {"y": {"before": 1, "z": null, "after": 2}}}),
    )
    .await;
    assert_eq!(
        got,
        json!({"data": {"x": null}, "errors": unexpected_null(json!(["x", "y", "z"]))})
    );
    // Missing is null.
    let got = answer(inner(leaf("z").required()), json!({"x": {"y": {}}})).await;
    assert_eq!(
        got,
        json!({"data": {"x": null}, "errors": unexpected_null(json!(["x", "y", "z"]))})
    );
}

#[tokio::test]
async fn nothing_is_left_when_the_root_can_not_be_null() {
    let got = answer(
        vec![leaf("y"), object("x", vec![leaf("z").required()]).required()],
        json!({"y": 1, "x": {}}),
    )
    .await;
    assert_eq!(
        got,
        json!({"data": null, "errors": unexpected_null(json!(["x", "z"]))})
    );
}

/// `[[T!]]!` and all that.
#[tokio::test]
async fn each_list_stops_null_or_lets_it_through() {
    let list = |lists: &[bool], non_null| {
        let mut field = leaf("list");
        field.wrapping.lists = lists.to_vec();
        field.wrapping.non_null = non_null;
        vec![field]
    };
    let data = json!({"list": [[1, null], null, []]});
    for (lists, non_null, wanted) in [
        (
            &[false, false][..],
            false,
            json!({"data": {"list": [[1, null], null, []]}}),
        ),
        (
            &[false, false],
            true,
            json!({"data": {"list": [null, null, []]}, "errors": unexpected_null(json!(["list", 0, 1]))}),
        ),
        (
            &[false, true],
            false,
            json!({"data": {"list": null}, "errors": unexpected_null(json!(["list", 1]))}),
        ),
        (
            &[true, true],
            true,
            json!({"data": null, "errors": unexpected_null(json!(["list", 0, 1]))}),
        ),
    ] {
        assert_eq!(
            answer(list(lists, non_null), data.clone()).await,
            wanted,
            "{lists:?} {non_null}"
        );
    }
}

#[tokio::test]
async fn client_names_and_order_are_the_output_s_and_nothing_else_is_shown() {
    let output = vec![
        leaf("second").reading("y"),
        leaf("first").reading("x"),
        leaf("again").reading("y"),
    ];
    let got = answer(
        output,
        json!({"secret": {"deep": [1]}, "x": "\u{44f}\\n\"", "y": [1.50, {"any": null}]}),
    )
    .await;
    assert_eq!(
        got.to_string(),
        r#"{"data":{"second":[1.5,{"any":null}],"first":"я\\n\"","again":[1.5,{"any":null}]}}"#
    );
}

#[tokio::test]
async fn numbers_and_strings_are_passed_on_as_they_were_written() {
    let mut stage = Stage::new();
    let execution = stage.start(&query(vec![root("a", "{x}")], vec![leaf("x").list()]));
    let list = r#"[ 1.50, 123456789012345678901234567890 , -0.0e+1,"\u0041\/", {"x": [ 1 ]} ]"#;
    stage
        .call("a")
        .await
        .answers_bytes(format!(" {{ \"\\u0064ata\" : {{\"x\":{list}}} }}\n"));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"x":[1.50,123456789012345678901234567890,-0.0e+1,"\u0041\/",{"x": [ 1 ]}]}}"#
    );
}

#[tokio::test]
async fn an_enum_value_that_the_client_may_not_know_is_null_with_an_error() {
    let status = || shaped("list", OutputShape::Enum(vec!["OPEN".into(), "SHUT".into()])).list();
    let got = answer(vec![status()], json!({"list": ["OPEN", "HIDDEN", null, "SHUT"]})).await;
    assert_eq!(
        got,
        json!({
            "data": {"list": ["OPEN", null, null, "SHUT"]},
            "errors": [{"message": "the enum value is not part of this schema", "path": ["list", 1], "extensions": {"code": "INVALID_ENUM_VALUE"}}],
        })
    );
}

#[tokio::test]
async fn an_object_of_a_hidden_type_is_null_with_an_error() {
    let any = shaped(
        "list",
        OutputShape::Object(by_type(vec![("A", vec![leaf("id")])])),
    )
    .list();
    let data = json!({"list": [{"__typename": "A", "id": 1}, {"__typename": "Secret", "id": 2}, {"id": 3}]});
    let unknown = |at: usize| json!({"message": "the object's type is not part of this schema", "path": ["list", at], "extensions": {"code": "UNKNOWN_TYPE"}});
    assert_eq!(
        answer(vec![any], data).await,
        json!({"data": {"list": [{"id": 1}, null, null]}, "errors": [unknown(1), unknown(2)]})
    );
}

#[tokio::test]
async fn typename_is_the_fixed_name_or_the_object_s_own() {
    let output = vec![object(
        "x",
        vec![
            shaped("t", OutputShape::Typename(Some("Product".into()))),
            shaped("u", OutputShape::Typename(None)),
        ],
    )];
    let got = answer(output, json!({"x": {"__typename": "Book"}})).await;
    assert_eq!(got, json!({"data": {"x": {"t": "Product", "u": "Book"}}}));
}

#[tokio::test]
async fn denied_fields_are_null_with_an_error_each() {
    let output = || {
        vec![
            leaf("x").denied(Denied::Unauthenticated),
            object("y", vec![leaf("z").required().denied(Denied::Forbidden)]),
        ]
    };
    let got = answer(output(), json!({"y": {"z": "secret"}, "x": "secret"})).await;
    assert_eq!(
        got,
        json!({
            "data": {"x": null, "y": null},
            "errors": [
                {"message": "sign in to see this field", "path": ["x"], "extensions": {"code": "UNAUTHENTICATED"}},
                {"message": "you may not see this field", "path": ["y", "z"], "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"}},
            ],
        })
    );
}

#[tokio::test]
async fn values_of_the_wrong_shape_are_null_with_an_error_and_the_rest_stands() {
    let output = vec![
        object("x", vec![leaf("z")]),
        leaf("list").list(),
        shaped("kind", OutputShape::Enum(vec!["OPEN".into()])),
        leaf("y"),
    ];
    let got = answer(
        output,
        json!({"x": [{"z": 1}], "list": {"a": 1}, "kind": {"b": 2}, "y": 5}),
    )
    .await;
    let wrong = |what: &str, path: Json| json!({"message": format!("the subgraph's value is not {what}"), "path": path, "extensions": {"code": "SUBREQUEST_MALFORMED_RESPONSE"}});
    assert_eq!(
        got,
        json!({
            "data": {"x": null, "list": null, "kind": null, "y": 5},
            "errors": [wrong("an object", json!(["x"])), wrong("a list", json!(["list"])), wrong("a name", json!(["kind"]))],
        })
    );
}

/// Whatever its type says about it, a client may rely on: no list comes where a String stands.
#[tokio::test]
async fn scalars_of_the_wrong_kind_are_null_with_an_error() {
    let all = [
        ("int", Scalar::Int, "an Int"),
        ("float", Scalar::Float, "a Float"),
        ("string", Scalar::String, "a String"),
        ("boolean", Scalar::Boolean, "a Boolean"),
        ("id", Scalar::Id, "an ID"),
    ];
    let right = json!({"int": -2_147_483_648_i64, "float": 1, "string": "1", "boolean": true, "id": 1});
    for (value, fitting) in [
        (json!(1), &["int", "float", "id"][..]),
        (json!(2_147_483_647_i64), &["int", "float", "id"]),
        (json!(2_147_483_648_i64), &["float", "id"]),
        (json!(1.5), &["float"]),
        (json!("1"), &["string", "id"]),
        (json!(true), &["boolean"]),
        (json!([]), &[]),
        (json!({"a": 1}), &[]),
    ] {
        for (name, scalar, what) in all {
            let output: Vec<_> = all
                .iter()
                .map(|(name, scalar, _)| shaped(name, OutputShape::Scalar(*scalar)))
                .collect();
            let mut given = right.clone();
            given[name] = value.clone();
            let got = answer(output, given.clone()).await;
            if fitting.contains(&name) {
                assert_eq!(got, json!({ "data": given }), "{value} for {scalar:?}");
                continue;
            }
            given[name] = Json::Null;
            let message = format!("the subgraph's value is not {what}");
            let error = json!({"message": message, "path": [name], "extensions": {"code": "SUBREQUEST_MALFORMED_RESPONSE"}});
            assert_eq!(
                got,
                json!({ "data": given, "errors": [error] }),
                "{value} for {scalar:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused_as_a_whole() {
    let mut stage = Stage::with_limits(Limits {
        answer_bytes: 50,
        ..Limits::default()
    });
    let plan = query(
        vec![root("a", "{list{x}}")],
        vec![object("list", vec![leaf("x")]).list()],
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"list": vec![json!({"x": 12345}); 10]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":null,"errors":[{"message":"the answer would be larger than 50 bytes","extensions":{"code":"ANSWER_TOO_LARGE"}}]}"#
    );
}

/// What an entity holds is written once and copied wherever the entity stands; but an error in it is told at every place, and what was
/// taken back because of a null is no source for copies.
#[tokio::test]
async fn what_stands_at_many_places_is_the_same_everywhere_and_its_errors_are_told_at_each() {
    let mut stage = Stage::new();
    let ask = "query($r:[_Any!]!){_entities(representations:$r){...on P{parts{id in{id}}}}}";
    let inner = object("in", vec![leaf("id").required()]);
    let parts = object("parts", vec![leaf("id").required(), inner]).list();
    let plan = query(
        vec![
            root("a", "{list{p{id}}}"),
            entities("b", ask, vec![batch("P", &["list.p"], &["id"])], &[0]),
        ],
        vec![object("list", vec![object("p", vec![parts])]).list()],
    );
    let execution = stage.start(&plan);
    let ids: Vec<_> = ["1", "2", "1", "2", "1"]
        .map(|id| json!({"p": {"id": id}}))
        .into();
    stage.call("a").await.answers(json!({"data": {"list": ids}}));
    stage.call("b").await.answers(json!({"data": {"_entities": [
        {"parts": [{"id": "x", "in": {"id": "xx"}}, {"id": "y", "in": null}]},
        {"parts": [{"id": "z", "in": {"id": "zz"}}, {"id": null}, {"id": "w", "in": {"id": null}}]},
    ]}}));
    let one = json!({"p": {"parts": [{"id": "x", "in": {"id": "xx"}}, {"id": "y", "in": null}]}});
    let two = json!({"p": {"parts": [{"id": "z", "in": {"id": "zz"}}, null, {"id": "w", "in": null}]}});
    let told = |place: usize, path: &[serde_json::Value]| {
        let mut whole = vec![json!("list"), json!(place), json!("p"), json!("parts")];
        whole.extend_from_slice(path);
        let code = json!({"code": "UNEXPECTED_NULL"});
        json!({"message": "null for a field that is never null", "path": whole, "extensions": code})
    };
    let at = |place: usize| {
        [
            told(place, &[json!(1), json!("id")]),
            told(place, &[json!(2), json!("in"), json!("id")]),
        ]
    };
    let errors = [at(1), at(3)].concat();
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"list": [one, two, one, two, one]}, "errors": errors})
    );
}
