//! The cheapest plan, not the first.

use super::scene::{graph, unrestricted};
use lavka_planner::PlanOptions;

/// `a` and `b` could come from x or y, but only y has `c`: x need not be asked.
#[test]
fn a_subgraph_that_need_not_be_asked_is_not() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! }"#,
        ),
        (
            "x",
            r#"type T @key(fields: "id") { id: ID! a: Int @shareable b: Int @shareable }"#,
        ),
        (
            "y",
            r#"type T @key(fields: "id") { id: ID! a: Int @shareable b: Int @shareable c: Int }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { a b c } }"));
}

/// The list could be taken from `lists` with a jump for the titles after it, or wholly from `catalog` one jump earlier.
#[test]
fn an_object_is_taken_from_whom_gives_more_of_it() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { s: Shop } type Shop @key(fields: "id") { id: ID! top: [P!]! @shareable } type P @key(fields: "id") { id: ID! }"#,
        ),
        (
            "catalog",
            r#"type Shop @key(fields: "id") { id: ID! top: [P!]! @shareable motto: String } type P @key(fields: "id") { id: ID! title: String }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ s { motto top { title } } }"));
}

#[test]
fn two_ways_of_which_one_is_shorter() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! }"#,
        ),
        (
            "far",
            r#"type T @key(fields: "other") { other: ID! v: Int @shareable }"#,
        ),
        (
            "near",
            r#"type T @key(fields: "id") @key(fields: "other") { id: ID! other: ID! v: Int @shareable }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { v } }"));
}

#[test]
fn a_bound_that_was_reached_is_said() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! }"#,
        ),
        ("x", r#"type T @key(fields: "id") { id: ID! a: Int @shareable }"#),
        ("y", r#"type T @key(fields: "id") { id: ID! a: Int @shareable }"#),
    ]);
    let options = PlanOptions {
        search_budget: 3,
        ..unrestricted()
    };
    insta::assert_snapshot!(graph.plan_with("{ t { a } }", &options));
}

#[test]
fn the_same_operation_gives_the_same_plan() {
    let graph = || {
        graph(&[
            (
                "root",
                r#"type Query { t: T } type T @key(fields: "id") { id: ID! }"#,
            ),
            (
                "x",
                r#"type T @key(fields: "id") { id: ID! a: Int @shareable b: T @shareable }"#,
            ),
            (
                "y",
                r#"type T @key(fields: "id") { id: ID! a: Int @shareable b: T @shareable }"#,
            ),
        ])
    };
    let operation = "{ t { a b { a b { a } } } }";
    let first = graph().plan(operation);
    for _ in 0..10 {
        assert_eq!(graph().plan(operation), first);
    }
}

/// What one request is sent for anyway costs nothing there: of all the choices here, none is worth a plan of its own, so that no budget is spent.
#[test]
fn choices_that_save_nothing_are_not_tried() {
    let graph = graph(&[
        (
            "root",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! }"#,
        ),
        (
            "x",
            r#"type T @key(fields: "id") { id: ID! own: Int a: Int @shareable b: B @shareable } type B @shareable { c: Int }"#,
        ),
        (
            "y",
            r#"type T @key(fields: "id") { id: ID! other: Int a: Int @shareable b: B @shareable } type B @shareable { c: Int }"#,
        ),
    ]);
    let options = PlanOptions {
        search_budget: 1,
        ..unrestricted()
    };
    let planned = graph
        .try_plan("{ t { own other a b { c } } }", &options)
        .expect("a plan");
    assert_eq!(planned.fetches.len(), 3);
    assert!(planned.notes.is_empty(), "{:?}", planned.notes);
}
