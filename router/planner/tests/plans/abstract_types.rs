//! Interfaces and unions.

use super::scene::{Graph, graph};

fn media() -> Graph {
    graph(&[
        (
            "media",
            r#"type Query { feed: [Media!]! found: [Found!]! }
               interface Media { id: ID! title: String }
               type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int author: Person }
               type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int! director: Person }
               type Person @key(fields: "id") { id: ID! }
               union Found = Book | Film | Person"#,
        ),
        (
            "ratings",
            r#"type Query { best: Rated! } interface Rated { stars: Int! }
               type Book implements Rated @key(fields: "id") { id: ID! stars: Int! } type Film implements Rated @key(fields: "id") { id: ID! stars: Int! }"#,
        ),
        (
            "people",
            r#"type Person @key(fields: "id") { id: ID! name: String! }"#,
        ),
    ])
}

#[test]
fn what_all_implementations_have_is_selected_once() {
    insta::assert_snapshot!(media().plan("{ feed { __typename id title } }"));
}

#[test]
fn type_by_type_where_they_differ() {
    insta::assert_snapshot!(
        media().plan("{ feed { title ... on Book { pages } ... on Film { length: minutes } } }")
    );
}

#[test]
fn jumps_from_each_type_are_one_batch() {
    insta::assert_snapshot!(media().plan("{ feed { title ... on Rated { stars } } }"));
}

#[test]
fn the_same_alias_for_different_fields() {
    insta::assert_snapshot!(media().plan(
        "{ feed { ... on Book { who: author { name } size: pages } ... on Film { who: director { id } } } }"
    ));
}

#[test]
fn members_of_a_union() {
    insta::assert_snapshot!(media().plan("{ found { ... on Media { title } ... on Person { name } } }"));
}

#[test]
fn an_interface_that_only_another_subgraph_knows() {
    insta::assert_snapshot!(
        media().plan("{ best { stars ... on Media { title } ... on Book { author { name } } } }")
    );
}

#[test]
fn unions_whose_members_differ() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { x: U @shareable } union U = A | B type A @shareable { a: Int } type B { b: Int }"#,
        ),
        (
            "b",
            r#"type Query { y: U } union U = A | C type A @shareable { a: Int } type C { c: Int }"#,
        ),
    ]);
    insta::assert_snapshot!(
        graph.plan(
            "{ x { ... on A { a } ... on B { b } ... on C { c } } y { ... on C { c } ... on B { b } } }"
        )
    );
}

#[test]
fn the_same_name_with_other_nullability_gets_an_alias() {
    let graph = graph(&[(
        "a",
        r#"type Query { u: U } union U = A | B type A { v: Int! w: [Int] } type B { v: Int w: [Int!] }"#,
    )]);
    insta::assert_snapshot!(graph.plan("{ u { ... on A { v1: v w1: w } ... on B { v2: v w2: w } } }"));
}

#[test]
fn inaccessible_types_and_values_stay_inside() {
    let graph = graph(&[(
        "a",
        r#"type Query { u: [U] state: State } union U = A | B type A { v: Int } type B @inaccessible { v: Int } enum State { ON OFF LOST @inaccessible }"#,
    )]);
    insta::assert_snapshot!(graph.plan("{ state u { ... on A { v } } }"));
}
