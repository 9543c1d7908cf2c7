//! `@link`: what is no specification, linked or imported twice, or defined otherwise than it is.

use super::fixtures::{composed, refused};

fn linked(links: &str) -> String {
    format!("extend schema {links}\ntype Query {{ a: Int }}")
}

/// The refusals of several subgraphs, each composed by itself.
fn each_refused(sdls: &[String]) -> String {
    let refusals: Vec<String> = sdls.iter().map(|sdl| refused(&[("a", sdl)])).collect();
    refusals.join("\n")
}

#[test]
fn what_names_no_specification() {
    insta::assert_snapshot!(each_refused(
        &[
            "federation",
            "https://specs.apollo.dev",
            "https://specs.apollo.dev/federation",
            "https://specs.apollo.dev/federation/2.3",
            "https://specs.apollo.dev/tag/v1",
        ]
        .map(|url| linked(&format!(r#"@link(url: "{url}")"#)))
    ));
    composed(&[(
        "a",
        &linked(
            r#"@link(url: "https://specs.apollo.dev/federation/v2.3") @link(url: "https://example.com/mine")"#,
        ),
    )]);
}

#[test]
fn a_specification_linked_twice() {
    insta::assert_snapshot!(each_refused(&[
        linked(
            r#"@link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
               @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@shareable"])"#
        ),
        linked(
            r#"@link(url: "https://example.com/my/v1.0") @link(url: "https://example.com/my/v1.0", as: "ours")"#
        ),
    ]));
}

#[test]
fn a_name_imported_twice() {
    let importing = |imports: &str| {
        linked(&format!(
            r#"@link(url: "https://specs.apollo.dev/federation/v2.9", import: [{imports}])"#
        ))
    };
    insta::assert_snapshot!(each_refused(&[
        importing(r#""@key", { name: "@key", as: "@ident" }"#),
        importing(r#""@key", { name: "@tag", as: "@key" }"#),
    ]));
}

/// Left out of the supergraph, what they say would be lost unseen.
#[test]
fn specifications_that_cant_be_left_out() {
    insta::assert_snapshot!(each_refused(&[
        linked(
            r#"@link(url: "https://specs.apollo.dev/federation/v2.10") @link(url: "https://specs.apollo.dev/connect/v0.1", import: ["@source"])"#
        ),
        linked(
            r#"@link(url: "https://specs.apollo.dev/federation/v2.9") @link(url: "https://example.com/vault/v1.0", for: SECURITY)"#
        ),
    ]));
}

#[test]
fn definitions_unlike_the_published_ones() {
    let defining = |definition: &str| {
        format!(
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag", "@listSize"])
{definition}
type Query {{ a: Int }}"#
        )
    };
    insta::assert_snapshot!(
        each_refused(
            &[
                "directive @key(foo: Int) on OBJECT",
                "directive @key(fields: Int!) repeatable on OBJECT | INTERFACE",
                "directive @key(fields: federation__FieldSet!, resolvable: Boolean = false) on OBJECT",
                "directive @shareable on ENUM",
                "directive @tag(name: String!) repeatable on OBJECT | QUERY",
                "directive @federation__inaccessible repeatable on OBJECT",
            ]
            .map(defining)
        ) + &refused(&[(
            "a",
            "# Federation 1\ndirective @key(of: Int) on OBJECT\ntype Query { a: Int }"
        )])
    );
}

#[test]
fn definitions_that_leave_out_what_isnt_used() {
    composed(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@requiresScopes", "@composeDirective", "FieldSet", { name: "Scope", as: "Right" }])
           scalar FieldSet scalar Right
           directive @key(fields: FieldSet!) on OBJECT
           directive @tag(name: String!) on OBJECT
           directive @requiresScopes(scopes: [[Right!]!]!) on FIELD_DEFINITION
           directive @composeDirective(name: String!) repeatable on SCHEMA
           directive @federation__shareable on FIELD_DEFINITION
           type Query { t: T } type T @key(fields: "id") { id: ID! }"#,
    )]);
    for fields in ["_FieldSet!", "String!", "String", "[String!]!"] {
        let sdl = format!(
            "# Federation 1\nscalar _FieldSet directive @key(fields: {fields}) repeatable on OBJECT | INTERFACE
             directive @extends on OBJECT | INTERFACE | UNION
             type Query {{ t: T }} type T @key(fields: \"id\") {{ id: ID! }}"
        );
        composed(&[("a", &sdl)]);
    }
}

#[test]
fn federation_by_another_prefix() {
    let text = composed(&[(
        "a",
        r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed", import: [{ name: "@key", as: "@ident" }, { name: "FieldSet", as: "FS" }])
           directive @fed__requiresScopes(scopes: [[fed__Scope!]!]!) on FIELD_DEFINITION
           scalar fed__Scope
           type Query { t: T @fed__tag(name: "x") @fed__requiresScopes(scopes: [["s"]]) } type T @ident(fields: "id") { id: ID! }"#,
    )]);
    for part in [
        r#"@join__type(graph: A, key: "id")"#,
        r#"t: T @tag(name: "x") @requiresScopes(scopes: [["s"]])"#,
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert!(!text.contains("fed__"), "{text}");
}

#[test]
fn names_that_a_supergraph_needs() {
    insta::assert_snapshot!(refused(&[(
        "a",
        "type join__Graph { a: Int } enum policy__Level { LOW } type Query { t: join__Graph level: policy__Level }"
    )]));
}
