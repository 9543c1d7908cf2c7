//! Everything that clients may ask must be answerable, on every way through the subgraphs.

use super::fixtures::{composed, refused};

#[test]
fn a_subgraph_without_a_key_cant_be_come_to() {
    insta::assert_snapshot!(refused(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }"#
        ),
        (
            "stock",
            "type Query { stocked: [Product] } type Product { id: ID! @shareable count: Int }"
        ),
    ]));
}

#[test]
fn a_key_that_nobody_on_the_way_knows() {
    insta::assert_snapshot!(refused(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }"#
        ),
        (
            "stock",
            r#"type Product @key(fields: "sku region") { sku: ID! region: String! count: Int }"#
        ),
    ]));
}

#[test]
fn a_key_through_a_third_subgraph() {
    composed(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }"#,
        ),
        (
            "names",
            r#"type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }"#,
        ),
        (
            "stock",
            r#"type Product @key(fields: "sku") { sku: ID! count: Int }"#,
        ),
    ]);
}

#[test]
fn a_key_whose_parts_come_from_two_subgraphs() {
    composed(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! sku: ID! @shareable }"#,
        ),
        (
            "places",
            r#"type Product @key(fields: "id") { id: ID! region: Region @shareable } type Region { code: ID! @shareable }"#,
        ),
        (
            "stock",
            r#"type Product @key(fields: "sku region { code }") { sku: ID! @shareable region: Region @shareable count: Int } type Region { code: ID! @shareable }"#,
        ),
    ]);
}

#[test]
fn a_key_that_isnt_resolvable() {
    insta::assert_snapshot!(refused(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }"#
        ),
        (
            "stock",
            r#"type Query { stocked: Product } type Product @key(fields: "id", resolvable: false) { id: ID! count: Int }"#
        ),
    ]));
}

#[test]
fn what_is_required_cant_be_had() {
    insta::assert_snapshot!(refused(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }"#
        ),
        (
            "scales",
            r#"type Query { weighed: Product } type Product @key(fields: "id", resolvable: false) { id: ID! weight: Int }"#
        ),
        (
            "shipping",
            r#"type Product @key(fields: "id") { id: ID! weight: Int @external price: Int @requires(fields: "weight") }"#
        ),
    ]));
}

#[test]
fn what_requires_has_no_key_to_be_asked_again() {
    insta::assert_snapshot!(refused(&[
        (
            "catalog",
            r#"type Product @key(fields: "id") { id: ID! weight: Int }"#
        ),
        (
            "shipping",
            r#"type Query { shipped: Product } type Product @key(fields: "id", resolvable: false) { id: ID! weight: Int @external price: Int @requires(fields: "weight") }"#
        ),
    ]));
}

#[test]
fn requirements_that_need_each_other() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            r#"type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! x: Int @requires(fields: "y") y: Int @external }"#
        ),
        (
            "b",
            r#"type Thing @key(fields: "id") { id: ID! y: Int @requires(fields: "x") x: Int @external }"#
        ),
    ]));
}

#[test]
fn requirements_that_only_look_circular() {
    composed(&[
        (
            "a",
            r#"type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! start: Int end: Int @requires(fields: "middle") middle: Int @external }"#,
        ),
        (
            "b",
            r#"type Thing @key(fields: "id") { id: ID! middle: Int @requires(fields: "start") start: Int @external }"#,
        ),
    ]);
}

#[test]
fn provided_on_one_way_and_missing_on_another() {
    insta::assert_snapshot!(refused(&[
        (
            "users",
            "type User { id: ID! @shareable name: String @shareable } type Query { user: User }"
        ),
        (
            "reviews",
            r#"type Query { best: Review @provides(fields: "author { name }") last: Review } type Review { author: User } type User { id: ID! @shareable name: String @external }"#
        ),
    ]));
}

#[test]
fn a_value_split_over_shared_root_fields() {
    composed(&[
        (
            "a",
            "type Query { shop: Shop @shareable } type Shop { name: String }",
        ),
        (
            "b",
            "type Query { shop: Shop @shareable } type Shop { rating: Int }",
        ),
    ]);
}

#[test]
fn a_value_split_over_root_fields_that_differ() {
    insta::assert_snapshot!(refused(&[
        (
            "a",
            "type Query { shop(city: String!, near: [Point!]!): Shop } input Point { x: Int! y: Float, label: String } type Shop { name: String }"
        ),
        ("b", "type Query { other: Shop } type Shop { rating: Int }"),
    ]));
}

#[test]
fn members_of_an_abstract_type_each_by_itself() {
    insta::assert_snapshot!(refused(&[
        (
            "library",
            r#"type Query { found: Found } union Found = Book | Film type Book @key(fields: "id") { id: ID! } type Film { title: String @shareable }"#
        ),
        (
            "stars",
            r#"type Query { best: Film } type Book @key(fields: "id") { id: ID! stars: Int } type Film { title: String @shareable stars: Int }"#
        ),
    ]));
}

#[test]
fn an_interface_object_whose_types_nobody_tells() {
    insta::assert_snapshot!(refused(&[
        (
            "library",
            r#"interface Media @key(fields: "id", resolvable: false) { id: ID! title: String } type Book implements Media @key(fields: "id", resolvable: false) { id: ID! title: String } type Query { books: [Book] }"#
        ),
        (
            "stars",
            r#"type Query { rated: [Media] } type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int }"#
        ),
    ]));
}

#[test]
fn an_override_that_is_out_of_reach_once_its_label_is_on() {
    insta::assert_snapshot!(refused(&[
        (
            "old",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! price: Int }"#
        ),
        (
            "new",
            r#"type Product @key(fields: "id", resolvable: false) { id: ID! price: Int @override(from: "old", label: "percent(5)") }"#
        ),
    ]));
}

#[test]
fn a_mutation_and_what_it_gives() {
    insta::assert_snapshot!(refused(&[
        (
            "orders",
            r#"type Query { ok: Boolean } type Mutation { pay(input: Pay!): Order } input Pay { id: ID! how: How! } enum How { CARD CASH } type Order @key(fields: "id") { id: ID! }"#
        ),
        (
            "letters",
            r#"type Query { sent: [Order] } type Order { id: ID! @shareable letters: [Letter] } type Letter { text: String }"#
        ),
    ]));
}

#[test]
fn what_clients_cant_see_neednt_be_reached() {
    composed(&[
        (
            "catalog",
            r#"type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }"#,
        ),
        (
            "stock",
            r#"type Product @key(fields: "id", resolvable: false) { id: ID! count: Int @inaccessible }"#,
        ),
    ]);
}

#[test]
fn the_query_root_is_everywhere() {
    composed(&[
        (
            "a",
            "type Query { a: Int } type Mutation { change: Changed } type Changed { query: Query }",
        ),
        ("b", "type Query { b: Int }"),
    ]);
}

/// Found by fuzzing: the parser panicked at what GraphQL ignores.
#[test]
fn blanks_and_comments_in_front_of_field_sets() {
    composed(&[
        (
            "catalog",
            r##"type Query { product: Product } type Product @key(fields: "  id") { id: ID! weight: Int }"##,
        ),
        (
            "shipping",
            r##"type Product @key(fields: ",id") { id: ID! weight: Int @external price: Int @requires(fields: """
              # the weight
              weight
            """) }"##,
        ),
    ]);
}
