//! @skip and @include.

use super::scene::{Graph, graph};

fn shop() -> Graph {
    graph(&[
        (
            "a",
            r#"type Query { t: T u: T } type T @key(fields: "id") { id: ID! name: String other: T }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id") { id: ID! size: Int cost: Int }"#,
        ),
    ])
}

#[test]
fn a_condition_on_a_field_stays_in_the_document() {
    insta::assert_snapshot!(shop().plan("query ($a: Boolean!) { t { id name @include(if: $a) } }"));
}

#[test]
fn a_condition_on_all_of_a_jump_is_the_requests() {
    insta::assert_snapshot!(
        shop().plan("query ($a: Boolean!) { t { id size @skip(if: $a) cost @skip(if: $a) } }")
    );
}

#[test]
fn one_jump_for_fields_of_different_conditions() {
    insta::assert_snapshot!(
        shop()
            .plan("query ($a: Boolean!, $b: Boolean!) { t { size @include(if: $a) cost @include(if: $b) } }")
    );
}

#[test]
fn a_conditional_and_an_unconditional_field_of_one_jump() {
    insta::assert_snapshot!(shop().plan("query ($a: Boolean!) { t { size @include(if: $a) cost } }"));
}

#[test]
fn one_field_under_two_conditions() {
    insta::assert_snapshot!(shop().plan(
        "query ($a: Boolean!, $b: Boolean!) { t { ... @include(if: $a) { other { name } } ... @skip(if: $b) { other { size } } } }"
    ));
}

#[test]
fn opposite_conditions_are_none() {
    insta::assert_snapshot!(
        shop()
            .plan("query ($a: Boolean!) { t { ... @include(if: $a) { name } ... @skip(if: $a) { name } } }")
    );
}

#[test]
fn conditions_inside_conditions() {
    insta::assert_snapshot!(shop().plan(
        "query ($a: Boolean!, $b: Boolean!, $c: Boolean!) { t @include(if: $a) { ... @include(if: $b) { ... @include(if: $c) { name size } } } }"
    ));
}

#[test]
fn literals_are_decided_at_once() {
    insta::assert_snapshot!(
        shop().plan("{ t { id @include(if: true) name @skip(if: true) size @include(if: false) } }")
    );
}

#[test]
fn nothing_left_at_all() {
    insta::assert_snapshot!(shop().plan("{ t @skip(if: true) { id } }"));
}

#[test]
fn batches_of_different_conditions_in_one_request() {
    insta::assert_snapshot!(shop().plan("query ($a: Boolean!) { t @include(if: $a) { size } u { size } }"));
}

#[test]
fn a_field_stands_where_its_first_selection_is_that_is_not_skipped() {
    insta::assert_snapshot!(shop().plan("query ($a: Boolean!) { t { name @include(if: $a) id name } }"));
}
