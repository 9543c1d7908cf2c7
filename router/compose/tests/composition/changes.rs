//! What changes for clients.

use apollo_compiler::Schema;
use lavka_compose::{Guarded, changes};
use lavka_supergraph::Supergraph;

fn told(old: &str, new: &str) -> String {
    let schema = |sdl: &str| {
        Schema::parse_and_validate(sdl, "schema.graphql").unwrap_or_else(|invalid| panic!("{}", invalid.errors))
    };
    let found = changes(&schema(old), &schema(new));
    found.iter().map(|change| format!("{change}\n")).collect()
}

#[test]
fn nothing_changes_when_things_are_only_new() {
    assert_eq!(told("type Query { a: Int }", "type Query { a: Int! b: New } type New { x: Int }"), "");
}

#[test]
fn types_fields_and_arguments() {
    insta::assert_snapshot!(told(
        "type Query { gone: Int old: Int @deprecated kind: Int! list: [Int!] args(gone: Int, must: Int, less: Int!, d: Int = 1): Int a: A } interface I { x: Int } type A implements I { x: Int } type Removed { x: Int } enum Turned { A }",
        "type Query { kind: Int list: Int args(must: Int!, less: Int, d: Int = 2, new: Int, needed: Int!): Int a: A } interface I { x: Int } interface J { x: Int } type A implements J { x: Int } scalar Turned",
    ));
}

#[test]
fn unions_enums_and_inputs() {
    insta::assert_snapshot!(told(
        "type Query { u: U e: E a(i: In, one: One): Int } union U = A | B type A { x: Int } type B { x: Int } type C { x: Int } enum E { OLD KEPT } input In { gone: Int kind: Int wide: Int! } input One { a: Int b: Int }",
        "directive @oneOf on INPUT_OBJECT type Query { u: U e: E a(i: In, one: One): Int } union U = A | C type A { x: Int } type B { x: Int } type C { x: Int } enum E { NEW KEPT } input In { kind: String wide: Int new: Int needed: Int! } input One @oneOf { a: Int b: Int }",
    ));
}

#[test]
fn directives_for_operations() {
    insta::assert_snapshot!(told(
        "directive @gone on FIELD directive @less(x: Int, y: Int) repeatable on FIELD | QUERY type Query { a: Int }",
        "directive @less(x: Int!, z: Int!) on FIELD type Query { a: Int }",
    ));
}

#[test]
fn guards() {
    let supergraph = |sdl: &str| {
        let subgraphs = super::fixtures::described(&[("a", sdl)]);
        let composition = lavka_compose::compose(&subgraphs).expect("it composes");
        Supergraph::parse(&composition.supergraph_sdl).expect("it loads")
    };
    let old = supergraph(
        r#"type Query { open: Int tight: Int @authenticated loose: Int @requiresScopes(scopes: [["a", "b"]]) same: Int @policy(policies: [["p"]]) hidden: Int @inaccessible }"#,
    );
    let new = supergraph(
        r#"type Query { open: Int @authenticated tight: Int @requiresScopes(scopes: [["a"]]) loose: Int @requiresScopes(scopes: [["a"], ["c"]]) same: Int @policy(policies: [["p"]]) hidden: Int @inaccessible @authenticated }"#,
    );
    let found = Guarded(&old).changes(&Guarded(&new));
    let text: String = found.iter().map(|change| format!("{change}\n")).collect();
    insta::assert_snapshot!(text);
}
