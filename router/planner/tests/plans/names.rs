//! Aliases and internal keys.

use super::scene::{Graph, graph};

fn shop() -> Graph {
    graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! name: String items(first: Int): [T!]! }"#,
        ),
        ("b", r#"type T @key(fields: "id") { id: ID! size: Int }"#),
    ])
}

#[test]
fn an_alias_in_the_way_of_a_key() {
    insta::assert_snapshot!(shop().plan("{ t { id: name size } }"));
}

#[test]
fn a_key_under_another_name_is_used() {
    insta::assert_snapshot!(shop().plan("{ t { key: id size } }"));
}

#[test]
fn one_field_twice_with_different_arguments() {
    insta::assert_snapshot!(shop().plan(
        "query ($n: Int = 2) { t { few: items(first: $n) { size } many: items(first: 100) { id size } } }"
    ));
}

#[test]
fn a_variable_named_like_ours() {
    insta::assert_snapshot!(shop().plan("query ($r0: Int) { t { size items(first: $r0) { size } } }"));
}

#[test]
fn fragments_are_inlined_and_merged() {
    insta::assert_snapshot!(shop().plan(
        "query Q { t { ...A ... on T { name size } } } fragment A on T { id items { id ...B } } fragment B on T { size }"
    ));
}

#[test]
fn text_that_must_be_escaped() {
    let graph = graph(&[(
        "a",
        r#"type Query { t(s: String, l: [In]): Int } input In { e: E f: Float s: String } enum E { X }"#,
    )]);
    insta::assert_snapshot!(graph.plan(
        r#"{ t(s: """a "quoted"
    line \ """, l: [{ e: X, f: 1.5e3, s: "\u0001" }, null]) }"#
    ));
}
