//! @provides: what a subgraph gives only on some ways.

use super::scene::{Graph, graph};

fn reviews() -> Graph {
    graph(&[
        (
            "users",
            r#"type Query { user: User } type User @key(fields: "id") { id: ID! name: String @shareable address: Address @shareable } type Address @shareable { city: String zip: String }"#,
        ),
        (
            "reviews",
            r#"type Query { latest: [Review] @shareable best: Review }
               type Review { author: User @provides(fields: "name address { city }") other: User }
               type User @key(fields: "id") { id: ID! name: String @external address: Address @external }
               type Address { city: String @external }"#,
        ),
    ])
}

#[test]
fn what_is_provided_needs_no_jump() {
    insta::assert_snapshot!(reviews().plan("{ latest { author { id name address { city } } } }"));
}

#[test]
fn on_another_way_it_does() {
    insta::assert_snapshot!(reviews().plan("{ latest { other { name } } }"));
}

#[test]
fn the_rest_is_fetched_where_it_is() {
    insta::assert_snapshot!(reviews().plan("{ best { author { name address { city zip } } } }"));
}

#[test]
fn on_members_of_a_union() {
    let graph = graph(&[
        (
            "books",
            r#"type Query { b: Int } type Book @key(fields: "id") { id: ID! title: String @shareable pages: Int } type Film @key(fields: "id") { id: ID! title: String @shareable }"#,
        ),
        (
            "media",
            r#"type Query { media: [Media] @provides(fields: "... on Book { title }") }
               union Media = Book | Film
               type Book @key(fields: "id") { id: ID! title: String @external } type Film @key(fields: "id") { id: ID! }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ media { ... on Book { title } ... on Film { title } } }"));
}
