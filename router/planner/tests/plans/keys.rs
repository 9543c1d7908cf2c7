//! Keys: composite, nested, several, not all resolvable.

use super::scene::graph;

#[test]
fn a_composite_key_with_a_nested_part() {
    let graph = graph(&[
        (
            "shops",
            r#"type Query { shelf: Shelf } type Shelf @key(fields: "no shop { id city { code } }") { no: Int! shop: Shop! } type Shop { id: ID! @shareable city: City @shareable } type City { code: ID! @shareable }"#,
        ),
        (
            "stock",
            r#"type Shelf @key(fields: "no shop { id city { code } }") { no: Int! shop: Shop! @external items: Int! } type Shop { id: ID! @shareable city: City @shareable } type City { code: ID! @shareable }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ shelf { items } }"));
}

#[test]
fn a_third_subgraph_knows_both_keys() {
    let graph = graph(&[
        (
            "emails",
            r#"type Query { byEmail(email: ID!): User } type User @key(fields: "email") { email: ID! }"#,
        ),
        (
            "directory",
            r#"type User @key(fields: "email") @key(fields: "id") { email: ID! id: ID! }"#,
        ),
        (
            "profiles",
            r#"type User @key(fields: "id") { id: ID! photo: String }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ byEmail(email: \"a@b\") { photo } }"));
}

#[test]
fn a_key_may_come_from_two_subgraphs() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! left: ID! }"#,
        ),
        ("b", r#"type T @key(fields: "id") { id: ID! right: ID! }"#),
        (
            "c",
            r#"type T @key(fields: "left right") { left: ID! @external right: ID! @external value: Int }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { value } }"));
}

#[test]
fn the_key_that_is_at_hand_is_used() {
    let graph = graph(&[
        (
            "catalog",
            r#"type Query { p: P } type P @key(fields: "id") @key(fields: "slug") { id: ID! slug: ID! }"#,
        ),
        (
            "web",
            r#"type Query { page: Page } type Page { p: P } type P @key(fields: "slug", resolvable: false) { slug: ID! }"#,
        ),
        ("stock", r#"type P @key(fields: "id") { id: ID! count: Int }"#),
    ]);
    insta::assert_snapshot!(graph.plan("{ page { p { slug count } } }"));
}

#[test]
fn a_nullable_key_is_not_sent_as_null() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { t: T } type T @key(fields: "id") @key(fields: "x y") { id: ID x: ID y: ID! }"#,
        ),
        ("b", r#"type T @key(fields: "id") { id: ID b: Int }"#),
        ("c", r#"type T @key(fields: "x y") { x: ID y: ID! c: Int }"#),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { b c } }"));
}
