//! @requires: fields that need other subgraphs' fields.

use super::scene::graph;

#[test]
fn what_is_required_is_fetched_first() {
    let graph = graph(&[
        (
            "products",
            r#"type Query { top: [Product!]! } type Product @key(fields: "upc") { upc: ID! weight: Int size: Size } type Size { h: Int! w: Int! }"#,
        ),
        (
            "stock",
            r#"type Product @key(fields: "upc") { upc: ID! weight: Int @external size: Size @external inStock: Boolean shipping: Int @requires(fields: "weight size { h }") } type Size { h: Int! @external }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ top { inStock shipping } }"));
}

#[test]
fn a_subgraph_asks_itself_again_once_it_knows() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! price: Int @external tax: Int @requires(fields: "price") }"#,
        ),
        ("b", r#"type T @key(fields: "id") { id: ID! price: Int }"#),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { id tax } }"));
}

#[test]
fn requirements_chain() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! one: Int }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id") { id: ID! one: Int @external two: Int @requires(fields: "one") }"#,
        ),
        (
            "c",
            r#"type T @key(fields: "id") { id: ID! two: Int @external three: Int @requires(fields: "two") plain: Int }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { three plain } }"));
}

#[test]
fn the_same_field_with_different_arguments() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! price(in: String): Int }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id") { id: ID! price(in: String): Int @external usd: Int @requires(fields: "price(in: \"USD\")") eur: Int @requires(fields: "price(in: \"EUR\")") }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { price usd eur } }"));
}

#[test]
fn fields_of_an_abstract_type() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! box: Box } interface Box { size: Int } type Crate implements Box { size: Int wood: String } type Bag implements Box { size: Int }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id") { id: ID! box: Box @external cost: Int @requires(fields: "box { size ... on Crate { wood } }") }
               interface Box { size: Int } type Crate implements Box @external { size: Int wood: String } type Bag implements Box @external { size: Int }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { cost } }"));
}

#[test]
fn what_looks_circular_is_not() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! x: Int y: Int @external z: Int @requires(fields: "y") }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id") { id: ID! x: Int @external z: Int @external y: Int @requires(fields: "x") w: Int @requires(fields: "z") }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { w } }"));
}

#[test]
fn a_required_field_that_needs_a_jump_below() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! owner: User } type User @key(fields: "id") { id: ID! }"#,
        ),
        (
            "users",
            r#"type User @key(fields: "id") { id: ID! country: String }"#,
        ),
        (
            "tax",
            r#"type T @key(fields: "id") { id: ID! owner: User @external rate: Int @requires(fields: "owner { country }") } type User @key(fields: "id") { id: ID! country: String @external }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { rate } }"));
}

#[test]
fn fields_of_a_lists_objects() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! parts: [Part!]! } type Part { weight: Int! name: String }"#,
        ),
        (
            "b",
            r#"type T @key(fields: "id") { id: ID! parts: [Part!]! @external sum: Int @requires(fields: "parts { weight }") } type Part { weight: Int! @external }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { parts { name } sum } }"));
}
