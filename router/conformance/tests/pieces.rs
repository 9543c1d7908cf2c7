//! `@defer`: whatever is deferred, and whoever answers first, the pieces of an answer make up the whole.
//!
//! `CASES=20000 cargo test -p lavka-conformance --test pieces` asks more, `SEED=…` begins elsewhere.

use std::fmt::Write;

use lavka_conformance::{
    Case, Compare, Federation, FederationError, InPieces, Scenario, deferring, difference, operation, shrink,
    whole,
};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

const OPERATIONS: u64 = 5;
const MOST_FAILURES: usize = 5;

#[derive(Debug, Default)]
struct Counts {
    asked: u64,
    in_pieces: u64,
    pieces: usize,
    failed: usize,
}

#[test]
fn random_operations_in_pieces_make_up_the_whole_answer() {
    let (cases, first) = (number("CASES", 500), number("SEED", 1));
    let runtime = Runtime::new().expect("a runtime");
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    let mut seed = first;
    while counts.asked < cases && failures.len() < MOST_FAILURES {
        let mut scenario = Scenario::new(seed);
        let federation = scenario
            .federation()
            .unwrap_or_else(|error| panic!("SEED={seed} doesn't compose: {error}\n{scenario}"));
        for at in 0..OPERATIONS {
            let own = seed * OPERATIONS + at;
            let (plain, variables) = operation(federation.supergraph.api_schema(), own);
            (scenario.operation, scenario.variables) = (deferring(&plain, own), variables);
            let asked = ask(&runtime, &federation, &scenario, own);
            match verdict(&asked, &mut counts) {
                None => {}
                Some(what) => failures.push(report(&runtime, own, &scenario, &what)),
            }
        }
        seed += 1;
    }
    println!("{counts:?} over {} supergraphs", seed - first);
    assert!(
        failures.is_empty(),
        "{} failures:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    assert!(
        counts.in_pieces * 5 > counts.asked,
        "too few of them came in pieces: {counts:?}"
    );
}

/// What the cases ask, deferred here and there.
#[test]
fn the_cases_in_pieces_make_up_the_whole_answers() {
    let runtime = Runtime::new().expect("a runtime");
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    for case in Case::all().unwrap_or_else(|why| panic!("{why}")) {
        for operation in &case.operations {
            if operation.has_its_own_answer() {
                continue;
            }
            let federation = case
                .federation()
                .and_then(|federation| federation.with_labels(operation.labels.iter().cloned()))
                .unwrap_or_else(|why| panic!("{}: {why}", case.name));
            for seed in 0..6 {
                // The first as it stands.
                let text = match seed {
                    0 => operation.text.clone(),
                    _ => deferring(&operation.text, seed),
                };
                let asked =
                    runtime.block_on(federation.ask_in_pieces(&text, operation.variables.clone(), seed));
                if let Some(what) = verdict(&asked, &mut counts) {
                    failures.push(format!(
                        "{}/{} SEED={seed}: {what}\n{text}\n{}",
                        case.name,
                        operation.name,
                        shown(&asked)
                    ));
                }
            }
        }
    }
    println!("{counts:?}");
    assert!(
        failures.is_empty(),
        "{} failures:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    assert!(
        counts.in_pieces > 100,
        "too few of them came in pieces: {counts:?}"
    );
}

type Asked = Result<InPieces, FederationError>;

fn ask(runtime: &Runtime, federation: &Federation, scenario: &Scenario, seed: u64) -> Asked {
    runtime.block_on(federation.ask_in_pieces(&scenario.operation, scenario.variables.clone(), seed))
}

/// What is wrong. None: nothing, or the generator has made up an operation that isn't valid.
fn verdict(asked: &Asked, counts: &mut Counts) -> Option<String> {
    let answer = match asked {
        Err(FederationError::Operation(_)) => return None,
        Err(error) => return Some(error.to_string()),
        Ok(answer) => answer,
    };
    counts.asked += 1;
    counts.in_pieces += u64::from(answer.pieces.len() > 1);
    counts.pieces += answer.pieces.len();
    let put_together = match whole(&answer.pieces) {
        Ok(whole) => whole,
        Err(what) => return Some(what),
    };
    counts.failed += put_together.failed;
    if put_together.failed > 0 {
        // In one piece the null would have gone further up; that there is an error is all that must be the same.
        let has_errors = answer.whole["errors"].is_array();
        return (!has_errors).then(|| "a fragment failed, and in the whole answer nothing does".to_owned());
    }
    let what = difference(&put_together.response, &answer.whole, Compare::Loosely)?;
    // What the router answers in one piece is another test's matter.
    difference(&put_together.response, &answer.in_one, Compare::Loosely).map(|_| what)
}

fn report(runtime: &Runtime, seed: u64, scenario: &Scenario, what: &str) -> String {
    let kind = what.split_once(':').map_or(what, |(kind, _)| kind).to_owned();
    let mut fails = |candidate: &Scenario| {
        let Ok(federation) = candidate.federation() else {
            return false;
        };
        let asked = ask(runtime, &federation, candidate, seed);
        if matches!(asked, Err(FederationError::Plan(_))) {
            return false;
        }
        verdict(&asked, &mut Counts::default()).is_some_and(|found| found.starts_with(&kind))
    };
    let tries = usize::try_from(number("SHRINK", 1000)).unwrap_or(0);
    let small = shrink(scenario, tries, &mut fails);
    let mut text = format!("SEED={seed}: {what}\n{small}");
    if let Ok(federation) = small.federation() {
        let asked = ask(runtime, &federation, &small, seed);
        let now = verdict(&asked, &mut Counts::default());
        let _ = writeln!(text, "--- now: {}\n{}", now.unwrap_or_default(), shown(&asked));
    }
    text
}

fn shown(asked: &Asked) -> String {
    match asked {
        Err(error) => error.to_string(),
        Ok(answer) => {
            let pieces: Vec<String> = answer.pieces.iter().map(Json::to_string).collect();
            format!(
                "router:     {}\none server: {}\n{}",
                pieces.join("\n            "),
                answer.whole,
                answer.plan
            )
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// The case `defer`, asked in pieces.
fn pieces(operation: &str) -> Vec<Json> {
    let runtime = Runtime::new().expect("a runtime");
    let case = Case::all().unwrap_or_else(|why| panic!("{why}"));
    let case = case
        .into_iter()
        .find(|case| case.name == "defer")
        .expect("the case");
    let federation = case.federation().unwrap_or_else(|why| panic!("{why}"));
    let asked = runtime.block_on(federation.ask_in_pieces(operation, json!({}), 1));
    let answer = asked.unwrap_or_else(|why| panic!("{why}"));
    whole(&answer.pieces).unwrap_or_else(|what| panic!("{what}"));
    answer.pieces
}

fn without_extensions(mut pieces: Vec<Json>) -> Vec<Json> {
    fn strip(json: &mut Json) {
        match json {
            Json::Object(members) => {
                members.remove("extensions");
                members.values_mut().for_each(strip);
            }
            Json::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    pieces.iter_mut().for_each(strip);
    pieces
}

#[test]
fn each_object_of_a_list_has_its_fragment() {
    assert_eq!(
        pieces(r#"{ products { name ... @defer(label: "more") { reviews { body } } } }"#),
        [
            json!({
                "data": {"products": [{"name": "Lamp"}, {"name": "Chair"}]},
                "pending": [
                    {"id": "0", "path": ["products", 0], "label": "more"},
                    {"id": "1", "path": ["products", 1], "label": "more"},
                ],
                "hasNext": true,
            }),
            json!({
                "incremental": [
                    {"id": "0", "data": {"reviews": [{"body": "Fine."}, {"body": "Dull."}]}},
                    {"id": "1", "data": {"reviews": []}},
                ],
                "completed": [{"id": "0"}, {"id": "1"}],
                "hasNext": false,
            }),
        ]
    );
}

#[test]
fn a_fragment_inside_of_another_is_announced_when_that_is_complete() {
    let pieces = pieces(
        r#"{ product(id: "1") { name ... @defer(label: "outer") {
            reviews { body ... @defer(label: "inner") { author { name } } }
        } } }"#,
    );
    assert_eq!(
        pieces[0],
        json!({
            "data": {"product": {"name": "Lamp"}},
            "pending": [{"id": "0", "path": ["product"], "label": "outer"}],
            "hasNext": true,
        })
    );
    let inner =
        |id: &str, number: usize| json!({"id": id, "path": ["product", "reviews", number], "label": "inner"});
    assert_eq!(
        pieces[1],
        json!({
            "pending": [inner("1", 0), inner("2", 1)],
            "incremental": [{"id": "0", "data": {"reviews": [{"body": "Fine."}, {"body": "Dull."}]}}],
            "completed": [{"id": "0"}],
            "hasNext": true,
        })
    );
    assert_eq!(
        pieces[2],
        json!({
            "incremental": [
                {"id": "1", "data": {"author": {"name": "Ann"}}},
                {"id": "2", "data": {"author": null}},
            ],
            "completed": [{"id": "1"}, {"id": "2"}],
            "hasNext": false,
        })
    );
}

/// `name` and the reviews' `body` come at once, so the deferred fragment brings only what is below them, and says where.
#[test]
fn fields_that_were_answered_do_not_come_again() {
    assert_eq!(
        pieces(
            r#"{ product(id: "1") { name reviews { body author { email } } ... @defer { name reviews { body author { name } } } } }"#
        ),
        [
            json!({
                "data": {"product": {"name": "Lamp", "reviews": [
                    {"body": "Fine.", "author": {"email": "ann@example.com"}},
                    {"body": "Dull.", "author": null},
                ]}},
                "pending": [{"id": "0", "path": ["product"]}],
                "hasNext": true,
            }),
            json!({
                "incremental": [{"id": "0", "subPath": ["reviews", 0, "author"], "data": {"name": "Ann"}}],
                "completed": [{"id": "0"}],
                "hasNext": false,
            }),
        ]
    );
}

#[test]
fn an_error_comes_with_the_piece_that_has_its_field() {
    let pieces = without_extensions(pieces("{ products { id ... @defer { stars } } }"));
    assert_eq!(
        pieces[1]["incremental"],
        json!([
            {"id": "0", "data": {"stars": 5}},
            {
                "id": "1",
                "data": {"stars": null},
                "errors": [{"message": "resolver error: no stars", "path": ["products", 1, "stars"]}],
            },
        ])
    );
    assert_eq!(pieces[1]["completed"], json!([{"id": "0"}, {"id": "1"}]));
    assert!(pieces[0].get("errors").is_none());
}

/// `rating` is never null: the fragment can't be had, and what was answered before stands.
#[test]
fn null_that_goes_beyond_a_fragment_completes_it_with_errors() {
    let pieces = without_extensions(pieces(
        "{ products { id ... @defer { rating ... @defer { reviews { author { name } } } } } }",
    ));
    assert_eq!(pieces[0]["data"], json!({"products": [{"id": "1"}, {"id": "2"}]}));
    assert_eq!(
        pieces[1]["incremental"],
        json!([{"id": "0", "data": {"rating": 4}}])
    );
    assert_eq!(
        pieces[1]["completed"],
        json!([
            {"id": "0"},
            {"id": "1", "errors": [{"message": "resolver error: no rating", "path": ["products", 1, "rating"]}]},
        ])
    );
    let announced: Vec<&Json> = pieces[1]["pending"].as_array().into_iter().flatten().collect();
    assert_eq!(announced.len(), 1, "nothing inside of what failed: {announced:?}");
}

#[test]
fn where_nothing_is_there_nothing_is_announced() {
    assert_eq!(
        pieces("{ nothing { name ... @defer { stars } } }"),
        [json!({"data": {"nothing": null}})]
    );
}
