//! Default values must be values of their types, in each subgraph and in what they merge to; `@oneOf` has rules of its own.

use super::fixtures::{composed, refused};

#[test]
fn a_default_that_is_no_value_of_its_type() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { t(a: Int = "x", e: E = C, n: Int! = null, i: I = {q: 1}): Int }
           enum E { A }
           input I { z: Int! f: Float = true }
           directive @mine(x: Int = "1") on FIELD"#
    )]));
}

#[test]
fn a_default_that_merging_takes_away() {
    insta::assert_snapshot!(
        [
            refused(&[
                ("a", "enum E { A B } type Query { a(e: E = A): Int }"),
                ("b", "enum E { B C } type Query { b(e: E = B): Int }"),
            ]),
            refused(&[
                (
                    "a",
                    "enum E { A B } input I { e: E = A l: [E!] = [A, B] } type Query { a(i: I = {e: A}): Int }"
                ),
                (
                    "b",
                    "enum E { B C } input I { e: E l: [E!] } type Query { b(i: I): Int }"
                ),
            ]),
            refused(&[
                (
                    "a",
                    "input I { x: Int y: Int } type Query { a(i: I = {x: 1, y: 2}): Int }"
                ),
                ("b", "input I { x: Int } type Query { b(i: I): Int }"),
            ]),
        ]
        .join("\n")
    );
    composed(&[
        (
            "a",
            "enum E { A B } input I { x: Int y: Int } type Query { a(e: E = B, i: I = {x: 1}): Int }",
        ),
        (
            "b",
            "enum E { B C } input I { x: Int } type Query { b(e: E, i: I): Int }",
        ),
    ]);
}

#[test]
fn a_default_made_of_what_is_inaccessible() {
    insta::assert_snapshot!(refused(&[(
        "a",
        "enum E { A @inaccessible B } input I { x: Int @inaccessible e: E }
         type Query { a(e: E = A, i: I = {x: 1}, j: [I] = [{e: A}], k: I = {e: B}): Int }"
    )]));
}

#[test]
fn an_input_that_is_one_of_requires_nothing() {
    insta::assert_snapshot!(
        [
            refused(&[(
                "a",
                "input I @oneOf { a: Int! b: Int = 1 c: Int } type Query { a(i: I): Int }"
            )]),
            refused(&[
                (
                    "a",
                    "input I @oneOf { a: Int b: Int } type Query { a(i: I): Int }"
                ),
                ("b", "input I { a: Int! b: Int } type Query { b(i: I): Int }"),
            ]),
            refused(&[(
                "a",
                "input I @oneOf { a: Int b: Int } type Query { a(i: I = {a: 1, b: 2}): Int }"
            )]),
        ]
        .join("\n")
    );
}

/// What only the whole shows has its place as well.
#[test]
fn a_union_of_what_is_an_interface_elsewhere() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"interface M @key(fields: "id") { id: ID! t: String } type B implements M @key(fields: "id") { id: ID! t: String } type Query { m: M }"#
        ),
        (
            "b",
            r#"type M @key(fields: "id") @interfaceObject { id: ID! r: Int } union U = M | X type X { a: Int } type Query { u: U }"#
        ),
    ]));
}
