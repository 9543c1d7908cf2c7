//! Mutations run one after the other.

use super::scene::{Graph, graph};

fn shop() -> Graph {
    graph(&[
        (
            "cart",
            r#"type Query { a: Int } type Mutation { add(sku: ID!): Cart! clear: Cart! } type Cart @key(fields: "id") { id: ID! lines: [Variant!]! } type Variant @key(fields: "sku") { sku: ID! }"#,
        ),
        (
            "orders",
            r#"type Mutation { checkout(cart: ID!): Order } type Order @key(fields: "id") { id: ID! lines: [Variant!]! }  type Variant @key(fields: "sku") { sku: ID! }"#,
        ),
        (
            "catalog",
            r#"type Variant @key(fields: "sku") { sku: ID! title: String! }"#,
        ),
    ])
}

#[test]
fn neighbours_in_one_subgraph_are_one_request() {
    insta::assert_snapshot!(
        shop().plan("mutation M($s: ID!) { add(sku: $s) { id } again: add(sku: $s) { id } clear { id } }")
    );
}

#[test]
fn each_is_complete_before_the_next_begins() {
    insta::assert_snapshot!(shop().plan(
        "mutation { add(sku: 1) { lines { title } } checkout(cart: 1) { lines { title } } clear { id } }"
    ));
}

#[test]
fn typename_of_a_mutation() {
    insta::assert_snapshot!(shop().plan("mutation { __typename clear { __typename } }"));
}
