//! What directives become in the supergraph: those of others that `@composeDirective` keeps, and federation's own that merge.

use super::fixtures::{composed, refused};

/// A subgraph that composes directives of a specification of its own.
fn of_my_spec(link: &str, composes: &str, rest: &str) -> String {
    format!(
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@composeDirective"]) @link(url: "https://specs.example.com/my/{link}) {composes}
{rest}"#
    )
}

const COMPOSES_MY: &str = r#"@composeDirective(name: "@my")"#;

#[test]
fn a_composed_directive_stands_wherever_it_was_said() {
    let a = of_my_spec(
        r#"v1.0", import: ["@my", { name: "@other", as: "@oth" }]"#,
        r#"@composeDirective(name: "@my") @composeDirective(name: "@oth")"#,
        r#"directive @my(a: Int = 3) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | ARGUMENT_DEFINITION | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCALAR
           directive @oth on OBJECT
           directive @not_composed on FIELD_DEFINITION
           type Query { t(x: Int @my, i: In): T @my(a: 1) @my(a: 2) @not_composed v: Foo e: E u: U }
           type T implements N @key(fields: "id") @my @oth { id: ID! }
           scalar Foo @my
           enum E @my { A @my B }
           union U @my = T
           interface N @my { id: ID! @my }
           input In @my { z: Int @my }"#,
    );
    insta::assert_snapshot!(composed(&[
        ("a", &a),
        ("b", r#"type T @key(fields: "id") { id: ID! }"#)
    ]));
}

#[test]
fn of_several_minor_versions_the_newest_is_linked_and_its_definition_goes_first() {
    let older = of_my_spec(
        r#"v1.1", import: ["@my"]"#,
        COMPOSES_MY,
        "directive @my(a: Int!, c: Int) repeatable on FIELD_DEFINITION | ENUM type Query { a: Int @my(a: 1) }",
    );
    let newer = of_my_spec(
        r#"v1.10", import: ["@my"]"#,
        COMPOSES_MY,
        "directive @my(a: Int, b: Int) on FIELD_DEFINITION | OBJECT type Query { b: Int @my(b: 1) }",
    );
    for set in [[("a", &newer), ("b", &older)], [("a", &older), ("b", &newer)]] {
        let text = composed(&set.map(|(name, sdl)| (name, sdl.as_str())));
        for part in [
            r#"@link(url: "https://specs.example.com/my/v1.10", import: ["@my"])"#,
            "directive @my(a: Int, b: Int, c: Int) repeatable on FIELD_DEFINITION | OBJECT | ENUM",
            "@my(a: 1)",
            "@my(b: 1)",
        ] {
            assert!(text.contains(part), "{part} in:\n{text}");
        }
        assert!(!text.contains("v1.1\""), "{text}");
    }
}

#[test]
fn definitions_of_one_version_may_be_described_and_placed_differently() {
    let a = of_my_spec(
        r#"v1.0", import: ["@my"]"#,
        COMPOSES_MY,
        r#"directive @my("What it is." a: Int) on FIELD_DEFINITION type Query { a: Int @my }"#,
    );
    let b = of_my_spec(
        r#"v1.0", import: ["@my"]"#,
        COMPOSES_MY,
        "directive @my(a: Int) on FIELD_DEFINITION | OBJECT type Query @my { b: Int @my }",
    );
    insta::assert_snapshot!(composed(&[("a", &a), ("b", &b)]));
}

#[test]
fn a_directive_with_its_specifications_prefix_needs_no_import() {
    let rest = "directive @my on FIELD_DEFINITION directive @my__x on FIELD_DEFINITION type Query { a: Int @my @my__x }";
    let by_name = of_my_spec(
        r#"v1.0""#,
        r#"@composeDirective(name: "@my") @composeDirective(name: "@my__x")"#,
        rest,
    );
    let by_another = of_my_spec(
        r#"v1.0", as: "our""#,
        r#"@composeDirective(name: "@our") @composeDirective(name: "@our__x")"#,
        &rest.replace("@my", "@our"),
    );
    insta::assert_snapshot!([composed(&[("a", &by_name)]), composed(&[("a", &by_another)])].join("\n---\n"));
}

#[test]
fn composed_directives_that_cant_be_one() {
    let my = |link: &str, definition: &str, query: &str| {
        of_my_spec(
            link,
            COMPOSES_MY,
            &format!("directive @my{definition} type Query {{ {query} }}"),
        )
    };
    let plain = my(
        r#"v1.0", import: ["@my"]"#,
        "(a: Int) on FIELD_DEFINITION",
        "a: Int @my",
    );
    let refused_beside = |other: &str| refused(&[("a", &plain), ("b", other)]);
    let renamed = of_my_spec(
        r#"v1.0", import: [{ name: "@my", as: "@mine" }]"#,
        r#"@composeDirective(name: "@mine")"#,
        "directive @mine(a: Int) on FIELD_DEFINITION type Query { b: Int @mine }",
    );
    let another = plain
        .replace("example.com", "example.org")
        .replace("a: Int @my", "b: Int @my");
    insta::assert_snapshot!(
        [
            refused_beside(&my(
                r#"v2.0", import: ["@my"]"#,
                "(a: Int) on FIELD_DEFINITION",
                "b: Int @my"
            )),
            refused_beside(&my(
                r#"v1.0", import: ["@my"]"#,
                "(a: String) on FIELD_DEFINITION",
                "b: Int @my"
            )),
            refused_beside(&renamed),
            refused_beside(&another),
            // The newest definition wants what the older one doesn't know.
            refused(&[
                ("a", &plain),
                (
                    "b",
                    &my(
                        r#"v1.1", import: ["@my"]"#,
                        "(b: Int!) on FIELD_DEFINITION",
                        "b: Int @my(b: 1)"
                    )
                ),
            ]),
        ]
        .join("\n")
    );
}

#[test]
fn costs_and_sizes_merge_to_the_larger() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            r#"type Query { all(first: Int, last: Int, by: In): [Int] @shareable @cost(weight: 2) @listSize(assumedSize: 5, slicingArguments: ["first"])
                 page(first: Int @cost(weight: 1)): Page @shareable @listSize(slicingArguments: ["first"], sizedFields: ["items"], requireOneSlicingArgument: false) }
               type Page @shareable @cost(weight: 7) { items: [Int] more: [Int] }
               enum E @cost(weight: 1) { X } scalar S @cost(weight: 3) input In { x: Int @cost(weight: 1) e: E s: S }"#
        ),
        (
            "b",
            r#"type Query { all(first: Int, last: Int, by: In): [Int] @shareable @cost(weight: 1) @listSize(assumedSize: 9, slicingArguments: ["last"])
                 page(first: Int @cost(weight: 4)): Page @shareable @listSize(slicingArguments: ["first"], sizedFields: ["more"]) }
               type Page @shareable @cost(weight: 3) { items: [Int] more: [Int] }
               enum E @cost(weight: 2) { X } scalar S input In { x: Int e: E s: S @cost(weight: 2) }"#
        ),
    ]));
}

#[test]
fn policies_and_scopes_of_all_subgraphs_must_hold() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            r#"type Query { a: Int @shareable @policy(policies: [["p", "q"], ["r"]]) @requiresScopes(scopes: [["s"]]) }"#
        ),
        (
            "b",
            r#"type Query { a: Int @shareable @policy(policies: [["t"]]) @authenticated }"#
        ),
    ]));
}

/// `@extends` says what `extend type` says.
#[test]
fn a_type_that_says_extends() {
    let said = |reviews: &str| {
        composed(&[
            (
                "products",
                "# Federation 1\ntype Query { top: Product } type Product @key(fields: \"upc\") { upc: String! name: String }",
            ),
            ("reviews", reviews),
        ])
    };
    let by_directive = said(
        "# Federation 1\ntype Product @extends @key(fields: \"upc\") { upc: String! @external stars: Int }",
    );
    let by_keyword = said(
        "# Federation 1\nextend type Product @key(fields: \"upc\") { upc: String! @external stars: Int }",
    );
    assert_eq!(by_directive, by_keyword);
    insta::assert_snapshot!(by_directive);
}

#[test]
fn an_input_that_is_one_of() {
    insta::assert_snapshot!(composed(&[
        (
            "a",
            "input I @oneOf { a: Int b: String } type Query { x(i: I = {a: 1}): Int @shareable }"
        ),
        (
            "b",
            "directive @oneOf on INPUT_OBJECT input I { a: Int b: String } type Query { x(i: I = {a: 1}): Int @shareable }"
        ),
    ]));
}

#[test]
fn keys_as_lists_of_federation_1() {
    let one = "# Federation 1\ntype Query { t: T } type T @key(fields: [\"id\", \"x\"]) { id: ID! x: Int }";
    let text = composed(&[("a", one)]);
    assert_eq!(
        text,
        composed(&[("a", &one.replace("[\"id\", \"x\"]", "\"id x\""))])
    );
    assert!(text.contains(r#"@join__type(graph: A, key: "id x")"#), "{text}");
    assert!(refused(&[("a", &one.replace("# Federation 1\n", ""))]).starts_with("KEY_INVALID_FIELDS_TYPE"));
}
