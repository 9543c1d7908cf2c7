//! What is refused, with the published code, the places, and how to mend it.

use super::fixtures::refused;

#[test]
fn subgraph_names() {
    insta::assert_snapshot!(refused(&[
        ("_", r#"type Query { a: Int }"#),
        (" ", r#"type Query { b: Int }"#),
    ]));
}

#[test]
fn what_is_not_graphql() {
    insta::assert_snapshot!(refused(&[("a", r#"type Query { a: Int"#),]));
}

#[test]
fn what_is_no_valid_schema() {
    insta::assert_snapshot!(refused(&[("a", r#"type Query { a: Missing }"#),]));
}

#[test]
fn unknown_directives() {
    insta::assert_snapshot!(refused(&[("a", r#"type Query { a: Int @surprise }"#),]));
}

#[test]
fn an_unknown_version_of_federation() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.99") type Query { a: Int }"#
    ),]));
}

#[test]
fn an_import_that_federation_hasnt() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@kee"]) type Query { a: Int }"#
    ),]));
}

#[test]
fn an_import_that_came_later() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@policy"]) type Query { a: Int }"#
    ),]));
}

#[test]
fn an_import_that_mixes_kinds() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{name: "@key", as: "key"}]) type Query { a: Int }"#
    ),]));
}

#[test]
fn an_unknown_version_of_another_specification() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3") @link(url: "https://specs.apollo.dev/tag/v9.0") type Query { a: Int }"#
    ),]));
}

#[test]
fn roots_by_other_names() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"schema { query: Root mutation: Change } type Root { a: Int } type Change { a: Int } type Query { b: Int } type Mutation { b: Int }"#
    ),]));
}

#[test]
fn nothing_to_ask() {
    insta::assert_snapshot!(refused(&[("a", r#"type A { a: Int }"#),]));
}

#[test]
fn kinds_that_differ() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a: A } type A @shareable { a: Int }"#),
        ("b", r#"type Query { b: A } enum A { X }"#),
    ]));
}

#[test]
fn an_extension_of_nothing() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"# Federation 1
type Query { a: Int } extend type A @key(fields: "id") { id: ID! @external b: Int }"#
    ),]));
}

#[test]
fn keys() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A } type A @key(fields: "missing") @key(fields: id) @key(fields: "with") @key(fields: "list") @key(fields: "other { id }") @key(fields: "id @skip(if: true)") { id: ID! with(a: Int): Int list: [Int] other: I } interface I { id: ID! }"#
    ),]));
}

#[test]
fn a_key_with_arguments_lists_and_abstract_types() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A } type A @key(fields: "with") @key(fields: "list") @key(fields: "other { id }") @key(fields: "x: id") { id: ID! with(a: Int): Int list: [Int] other: I } interface I { id: ID! }"#
    ),]));
}

#[test]
fn a_key_of_an_interface_before_it_was_allowed() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"]) type Query { a: I } interface I @key(fields: "id") { id: ID! }"#
    ),]));
}

#[test]
fn a_key_of_an_interface_that_an_implementation_lacks() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: I } interface I @key(fields: "id") { id: ID! } type A implements I { id: ID! }"#
    ),]));
}

#[test]
fn an_implementation_that_a_key_of_an_interface_must_know() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: I } interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }"#
        ),
        (
            "b",
            r#"type Query { b: B } interface I { id: ID! } type B implements I @key(fields: "id") { id: ID! }"#
        ),
    ]));
}

#[test]
fn requires() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A } type A @key(fields: "id") { id: ID! own: Int x: Int @requires(fields: "own") y: Int @requires(fields: "missing") z: Int @requires(fields: [1]) } interface I { i: Int @requires(fields: "j") j: Int }"#
    ),]));
}

#[test]
fn requires_of_what_is_not_external() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A } type A @key(fields: "id") { id: ID! own: Int x: Int @requires(fields: "own") } interface I { i: Int @requires(fields: "j") j: Int }"#
    ),]));
}

#[test]
fn provides() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A @provides(fields: "own") n: Int @provides(fields: "x") args: A @provides(fields: "with(a: 1)") } type A @key(fields: "id") { id: ID! own: Int with(a: Int): Int @external }"#
    ),]));
}

#[test]
fn provides_of_what_is_not_external() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A @provides(fields: "own") args: A @provides(fields: "with(a: 1)") } type A @key(fields: "id") { id: ID! own: Int with(a: Int): Int @external } interface I { a: A @provides(fields: "own") }"#
    ),]));
}

#[test]
fn external_without_use() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A } type A @key(fields: "id") { id: ID! x: Int @external } interface I { i: Int @external }"#
    ),]));
}

#[test]
fn external_everywhere() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: A } type A @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }"#
    ),]));
}

#[test]
fn external_unlike_the_real_one() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! x: String @external z(a: Int, b: String): Int @external y: Int @requires(fields: "x z") }"#
        ),
        (
            "b",
            r#"type A @key(fields: "id") { id: ID! x: Int z(a: String, c: Int): Int }"#
        ),
    ]));
}

#[test]
fn external_and_tagged() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! x: Int @external @tag(name: "t") y: Int @requires(fields: "x") }"#
        ),
        ("b", r#"type A @key(fields: "id") { id: ID! x: Int }"#),
    ]));
}

#[test]
fn sharing_without_saying_so() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a: A } type A { x: Int }"#),
        ("b", r#"type Query { b: A } type A { x: Int @shareable }"#),
    ]));
}

#[test]
fn shareable_on_an_interface() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: I } interface I { x: Int @shareable }"#
    ),]));
}

#[test]
fn a_subscription_of_two() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: Int } type Subscription { s: Int @shareable }"#
        ),
        ("b", r#"type Subscription { s: Int @shareable }"#),
    ]));
}

#[test]
fn fields_of_other_types() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a: Int @shareable }"#),
        ("b", r#"type Query { a: String @shareable }"#),
    ]));
}

#[test]
fn arguments_of_other_types() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a(x: Int, d: Int = 1): Int @shareable }"#),
        ("b", r#"type Query { a(x: String, d: Int = 2): Int @shareable }"#),
    ]));
}

#[test]
fn an_argument_that_only_one_requires() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a(x: Int!): Int @shareable }"#),
        ("b", r#"type Query { a: Int @shareable }"#),
    ]));
}

#[test]
fn inputs() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a(i: In): Int } input In { x: Int! d: Int = 1 t: Int }"#
        ),
        (
            "b",
            r#"type Query { b(i: In): Int } input In { d: Int = 2 t: String }"#
        ),
    ]));
}

#[test]
fn inputs_without_a_common_field() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a(i: In): Int } input In { x: Int }"#),
        ("b", r#"type Query { b(i: In): Int } input In { y: Int }"#),
    ]));
}

#[test]
fn enums_in_and_out() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a(e: E): E } enum E { X Y }"#),
        ("b", r#"type Query { b(e: E): Int } enum E { X Z }"#),
    ]));
}

#[test]
fn enums_without_a_common_value() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a(e: E): Int } enum E { X }"#),
        ("b", r#"type Query { b(e: E): Int } enum E { Y }"#),
    ]));
}

#[test]
fn a_field_that_an_interface_adds() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: I } interface I { x: Int } type A implements I { x: Int }"#
        ),
        (
            "b",
            r#"type Query { b: I } interface I { x: Int y: Int } type B implements I { x: Int y: Int }"#
        ),
    ]));
}

#[test]
fn an_interface_object_of_nothing() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: I } type I @interfaceObject @key(fields: "id") { id: ID! }"#
    ),]));
}

#[test]
fn an_interface_object_without_a_key() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a: I } type I @interfaceObject { id: ID! }"#),
        (
            "b",
            r#"interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }"#
        ),
    ]));
}

#[test]
fn an_interface_object_beside_its_implementations() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: I } type I @interfaceObject @key(fields: "id") { id: ID! x: Int } type A @key(fields: "id") { id: ID! }"#
        ),
        (
            "b",
            r#"interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! }"#
        ),
    ]));
}

#[test]
fn overrides_of_itself_and_of_interfaces() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: Int @override(from: "a") } interface I { x: Int @override(from: "b") }"#
    ),]));
}

#[test]
fn an_override_of_an_override() {
    insta::assert_snapshot!(refused(&[
        ("a", r#"type Query { a: Int @override(from: "b") }"#),
        ("b", r#"type Query { a: Int @override(from: "a") }"#),
    ]));
}

#[test]
fn an_override_of_what_requires() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! x: Int @override(from: "b") z: Int }"#
        ),
        (
            "b",
            r#"type A @key(fields: "id") { id: ID! x: Int @requires(fields: "z") z: Int @external }"#
        ),
    ]));
}

#[test]
fn an_override_that_is_external() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! x: Int @override(from: "b") @external }"#
        ),
        ("b", r#"type A @key(fields: "id") { id: ID! x: Int }"#),
    ]));
}

#[test]
fn an_override_label() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: Int @override(from: "b", label: "no spaces allowed") }"#
    ),]));
}

#[test]
fn composed_directives() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective"]) @composeDirective(name: "mine") @composeDirective(name: "@missing") @composeDirective(name: "@unlinked") directive @unlinked on FIELD_DEFINITION type Query { a: Int }"#
    ),]));
}

#[test]
fn composed_directives_that_differ() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective", "@shareable"]) @link(url: "https://example.com/mine/v1.0", import: ["@mine"]) @composeDirective(name: "@mine") directive @mine(x: Int) on FIELD_DEFINITION type Query { a: Int @shareable @mine(x: 1) }"#
        ),
        (
            "b",
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective", "@shareable"]) @link(url: "https://example.com/mine/v2.0", import: ["@mine"]) @composeDirective(name: "@mine") directive @mine(y: Int) on FIELD_DEFINITION type Query { a: Int @shareable @mine(y: 1) }"#
        ),
    ]));
}

#[test]
fn inaccessible_things_that_are_needed() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a(must: Int! @inaccessible, e: E = HIDDEN): Hidden i: I e: Empty } type Hidden @inaccessible { x: Int } interface I { x: Int } type A implements I { x: Int @inaccessible } type Empty { x: Int @inaccessible } enum E { SHOWN HIDDEN @inaccessible }"#
    ),]));
}

#[test]
fn an_inaccessible_query() {
    insta::assert_snapshot!(refused(&[("a", r#"type Query @inaccessible { a: Int }"#),]));
}

#[test]
fn guards_on_interfaces() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a: I } interface I @authenticated { x: Int @requiresScopes(scopes: [["s"]]) } type A implements I { x: Int }"#
    ),]));
}

#[test]
fn a_guarded_field_that_an_open_one_requires() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { a: A } type A @key(fields: "id") { id: ID! secret: Int @requiresScopes(scopes: [["s"]]) }"#
        ),
        (
            "b",
            r#"type A @key(fields: "id") { id: ID! secret: Int @external open: Int @requires(fields: "secret") @authenticated }"#
        ),
    ]));
}

#[test]
fn sizes_of_lists() {
    insta::assert_snapshot!(refused(&[(
        "a",
        r#"type Query { a(first: String): Int @listSize(assumedSize: -1, slicingArguments: ["first", "last"]) b: Page @listSize(sizedFields: ["items", "count", "none"]) } type Page { items: [Int] count: Int } interface I { x: Int @cost(weight: 2) }"#
    ),]));
}

#[test]
fn one_directive_by_two_names() {
    let linked = |import: &str, rest: &str| {
        format!(
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", {import}]) {rest}"#
        )
    };
    let a = linked(
        r#""@tag", "@cost""#,
        r#"type Query { a: Int @tag(name: "x") @cost(weight: 2) }"#,
    );
    let b = linked(
        r#"{ name: "@tag", as: "@label" }, { name: "@cost", as: "@price" }"#,
        r#"type Query { b: Int @label(name: "x") @price(weight: 2) }"#,
    );
    let c = linked(
        r#"{ name: "@tag", as: "@label" }"#,
        r#"type Query { c(by: Int @label(name: "y")): Int }"#,
    );
    insta::assert_snapshot!(refused(&[("a", &a), ("b", &b), ("c", &c)]));
    // One that is imported and not used reaches nothing.
    let unused = linked(r#"{ name: "@tag", as: "@label" }"#, "type Query { b: Int }");
    super::fixtures::composed(&[("a", &a), ("b", &unused)]);
}
