//! @fromContext: arguments whose values are taken from objects further up.

use super::scene::{Graph, graph};

fn bank() -> Graph {
    graph(&[
        (
            "ledger",
            r#"type Query { users: [User!]! } type User @key(fields: "id") @context(name: "user") { id: ID! locale: String currency: String @external transactions: [Transaction!]! }
               type Transaction @key(fields: "id") { id: ID! text: String amount(currency: String @fromContext(field: "$user { currency }"), exact: Boolean): Int
                 tax(in: String @fromContext(field: "$user { currency }")): Int note(locale: String @fromContext(field: "$user { locale }")): String }"#,
        ),
        (
            "users",
            r#"type User @key(fields: "id") { id: ID! currency: String }"#,
        ),
    ])
}

#[test]
fn the_value_is_fetched_first() {
    insta::assert_snapshot!(bank().plan("{ users { transactions { amount } } }"));
}

#[test]
fn fields_that_take_the_same_are_asked_for_together() {
    insta::assert_snapshot!(bank().plan("{ users { transactions { text amount(exact: true) tax } } }"));
}

#[test]
fn fields_that_take_different_values_are_grouped_apart() {
    insta::assert_snapshot!(bank().plan("{ users { transactions { tax note } } }"));
}

#[test]
fn variables_make_way_for_the_clients() {
    insta::assert_snapshot!(
        bank().plan("query ($c0: Boolean, $_c: Boolean!) { users { transactions { amount(exact: $c0) tax @include(if: $_c) } } }")
    );
}

#[test]
fn the_nearest_object_that_sets_it() {
    let graph = graph(&[(
        "a",
        r#"type Query { shops: [Shop!]! } type Shop @key(fields: "id") @context(name: "place") { id: ID! city: String departments: [Department!]! best: Product }
           type Department @key(fields: "id") @context(name: "place") { id: ID! city: String best: Product }
           type Product @key(fields: "id") @context(name: "product") { id: ID! weight: Int price(in: String @fromContext(field: "$place { city }")): Int part: Part }
           type Part @key(fields: "id") { id: ID! rest(of: Int @fromContext(field: "$product { weight }")): Int }"#,
    )]);
    insta::assert_snapshot!(
        graph.plan("{ shops { best { price } departments { best { price part { rest } } } } }")
    );
}

#[test]
fn the_query_root_is_asked_for_more() {
    let graph = graph(&[
        (
            "a",
            r#"type Query @context(name: "root") { me: Me @external items: [Item!]! } type Me { locale: String @external }
               type Item @key(fields: "id") { id: ID! text(locale: String @fromContext(field: "$root { me { locale } }")): String }"#,
        ),
        ("b", "type Query { me: Me } type Me { locale: String }"),
    ]);
    insta::assert_snapshot!(graph.plan("{ items { text } }"));
}

#[test]
fn types_that_nothing_is_taken_of_give_null() {
    let graph = graph(&[(
        "a",
        r#"type Query { owners: [Owner!]! } interface Owner @context(name: "owner") { id: ID! item: Item }
           type Person implements Owner { id: ID! item: Item } type Firm implements Owner { id: ID! item: Item seat: String }
           type Item @key(fields: "id") { id: ID! seat(of: String @fromContext(field: "$owner ... on Firm { seat }"), type: String @fromContext(field: "$owner { __typename }")): String }"#,
    )]);
    insta::assert_snapshot!(graph.plan("{ owners { item { seat } } }"));
}

#[test]
fn what_is_shared_on_the_way_is_kept_apart() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { users: [User!]! } type User @key(fields: "id") @context(name: "user") { id: ID! currency: String account: Account }
               type Account @key(fields: "id") { id: ID! } type Card @key(fields: "id") { id: ID! fee(in: String @fromContext(field: "$user { currency }")): Int }"#,
        ),
        (
            "b",
            r#"type Account @key(fields: "id") { id: ID! name: String card: Card } type Card @key(fields: "id") { id: ID! }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ users { account { card { fee } } } }"));
    insta::assert_snapshot!(graph.plan("{ users { account { name card { id } } } }"));
}

#[test]
fn a_field_that_requires_others_as_well() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { users: [User!]! } type User @key(fields: "id") @context(name: "user") { id: ID! currency: String item: Item }
               type Item @key(fields: "id") { id: ID! weight: Int @external shipping(in: String @fromContext(field: "$user { currency }")): Int @requires(fields: "weight") }"#,
        ),
        ("b", r#"type Item @key(fields: "id") { id: ID! weight: Int }"#),
    ]);
    insta::assert_snapshot!(graph.plan("{ users { item { shipping } } }"));
}
