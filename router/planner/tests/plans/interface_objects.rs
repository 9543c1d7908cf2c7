//! @interfaceObject: an interface here, an object there.

use super::scene::{Graph, graph};

fn media() -> Graph {
    graph(&[
        (
            "media",
            r#"type Query { feed: [Media!]! } interface Media @key(fields: "id") { id: ID! title: String }
               type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int } type Film implements Media @key(fields: "id") { id: ID! title: String }"#,
        ),
        (
            "reviews",
            r#"type Query { reviewed: [Media!]! } type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int! }"#,
        ),
    ])
}

#[test]
fn its_fields_from_a_concrete_type() {
    insta::assert_snapshot!(
        media().plan("{ feed { title ... on Book { pages stars } ... on Film { stars } } }")
    );
}

#[test]
fn its_fields_from_the_interface() {
    insta::assert_snapshot!(media().plan("{ feed { stars } }"));
}

#[test]
fn what_the_object_has_needs_no_jump() {
    insta::assert_snapshot!(media().plan("{ reviewed { id stars } }"));
}

#[test]
fn fields_of_the_interface_are_fetched_by_the_interface() {
    insta::assert_snapshot!(media().plan("{ reviewed { stars title } }"));
}

#[test]
fn the_type_must_be_asked_for() {
    insta::assert_snapshot!(media().plan("{ reviewed { __typename stars } }"));
}

#[test]
fn fields_of_its_types() {
    insta::assert_snapshot!(media().plan("{ reviewed { stars ... on Book { pages } } }"));
}

#[test]
fn the_type_is_asked_for_also_where_its_fields_are_skipped() {
    insta::assert_snapshot!(
        media().plan("query ($a: Boolean!) { reviewed { stars ... on Book @skip(if: $a) { pages } } }")
    );
}
