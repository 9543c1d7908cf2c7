//! Representations, and where the entities go.

use lavka_planner::{OutputField, RepresentationCase, RepresentationField, RepresentationObject, Typename};
use serde_json::json;

use super::plans::*;
use super::stage::*;

const ASK: &str = "query($r:[_Any!]!){_entities(representations:$r){...on P{name maker{id}}}}";

fn p(fields: Vec<OutputField>) -> OutputField {
    object("p", fields)
}

/// The same entity at many places is asked for once, and what it brings stands at all of them.
#[tokio::test]
async fn equal_entities_are_asked_for_once() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{list{p{id}}p{id}}"),
            entities("b", ASK, vec![batch("P", &["list.p", "p"], &["id"])], &[0]),
        ],
        vec![
            object("list", vec![p(vec![leaf("name")])]).list(),
            p(vec![leaf("id"), leaf("name")]),
        ],
    );
    let execution = stage.start(&plan);
    let ids = |id: &str| json!({"p": {"id": id}});
    stage.call("a").await.answers(json!({"data": {
        "list": [ids("1"), ids("2"), ids("1"), null, {"p": null}, ids("\u{e9}\"")], "p": {"id": "2"},
    }}));
    let call = stage.call("b").await;
    assert_eq!(
        call.representations("r"),
        &json!([
            {"__typename": "P", "id": "1"}, {"__typename": "P", "id": "2"}, {"__typename": "P", "id": "\u{e9}\""},
        ])
    );
    call.answers(json!({"data": {"_entities": [{"name": "one"}, {"name": "two"}, null]}}));
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {
            "list": [
                {"p": {"name": "one"}}, {"p": {"name": "two"}}, {"p": {"name": "one"}}, null, {"p": null},
                {"p": {"name": null}},
            ],
            "p": {"id": "2", "name": "two"},
        }})
    );
}

/// Numbers are compared by their text, and 1 isn't "1".
#[tokio::test]
async fn unequal_entities_are_not_mistaken_for_each_other() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{p{id}}"),
            entities("b", ASK, vec![batch("P", &["p"], &["id"])], &[0]),
        ],
        vec![p(vec![leaf("name")]).list()],
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"p": [{"id": 1}, {"id": "1"}, {"id": true}, {"id": 1}]}}));
    let call = stage.call("b").await;
    assert_eq!(
        call.representations("r"),
        &json!([{"__typename": "P", "id": 1}, {"__typename": "P", "id": "1"}, {"__typename": "P", "id": true}])
    );
    call.answers(json!({"data": {"_entities": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"p":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"a"}]}}"#
    );
}

#[tokio::test]
async fn without_entities_nothing_is_asked() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{list{p{id}}}"),
            entities("b", ASK, vec![batch("P", &["list.p"], &["id"])], &[0]),
            root("c", "{z}").after(&[1]),
        ],
        vec![
            object("list", vec![p(vec![leaf("name").required()])]).list(),
            leaf("z"),
        ],
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"list": [{"p": null}, null]}}));
    stage.call("c").await.answers(json!({"data": {"z": 1}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"list":[{"p":null},null],"z":1}}"#
    );
}

#[tokio::test]
async fn several_batches_ride_in_one_request() {
    let mut stage = Stage::new();
    let ask = "query($r0:[_Any!]!,$r1:[_Any!]!){_e0:_entities(representations:$r0){...on P{name}}_e1:_entities(representations:$r1){...on Q{size}}}";
    let mut first = batch("P", &["p"], &["id"]);
    (first.alias, first.variable) = ("_e0".into(), "r0".into());
    let mut second = batch("Q", &["p.q", "gone"], &["id"]);
    (second.alias, second.variable) = ("_e1".into(), "r1".into());
    let plan = query(
        vec![
            root("a", "{p{id q{id}}}"),
            entities("b", ask, vec![first, second], &[0]),
        ],
        vec![p(vec![leaf("name"), object("q", vec![leaf("size")])])],
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"p": {"id": "1", "q": {"id": "2"}}}}));
    let call = stage.call("b").await;
    assert_eq!(
        call.body["variables"],
        json!({"r0": [{"__typename": "P", "id": "1"}], "r1": [{"__typename": "Q", "id": "2"}]})
    );
    call.answers(json!({"data": {"_e0": [{"name": "one"}], "_e1": [{"size": 3}]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"p":{"name":"one","q":{"size":3}}}}"#
    );

    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"p": {"id": "1", "q": null}}}));
    let call = stage.call("b").await;
    assert_eq!(
        call.body["variables"],
        json!({"r0": [{"__typename": "P", "id": "1"}], "r1": []})
    );
    call.answers(json!({"data": {"_e0": [{"name": "one"}], "_e1": []}}));
    assert_eq!(text(execution).await, r#"{"data":{"p":{"name":"one","q":null}}}"#);
}

#[tokio::test]
async fn type_conditions_choose_the_entities_and_their_name() {
    let mut stage = Stage::new();
    let mut chosen = batch("P", &["any"], &["id"]);
    chosen.types = vec!["A".into(), "B".into()];
    chosen.typename = Typename::FromTree;
    let cases = by_type(vec![
        ("A", vec![leaf("id"), leaf("name")]),
        ("B", vec![leaf("name")]),
        (
            "C",
            vec![shaped("type", lavka_planner::OutputShape::Typename(None))],
        ),
    ]);
    let any = shaped("any", lavka_planner::OutputShape::Object(cases)).list();
    let plan = query(
        vec![
            root("a", "{any{__typename id}}"),
            entities("b", ASK, vec![chosen], &[0]),
            entities("c", ASK, vec![batch("Maker", &["any[A].maker"], &["id"])], &[0]),
        ],
        vec![any],
    );
    let execution = stage.start(&plan);
    stage.call("a").await.answers(json!({"data": {"any": [
        {"__typename": "C", "id": "1"}, {"__typename": "B", "id": "2", "maker": {"id": "m2"}},
        {"__typename": "A", "id": "3", "maker": {"id": "m3"}},
    ]}}));
    let [b, c] = stage.calls(["b", "c"]).await;
    assert_eq!(
        b.representations("r"),
        &json!([{"__typename": "B", "id": "2"}, {"__typename": "A", "id": "3"}])
    );
    assert_eq!(
        c.representations("r"),
        &json!([{"__typename": "Maker", "id": "m3"}])
    );
    b.answers(json!({"data": {"_entities": [{"name": "two"}, {"name": "three"}]}}));
    c.answers(json!({"data": {"_entities": [null]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"any":[{"type":"C"},{"name":"two"},{"id":"3","name":"three"}]}}"#
    );
}

#[tokio::test]
async fn representations_nest_rename_and_tell_needed_from_nullable() {
    let mut stage = Stage::new();
    let mut wanted = batch("P", &["p"], &["id"]);
    wanted.representation = vec![
        RepresentationField {
            source_key: "_id".into(),
            ..key_field("id")
        },
        RepresentationField {
            nullable: true,
            ..key_field("note")
        },
        RepresentationField {
            object: Some(RepresentationObject {
                typename: true,
                cases: vec![
                    RepresentationCase {
                        types: vec![],
                        fields: vec![key_field("unit")],
                    },
                    RepresentationCase {
                        types: vec!["Box".into()],
                        fields: vec![key_field("depth")],
                    },
                ],
            }),
            ..key_field("sizes")
        },
    ];
    let plan = query(
        vec![
            root("a", "{p{_id:id note sizes{__typename unit ...on Box{depth}}}}"),
            entities("b", ASK, vec![wanted], &[0]),
        ],
        vec![p(vec![leaf("id").reading("_id"), leaf("name")]).list()],
    );
    let execution = stage.start(&plan);
    let sheet = json!({"__typename": "Sheet", "unit": "cm"});
    let cube = json!({"__typename": "Box", "depth": 2.50, "unit": "mm"});
    stage.call("a").await.answers(json!({"data": {"p": [
        {"_id": "1", "note": null, "sizes": [sheet, cube, [null]]},
        {"_id": null, "note": "x", "sizes": []},
        {"_id": "3", "note": "x", "sizes": null},
        {"_id": "4", "note": {"any": [1, {"thing": null}]}, "sizes": cube},
        {"_id": "5", "note": "x", "sizes": {"__typename": "Box", "unit": "mm"}},
    ]}}));
    let call = stage.call("b").await;
    assert_eq!(
        call.representations("r"),
        &json!([
            {"__typename": "P", "id": "1", "note": null, "sizes": [
                {"__typename": "Sheet", "unit": "cm"}, {"__typename": "Box", "unit": "mm", "depth": 2.50}, [null],
            ]},
            {"__typename": "P", "id": "4", "note": {"any": [1, {"thing": null}]},
             "sizes": {"__typename": "Box", "unit": "mm", "depth": 2.50}},
        ])
    );
    call.answers(json!({"data": {"_entities": [{"name": "one"}, {"name": "four"}]}}));
    assert_eq!(
        json(text(execution).await.as_bytes())["data"]["p"],
        json!([
            {"id": "1", "name": "one"}, {"id": null, "name": null}, {"id": "3", "name": null},
            {"id": "4", "name": "four"}, {"id": "5", "name": null},
        ])
    );
}

/// At two paths the client may select different things under the same key, once the entity's own entities are completed.
#[tokio::test]
async fn one_entity_at_two_paths_is_completed_for_each_path_by_itself() {
    let mut stage = Stage::new();
    let ask_maker = "query($r:[_Any!]!){_entities(representations:$r){...on M{t}}}";
    let plan = query(
        vec![
            root("a", "{p{id}q{id}}"),
            entities("b", ASK, vec![batch("P", &["p", "q"], &["id"])], &[0]),
            entities("c", ask_maker, vec![batch("M", &["p.maker"], &["id"])], &[1]),
            entities("d", ask_maker, vec![batch("M", &["q.maker"], &["id"])], &[1]),
        ],
        vec![
            p(vec![object("maker", vec![leaf("t")])]),
            object("q", vec![object("maker", vec![leaf("t")])]),
        ],
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"p": {"id": "1"}, "q": {"id": "1"}}}));
    let call = stage.call("b").await;
    assert_eq!(
        call.representations("r"),
        &json!([{"__typename": "P", "id": "1"}])
    );
    call.answers(json!({"data": {"_entities": [{"maker": {"id": "m"}}]}}));
    let [c, d] = stage.calls(["c", "d"]).await;
    c.answers(json!({"data": {"_entities": [{"t": "title"}]}}));
    d.answers(json!({"data": {"_entities": [{"t": "telephone"}]}}));
    assert_eq!(
        text(execution).await,
        r#"{"data":{"p":{"maker":{"t":"title"}},"q":{"maker":{"t":"telephone"}}}}"#
    );
}
