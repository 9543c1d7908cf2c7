//! What comes out, directive by directive and rule by rule, with the hints.

use super::fixtures::{compose_fixture, composed};

#[test]
fn federation_1() {
    let composition = compose_fixture("federation1").expect("it composes");
    let text = &composition.supergraph_sdl;
    let from = text.find("type Mutation").expect("the types");
    insta::assert_snapshot!(&text[from..]);
}

#[test]
fn federation_1_beside_2() {
    insta::assert_snapshot!(composed(&[
        ("old", "# Federation 1\ntype Query { a: Thing } type Thing @key(fields: \"id\") { id: ID! size: Size } type Size { x: Int }"),
        ("new", "type Query { b: Thing } type Thing @key(fields: \"id\") { id: ID! more: Int } type Size @shareable { x: Int y: Int } extend type Query { size: Size }"),
    ]));
}

#[test]
fn directives_renamed_and_with_a_prefix() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", as: "fed", import: [{name: "@key", as: "@identity"}])
               type Query { a: Thing } type Thing @identity(fields: "id") { id: ID! secret: Int @fed__inaccessible guarded: Int @fed__authenticated both: Int @fed__shareable }"#,
        ),
        (
            "b",
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5")
               type Thing @federation__key(fields: "id") { id: ID! both: Int @federation__shareable }"#,
        ),
    ]));
}

#[test]
fn specifications_linked_by_themselves() {
    insta::assert_snapshot!(composed(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/inaccessible/v0.2", import: [{name: "@inaccessible", as: "@hidden"}]) @link(url: "https://specs.apollo.dev/tag/v0.3")
           directive @hidden on FIELD_DEFINITION
           directive @tag(name: String!) repeatable on FIELD_DEFINITION
           type Query { a: Int @tag(name: "public") b: Int @hidden }"#,
    )]));
}

#[test]
fn guards_of_several_subgraphs_must_all_let_through() {
    insta::assert_snapshot!(composed(&[
        ("a", r#"type Query { x: Int @shareable @requiresScopes(scopes: [["a", "b"], ["c"]]) y: Int @policy(policies: [["p"]]) }"#),
        ("b", r#"type Query { x: Int @shareable @requiresScopes(scopes: [["b"], ["d"]]) @authenticated }"#),
    ]));
}

#[test]
fn costs_and_sizes() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            r#"type Query { items(first: Int, last: Int): [Item] @shareable @cost(weight: 5) @listSize(assumedSize: 10, slicingArguments: ["first"], requireOneSlicingArgument: false) } type Item @shareable @cost(weight: 2) { x: Int }"#,
        ),
        (
            "b",
            r#"type Query { items(first: Int, last: Int): [Item] @shareable @cost(weight: 3) @listSize(assumedSize: 20, slicingArguments: ["last"]) } type Item @shareable { x: Int }"#,
        ),
    ]));
}

#[test]
fn a_directive_that_is_kept() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective"]) @link(url: "https://example.com/mine/v1.0", import: ["@mine"]) @composeDirective(name: "@mine")
               directive @mine(x: Int) on FIELD_DEFINITION | OBJECT
               directive @dropped on FIELD_DEFINITION
               type Query @mine { a: Int @mine(x: 1) @dropped }"#,
        ),
        ("b", "type Query { b: Int }"),
    ]));
}

#[test]
fn directives_for_operations() {
    insta::assert_snapshot!(composed(&[
        ("a", "directive @both(x: Int) repeatable on FIELD | QUERY directive @one on FIELD directive @never on FIELD type Query { a: Int }"),
        ("b", "directive @both(x: Int) on FIELD | MUTATION directive @never on QUERY type Query { b: Int }"),
    ]));
}

#[test]
fn what_goes_out_is_joined_and_what_comes_in_is_common() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            "type Query { a(by: In, how: How, n: Int = 1): Out @shareable } input In { x: Int y: Int = 2 z: [Int!] } enum How { UP DOWN } enum Out { ON OFF } enum Unused { A }",
        ),
        (
            "b",
            "type Query { a(by: In, how: How, n: Int! = 1, extra: String): Out! @shareable } input In { x: Int! y: Int = 2 only: Int } enum How { UP RANDOM } enum Out { ON UNKNOWN }",
        ),
    ]));
}

#[test]
fn abstract_types_are_joined() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            r#"type Query { a: Any found: Found @shareable } union Any = Book | Film interface Named { name: String } type Book implements Named @key(fields: "id") { id: ID! name: String } type Film @shareable { name: String } interface Found { name: String } "#,
        ),
        (
            "b",
            r#"type Query { b: Any found: Film @shareable } union Any = Film interface Found { name: String } type Film implements Found @shareable { name: String length: Int } "#,
        ),
    ]));
}

#[test]
fn interface_objects() {
    insta::assert_snapshot!(composed(&[
        (
            "library",
            r#"type Query { books: [Media] } interface Media @key(fields: "id") { id: ID! title: String } type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int } type Film implements Media @key(fields: "id") { id: ID! title: String }"#,
        ),
        (
            "stars",
            r#"type Query { best: Media } type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int title: String @external shout: String @requires(fields: "title") }"#,
        ),
    ]));
}

#[test]
fn overrides() {
    insta::assert_snapshot!(composed(&[
        (
            "new",
            r#"type Query { x: Thing } type Thing @key(fields: "id") { id: ID! gone: Int @override(from: "old") used: Int @override(from: "old") moving: Int @override(from: "old", label: "percent(20)") stale: Int @override(from: "old") wrong: Int @override(from: "nobody") }"#,
        ),
        (
            "old",
            r#"type Thing @key(fields: "id") @key(fields: "used") { id: ID! gone: Int used: Int moving: Int }"#,
        ),
    ]));
}

#[test]
fn descriptions_tags_and_deprecations() {
    insta::assert_snapshot!(composed(&[
        ("a", "\"A thing.\" type Thing @shareable { \"One.\" x: Int @tag(name: \"a\") @deprecated(reason: \"old\") } type Query { a: Thing }"),
        ("b", "\"Some thing.\" type Thing @shareable { x: Int @tag(name: \"b\") @deprecated } type Query { b: Thing }"),
        ("c", "\"Some thing.\" type Thing @shareable { \"One.\" x: Int @inaccessible y: Int } type Query { c: Thing }"),
    ]));
}

#[test]
fn names_of_subgraphs_as_values() {
    let supergraph = compose_names(&["user-accounts", "user_accounts", "1st", "a_1", "Über"]);
    insta::assert_snapshot!(supergraph);
}

fn compose_names(names: &[&str]) -> String {
    let subgraphs: Vec<lavka_compose::Subgraph> = names
        .iter()
        .enumerate()
        .map(|(number, name)| lavka_compose::Subgraph {
            name: (*name).to_owned(),
            url: Some(format!("http://{number}")),
            sdl: format!("type Query {{ q{number}: Int }}"),
        })
        .collect();
    let composition = lavka_compose::compose(&subgraphs).expect("it composes");
    let from = composition.supergraph_sdl.find("enum join__Graph").expect("the graphs");
    composition.supergraph_sdl[from..]
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .to_owned()
}
