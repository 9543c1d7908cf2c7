//! What authors may want to know of subgraphs that compose, with the published code and the place.

use super::fixtures::hints;

#[test]
fn a_field_of_several_types() {
    insta::assert_snapshot!(hints(&[
        ("a", "type Query { a: Int! @shareable }"),
        ("b", "type Query { a: Int @shareable }"),
    ]));
}

#[test]
fn arguments_that_not_all_know() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            "type Query { a(x: Int, y: Int!, z: Int = 1): Int @shareable }"
        ),
        ("b", "type Query { a(y: Int, z: Int): Int @shareable }"),
    ]));
}

#[test]
fn an_input_field_that_not_all_know() {
    insta::assert_snapshot!(hints(&[
        ("a", "type Query { a(i: In): Int } input In { x: Int y: Int }"),
        ("b", "type Query { b(i: In): Int } input In { x: Int }"),
    ]));
}

#[test]
fn values_of_enums_that_not_all_know() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            "type Query { a(e: In): Out } enum In { X Y } enum Out { X Y } enum Idle { X }"
        ),
        ("b", "type Query { b(e: In): Out } enum In { X } enum Out { X }"),
    ]));
}

#[test]
fn a_member_of_a_union_that_not_all_know() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            "type Query { a: U } union U = A | B type A @shareable { x: Int } type B { x: Int }"
        ),
        (
            "b",
            "type Query { b: U } union U = A type A @shareable { x: Int }"
        ),
    ]));
}

#[test]
fn values_that_look_different() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            "type Query { a: A i: I } type A @shareable { x: Int y: Int } interface I { x: Int y: Int } type C implements I { x: Int y: Int }"
        ),
        (
            "b",
            "type Query { b: Int } type A @shareable { x: Int } interface I { x: Int }"
        ),
    ]));
}

#[test]
fn a_key_in_some_subgraphs_only() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! @shareable }"#
        ),
        ("b", "type Query { b: A } type A { id: ID! @shareable }"),
    ]));
}

#[test]
fn descriptions_that_differ() {
    insta::assert_snapshot!(hints(&[
        ("a", r#"type Query { "The one." a: Int @shareable }"#),
        ("b", r#"type Query { "The other." a: Int @shareable }"#),
    ]));
}

#[test]
fn directives_for_operations() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            "directive @all(x: Int) on FIELD directive @mine on FIELD directive @often repeatable on FIELD
             directive @places on FIELD | QUERY directive @nowhere on FIELD directive @other(x: Int) on FIELD type Query { a: Int }"
        ),
        (
            "b",
            "directive @all(x: Int) on FIELD directive @often on FIELD
             directive @places on FIELD directive @nowhere on QUERY directive @other(x: String) on FIELD type Query { b: Int }"
        ),
    ]));
}

#[test]
fn overrides() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID!
                gone: Int @override(from: "b")
                moving: Int @override(from: "b", label: "percent(10)")
                stale: Int @override(from: "b")
                nobodys: Int @override(from: "nobody") }
               type Only @key(fields: "id") { id: ID! x: Int @override(from: "b") }"#
        ),
        (
            "b",
            r#"type A @key(fields: "id") { id: ID! gone: Int moving: Int }"#
        ),
    ]));
}

#[test]
fn an_argument_from_a_context_in_some_subgraphs_only() {
    insta::assert_snapshot!(hints(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") @context(name: "a") { id: ID! size: String b: B }
               type B @key(fields: "id") { id: ID! x(size: String @fromContext(field: "$a { size }")): Int @shareable }"#
        ),
        (
            "b",
            r#"type B @key(fields: "id") { id: ID! x(size: String): Int @shareable }"#
        ),
    ]));
}
