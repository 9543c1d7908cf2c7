//! What `@key`, `@requires` and `@provides` name, where that can't be read or followed.

use lavka_compose::compose;

use super::fixtures::{described, refused};
use super::planning;

#[test]
fn provides_of_what_cant_be_read() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A @provides(fields: "missing") b: A @provides(fields: [1]) c: A @provides(fields: "x @skip(if: true)") }
           type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x @include(if: true)") }"#
    )]));
}

#[test]
fn an_alias_means_nothing_to_a_subgraph() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A @provides(fields: "q: x") }
               type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "q: x") b: B @external z: Int @requires(fields: "b { q: c }") }
               type B { c: Int @external }"#
        ),
        (
            "b",
            r#"type A @key(fields: "id") { id: ID! x: Int @shareable b: B } type B { c: Int @shareable }"#
        ),
    ]));
}

#[test]
fn external_and_provides() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! b: B @external @provides(fields: "c") d: Int @requires(fields: "b { c }") }
               type B { c: Int @external }"#
        ),
        (
            "b",
            r#"type A @key(fields: "id") { id: ID! b: B } type B { c: Int @shareable }"#
        ),
    ]));
}

#[test]
fn a_subscription_by_another_name() {
    insta::assert_snapshot!(refused(&[(
        "a",
        "schema { query: Query subscription: Told } type Query { a: Int } type Told { a: Int } type Subscription { b: Int }"
    )]));
}

/// Each of a hundred and more fields requires the next, which another subgraph gives.
#[test]
fn requirements_of_requirements_have_an_end() {
    let (mut even, mut odd) = (String::new(), String::new());
    for number in 0..120 {
        let (own, other) = if number % 2 == 0 {
            (&mut even, &mut odd)
        } else {
            (&mut odd, &mut even)
        };
        let requires = match number {
            119 => String::new(),
            _ => format!(r#"@requires(fields: "f{}")"#, number + 1),
        };
        *own += &format!("f{number}: Int {requires} ");
        if number > 0 {
            *other += &format!("f{number}: Int @external ");
        }
    }
    let of = |query: &str, fields: &str| {
        format!(r#"type Query {{ {query} }} type T @key(fields: "id") {{ id: ID! {fields} }}"#)
    };
    insta::assert_snapshot!(refused(&[("a", &of("t: T", &even)), ("b", &of("u: T", &odd))]));
}

/// Whoever gives an object that has a key there can tell the key: that is what keys are for. Other composers let `@external` take that back.
#[test]
fn a_key_that_is_external_is_told_all_the_same() {
    let composition = compose(&described(&[
        (
            "a",
            r#"type Query { a: T } type T @key(fields: "id") { id: ID! p: Int }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id", resolvable: false) { id: ID! @external } type Query { b: T }"#,
        ),
    ]));
    let composition = composition.unwrap_or_else(|errors| panic!("{errors:#?}"));
    let problems = planning::problems(&composition.supergraph_sdl);
    assert!(problems.is_empty(), "{problems:#?}");
}
