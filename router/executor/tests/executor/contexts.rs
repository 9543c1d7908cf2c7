//! Arguments that are taken from the tree (@fromContext): objects with different values are asked for in requests of their own.

use lavka_planner::{ContextVariable, EntityBatch, OutputField, RepresentationCase, RepresentationObject};
use serde_json::{Value as Json, json};

use super::plans::*;
use super::stage::*;

const ASK: &str =
    "query($r:[_Any!]!,$c:String){_entities(representations:$r){...on P{price(in:$c) maker{id}}}}";

/// `$c` from the object after so many steps.
fn from(at: usize, key: &str) -> ContextVariable {
    let mut value = key_field(key);
    value.nullable = true;
    ContextVariable {
        variable: "c".into(),
        at,
        value,
        nullable: true,
    }
}

fn priced(context: ContextVariable) -> EntityBatch {
    EntityBatch {
        contexts: vec![context],
        ..batch("P", &["users.p"], &["id"])
    }
}

/// What is shown of every user's entity.
fn shown(what: OutputField) -> Vec<OutputField> {
    vec![object("users", vec![object("p", vec![what])]).list()]
}

fn users(users: &[(Json, &str)]) -> Json {
    let users = users
        .iter()
        .map(|(money, id)| json!({"money": money, "p": {"id": id}}));
    json!({"data": {"users": users.collect::<Json>()}})
}

/// The values and the ids of a request.
fn asked(call: &Call) -> (Json, Vec<String>) {
    let ids = call.representations("r").as_array().expect("a list");
    let ids = ids
        .iter()
        .map(|one| one["id"].as_str().unwrap_or_default().to_owned());
    (call.body["variables"]["c"].clone(), ids.collect())
}

#[tokio::test]
async fn each_value_is_a_request_and_equal_entities_are_told_apart_by_it() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{users{money p{id}}}"),
            entities("b", ASK, vec![priced(from(1, "money"))], &[0]),
        ],
        shown(leaf("price")),
    );
    let execution = stage.start(&plan);
    let (eur, usd) = (json!("EUR"), json!("USD"));
    stage.call("a").await.answers(users(&[
        (eur.clone(), "1"),
        (usd.clone(), "1"),
        (Json::Null, "2"),
        (eur.clone(), "1"),
        (eur.clone(), "3"),
    ]));
    let price = |text: &str| json!({"price": text});
    for _ in 0..3 {
        let call = stage.call("b").await;
        let (value, ids) = asked(&call);
        let expected: &[&str] = match value.as_str() {
            Some("EUR") => &["1", "3"],
            Some(_) => &["1"],
            None => &["2"],
        };
        assert_eq!(ids, expected, "{value}");
        let prices: Vec<Json> = ids.iter().map(|id| price(&format!("{id} {value}"))).collect();
        call.answers(json!({"data": {"_entities": prices}}));
    }
    let p = |text: &str| json!({"p": {"price": text}});
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"users": [
            p("1 \"EUR\""), p("1 \"USD\""), p("2 null"), p("1 \"EUR\""), p("3 \"EUR\"")
        ]}})
    );
}

/// Answers each entity with a maker, named by the value that it was asked with.
fn made(call: Call) {
    let (value, ids) = asked(&call);
    let made: Vec<Json> = ids
        .iter()
        .map(|id| json!({"price": 1, "maker": {"id": format!("{id}{}", value.as_str().unwrap_or_default())}}))
        .collect();
    call.answers(json!({"data": {"_entities": made}}));
}

/// A fetch has ended when the last of its requests has.
#[tokio::test]
async fn what_depends_on_them_waits_for_all_of_them() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{users{money p{id}}}"),
            entities("b", ASK, vec![priced(from(1, "money"))], &[0]),
            entities(
                "c",
                "query($r:[_Any!]!){_entities(representations:$r){...on M{name}}}",
                vec![batch("M", &["users.p.maker"], &["id"])],
                &[1],
            ),
        ],
        shown(object("maker", vec![leaf("name")])),
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(users(&[(json!("EUR"), "1"), (json!("USD"), "1")]));
    made(stage.call("b").await);
    let last = stage.call("b").await;
    stage.is_quiet().await;
    made(last);
    let call = stage.call("c").await;
    assert_eq!(
        call.representations("r"),
        &json!([{"__typename": "M", "id": "1EUR"}, {"__typename": "M", "id": "1USD"}])
    );
    call.answers(json!({"data": {"_entities": [{"name": "euro"}, {"name": "dollar"}]}}));
    let by = |name: &str| json!({"p": {"maker": {"name": name}}});
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"users": [by("euro"), by("dollar")]}})
    );
}

/// Two users share an entity, and with it what hangs below it, unless the plan keeps them apart.
#[tokio::test]
async fn what_is_below_an_entity_that_two_share_is_told_apart() {
    let mut stage = Stage::new();
    let apart = EntityBatch {
        apart: true,
        ..batch("P", &["users.p"], &["id"])
    };
    let priced = EntityBatch {
        contexts: vec![from(1, "money")],
        ..batch("M", &["users.p.maker"], &["id"])
    };
    let plan = query(
        vec![
            root("a", "{users{money p{id}}}"),
            entities(
                "c",
                "query($r:[_Any!]!){_entities(representations:$r){...on P{maker{id}}}}",
                vec![apart],
                &[0],
            ),
            entities(
                "b",
                "query($r:[_Any!]!,$c:String){_entities(representations:$r){...on M{price(in:$c)}}}",
                vec![priced],
                &[1],
            ),
        ],
        shown(object("maker", vec![leaf("price")])),
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(users(&[(json!("EUR"), "1"), (json!("USD"), "1")]));
    let call = stage.call("c").await;
    assert_eq!(call.representations("r").as_array().map(Vec::len), Some(1));
    call.answers(json!({"data": {"_entities": [{"maker": {"id": "m"}}]}}));
    for _ in 0..2 {
        let call = stage.call("b").await;
        let (value, ids) = asked(&call);
        assert_eq!(ids, ["m"]);
        call.answers(json!({"data": {"_entities": [{"price": value}]}}));
    }
    let at = |price: &str| json!({"p": {"maker": {"price": price}}});
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"users": [at("EUR"), at("USD")]}})
    );
}

/// Neither an argument that must be given is left out, nor is a value that is never null taken for null when it is missing.
#[tokio::test]
async fn where_a_value_is_missing_nobody_is_asked() {
    for (never_null, must_be_given) in [(true, false), (false, true)] {
        let mut stage = Stage::new();
        let mut context = from(1, "money");
        context.value.nullable = !never_null;
        context.nullable = !must_be_given;
        let plan = query(
            vec![
                root("a", "{users{money p{id}}}"),
                entities("b", ASK, vec![priced(context)], &[0]),
            ],
            shown(leaf("price")),
        );
        let execution = stage.start(&plan);
        stage
            .call("a")
            .await
            .answers(users(&[(Json::Null, "1"), (json!("EUR"), "1")]));
        let call = stage.call("b").await;
        assert_eq!(asked(&call), (json!("EUR"), vec!["1".to_owned()]));
        call.answers(json!({"data": {"_entities": [{"price": 2}]}}));
        assert_eq!(
            json(text(execution).await.as_bytes()),
            json!({"data": {"users": [{"p": {"price": null}}, {"p": {"price": 2}}]}})
        );
    }
}

#[tokio::test]
async fn a_request_that_fails_is_an_error_of_its_own_objects() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{users{money p{id}}}"),
            entities("b", ASK, vec![priced(from(1, "money"))], &[0]),
        ],
        shown(leaf("price")),
    );
    let execution = stage.start(&plan);
    stage.call("a").await.answers(users(&[
        (json!("EUR"), "1"),
        (json!("USD"), "1"),
        (json!("USD"), "2"),
    ]));
    for _ in 0..2 {
        let call = stage.call("b").await;
        match asked(&call).0.as_str() {
            Some("EUR") => call.answers(json!({"data": {"_entities": [{"price": 1}]}})),
            _ => call.answers(json!({"data": {"_entities": [{"price": 2}, null]}, "errors": [{"message": "lost", "path": ["_entities", 1]}]})),
        }
    }
    let answer = json(text(execution).await.as_bytes());
    assert_eq!(
        answer["data"],
        json!({"users": [{"p": {"price": 1}}, {"p": {"price": 2}}, {"p": {"price": null}}]})
    );
    let paths: Vec<&Json> = answer["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| &error["path"])
        .collect();
    assert_eq!(paths, [&json!(["users", 2, "p"])]);
}

/// A batch with fewer values than the other one in its document, and one that takes none: each object is asked for once.
#[tokio::test]
async fn batches_of_one_document_share_its_requests() {
    let mut stage = Stage::new();
    let named = |alias: &str, variable: &str, batch: EntityBatch| EntityBatch {
        alias: alias.into(),
        variable: variable.into(),
        ..batch
    };
    let locale = ContextVariable {
        variable: "d".into(),
        ..from(1, "locale")
    };
    let by_locale = EntityBatch {
        contexts: vec![locale],
        ..batch("P", &["users.p"], &["id"])
    };
    let plan = query(
        vec![
            root("a", "{users{money locale p{id}}}"),
            entities(
                "b",
                "query($r0:[_Any!]!,$r1:[_Any!]!,$r2:[_Any!]!,$c:String,$d:String){_e0:_entities(representations:$r0){...on P{price(in:$c)}} _e1:_entities(representations:$r1){...on P{note(in:$d)}} _e2:_entities(representations:$r2){...on P{name}}}",
                vec![
                    named("_e0", "r0", priced(from(1, "money"))),
                    named("_e1", "r1", by_locale),
                    named("_e2", "r2", batch("P", &["users.p"], &["id"])),
                ],
                &[0],
            ),
        ],
        vec![
            object(
                "users",
                vec![object("p", vec![leaf("price"), leaf("note"), leaf("name")])],
            )
            .list(),
        ],
    );
    let execution = stage.start(&plan);
    let user = |money: &str, id: &str| json!({"money": money, "locale": "en", "p": {"id": id}});
    stage
        .call("a")
        .await
        .answers(json!({"data": {"users": [user("EUR", "1"), user("USD", "2")]}}));
    let mut requests = Vec::new();
    for _ in 0..2 {
        let call = stage.call("b").await;
        let variables = &call.body["variables"];
        let count = |name: &str| variables[name].as_array().map_or(0, Vec::len);
        requests.push((count("r0"), count("r1"), count("r2"), variables["d"].clone()));
        let all = |text: &str, count: usize| vec![json!({text: variables["c"]}); count];
        let data = json!({
            "_e0": all("price", count("r0")), "_e1": all("note", count("r1")), "_e2": all("name", count("r2")),
        });
        call.answers(json!({ "data": data }));
    }
    requests.sort_by_key(|(_, by_locale, ..)| *by_locale);
    assert_eq!(requests, [(1, 0, 0, json!("en")), (1, 2, 2, json!("en"))]);
    let answer = json(text(execution).await.as_bytes());
    assert_eq!(answer["data"]["users"][1]["p"]["price"], json!("USD"));
    assert_eq!(
        answer["data"]["users"][1]["p"]["name"],
        answer["data"]["users"][0]["p"]["name"]
    );
}

/// A long list with a value for each object doesn't flood the subgraph, and is answered in the end.
#[tokio::test]
async fn many_values_are_asked_for_some_at_a_time() {
    let mut stage = Stage::new();
    let plan = query(
        vec![
            root("a", "{users{money p{id}}}"),
            entities("b", ASK, vec![priced(from(1, "money"))], &[0]),
        ],
        shown(leaf("price")),
    );
    let execution = stage.start(&plan);
    let all: Vec<(Json, &str)> = (0..40).map(|number| (json!(number), "1")).collect();
    stage.call("a").await.answers(users(&all));
    let mut open = Vec::new();
    for _ in 0..32 {
        open.push(stage.call("b").await);
    }
    stage.is_quiet().await;
    for answered in 0..40 {
        let call = open.remove(0);
        let (value, _) = asked(&call);
        call.answers(json!({"data": {"_entities": [{"price": value}]}}));
        if answered < 8 {
            open.push(stage.call("b").await);
        }
    }
    let answer = json(text(execution).await.as_bytes());
    let prices: Vec<i64> = answer["data"]["users"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|user| user["p"]["price"].as_i64())
        .collect();
    assert_eq!(prices, (0..40).collect::<Vec<i64>>());
}

/// Deeper down, through lists and by type.
#[tokio::test]
async fn values_deeper_down() {
    let mut stage = Stage::new();
    let mut context = from(1, "homes");
    let case = |ty: &str, key: &str| {
        let mut field = key_field(key);
        field.nullable = true;
        RepresentationCase {
            types: vec![ty.into()],
            fields: vec![field],
        }
    };
    context.value.object = Some(RepresentationObject {
        typename: true,
        cases: vec![case("House", "street"), case("Boat", "harbour")],
    });
    let plan = query(
        vec![
            root(
                "a",
                "{users{homes{__typename ...on House{street} ...on Boat{harbour}} p{id}}}",
            ),
            entities(
                "b",
                &ASK.replace("$c:String", "$c:[String]"),
                vec![priced(context)],
                &[0],
            ),
        ],
        shown(leaf("price")),
    );
    let execution = stage.start(&plan);
    stage
        .call("a")
        .await
        .answers(json!({"data": {"users": [{"p": {"id": "1"}, "homes": [
            {"__typename": "Boat", "harbour": "Riga"}, null, {"__typename": "House", "street": null},
            {"__typename": "Tent"}, {"__typename": "House", "street": "Main \"1\""},
        ]}]}}));
    let call = stage.call("b").await;
    assert_eq!(asked(&call).0, json!(["Riga", null, null, null, "Main \"1\""]));
    call.answers(json!({"data": {"_entities": [{"price": 1}]}}));
    assert_eq!(
        json(text(execution).await.as_bytes()),
        json!({"data": {"users": [{"p": {"price": 1}}]}})
    );
}
