//! Jumps from entity to entity.

use super::scene::{Graph, graph};

/// users <- reviews -> products, each knowing only its own.
fn reviews() -> Graph {
    graph(&[
        (
            "users",
            r#"type Query { me: User user(id: ID!): User } type User @key(fields: "id") { id: ID! name: String! friends: [User!]! }"#,
        ),
        (
            "reviews",
            r#"type Query { latest: [Review!]! }
               type Review { id: ID! body: String! author: User product: Product! }
               type User @key(fields: "id") { id: ID! reviews: [Review!]! }
               type Product @key(fields: "upc") { upc: ID! reviews: [Review!]! }"#,
        ),
        (
            "products",
            r#"type Query { top: [Product!]! } type Product @key(fields: "upc") { upc: ID! title: String! price: Int similar(n: Int = 3): [Product!]! }"#,
        ),
    ])
}

#[test]
fn what_one_subgraph_gives_is_one_request() {
    insta::assert_snapshot!(reviews().plan("{ me { id name friends { name } } }"));
}

#[test]
fn a_jump_and_one_more_inside_a_list() {
    insta::assert_snapshot!(reviews().plan("query Me { me { name reviews { body product { title } } } }"));
}

#[test]
fn the_same_jump_at_two_places_is_one_batch() {
    insta::assert_snapshot!(reviews().plan("{ me { reviews { body } } user(id: 1) { reviews { body } } }"));
}

#[test]
fn different_jumps_to_one_subgraph_in_one_wave_are_one_request() {
    insta::assert_snapshot!(reviews().plan("{ me { reviews { body } friends { reviews { id } } } }"));
}

#[test]
fn independent_requests_wait_for_nothing() {
    insta::assert_snapshot!(
        reviews().plan("{ me { name } top { title reviews { body author { name } } } latest { id } }")
    );
}

#[test]
fn there_and_back_again() {
    insta::assert_snapshot!(reviews().plan(
        "{ top { similar(n: 2) { reviews { product { similar { title } } author { friends { reviews { body } } } } } } }"
    ));
}

#[test]
fn typename_alone_needs_nobody() {
    insta::assert_snapshot!(reviews().plan("{ __typename }"));
}

#[test]
fn typename_of_an_object_asks_only_whether_it_is_there() {
    insta::assert_snapshot!(reviews().plan("{ me { __typename } latest { author { __typename id } } }"));
}

#[test]
fn introspection_is_left_to_the_server() {
    insta::assert_snapshot!(
        reviews().plan("{ __schema { queryType { name } } me { id } __type(name: \"User\") { name } }")
    );
}

#[test]
fn subscriptions_are_completed_per_event() {
    let graph = graph(&[
        (
            "orders",
            r#"type Query { a: Int } type Subscription { updated(id: ID!): Order! } type Order @key(fields: "id") { id: ID! status: String! }"#,
        ),
        (
            "payments",
            r#"type Order @key(fields: "id") { id: ID! payment: Payment } type Payment { id: ID! state: String! }"#,
        ),
    ]);
    insta::assert_snapshot!(
        graph.plan("subscription Watch($id: ID!) { updated(id: $id) { status payment { state } } }")
    );
}
