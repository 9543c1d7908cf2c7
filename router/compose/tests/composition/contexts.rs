//! `@context` and `@fromContext`: what comes out, and what is refused with which published code. Each set is also given to the other composer.

use super::agreement::disagreement;
use super::fixtures::{composed, described, refused};
use super::theguild::TheGuild;

const USERS: &str = r#"type User @key(fields: "id") { id: ID! currency: String }"#;

/// A subgraph whose transactions take something from a context; `user` is what stands on the type User, `argument` the argument.
fn ledger(user: &str, argument: &str) -> String {
    format!(
        r#"type Query {{ users: [User!]! }}
type User @key(fields: "id") {user} {{ id: ID! name(in: String!): String tags: [String!]! country: Country last: Transaction }}
type Country {{ code: String! }}
type Transaction @key(fields: "id") {{ id: ID! amount({argument}): Int }}"#
    )
}

fn with_argument(argument: &str) -> String {
    ledger(r#"@context(name: "user")"#, argument)
}

/// Why it is refused; the other composer refuses it as well.
fn both_refuse(subgraphs: &[(&str, &str)]) -> String {
    refuse_with(&mut TheGuild::start(), subgraphs)
}

fn refuse_with(theirs: &mut Option<TheGuild>, subgraphs: &[(&str, &str)]) -> String {
    let refused = refused(subgraphs);
    if let Some(theirs) = theirs {
        // It throws at some selections that aren't any.
        let difference =
            disagreement(theirs, &described(subgraphs)).filter(|one| !one.starts_with("theirs broke"));
        assert!(
            difference.is_none(),
            "{}\n{refused}",
            difference.unwrap_or_default()
        );
    }
    refused
}

#[test]
fn an_argument_from_a_context_is_hidden_and_joined() {
    insta::assert_snapshot!(composed(&[
        (
            "ledger",
            r#"type Query { users: [User!]! }
               type User @key(fields: "id") @context(name: "user") { id: ID! currency: String @external last: Transaction }
               type Transaction @key(fields: "id") { id: ID! amount(long: Boolean, in: String @fromContext(field: "$user { currency }")): Int }"#
        ),
        ("users", USERS),
    ]));
}

#[test]
fn contexts_of_interfaces_and_unions() {
    insta::assert_snapshot!(composed(&[(
        "media",
        r#"type Query { things: [Thing!]! any: [Any!]! }
           interface Thing @context(name: "thing") { id: ID! size: String part: Part }
           type Car implements Thing @key(fields: "id") { id: ID! size: String part: Part }
           type Boat implements Thing @key(fields: "id") { id: ID! size: String part: Part harbour: String }
           union Any @context(name: "any") = Car | Boat
           type Part @key(fields: "id") { id: ID!
             one(size: String @fromContext(field: "$thing { size }")): Int
             two(what: String @fromContext(field: "$any ... on Car { size } ... on Boat { harbour }")): Int }"#
    )]));
}

#[test]
fn names_of_contexts() {
    insta::assert_snapshot!(both_refuse(&[(
        "a",
        r#"type Query { a: A b: B c: C }
           type A @context(name: "a_b") { id: Int }
           type B @context(name: "a-b") { id: Int }
           type C @context(name: "1a") @context(name: "") { id: Int }"#
    )]));
}

#[test]
fn an_argument_that_names_no_context() {
    let argument = with_argument(r#"in: String @fromContext(field: "user { id }")"#);
    insta::assert_snapshot!(both_refuse(&[("ledger", &argument)]));
}

#[test]
fn an_argument_that_takes_nothing() {
    let argument = with_argument(r#"in: String @fromContext(field: "$user ")"#);
    insta::assert_snapshot!(both_refuse(&[("ledger", &argument)]));
}

#[test]
fn a_context_that_nobody_sets() {
    let argument = ledger("", r#"in: ID @fromContext(field: "$user { id }")"#);
    insta::assert_snapshot!(both_refuse(&[("ledger", &argument)]));
}

#[test]
fn a_context_of_another_subgraph() {
    let argument = ledger("", r#"in: ID @fromContext(field: "$user { id }")"#);
    let users = r#"type User @key(fields: "id") @context(name: "user") { id: ID! currency: String }"#;
    insta::assert_snapshot!(both_refuse(&[("ledger", &argument), ("users", users)]));
}

#[test]
fn arguments_where_there_is_no_context() {
    insta::assert_snapshot!(both_refuse(&[(
        "a",
        r#"type Query { user: User }
           type User @key(fields: "id") @context(name: "user") { id: ID! item: Item }
           interface Item { price(of: ID @fromContext(field: "$user { id }")): Int }
           type Lamp implements Item @key(fields: "id") { id: ID! price(of: ID @fromContext(field: "$user { id }")): Int }"#
    )]));
}

#[test]
fn an_argument_of_a_directive() {
    insta::assert_snapshot!(both_refuse(&[(
        "a",
        r#"type Query { a: Int } directive @mine(of: ID @fromContext(field: "$user { id }")) on FIELD"#
    )]));
}

#[test]
fn an_object_that_takes_from_itself() {
    let ledger = ledger(r#"@context(name: "user")"#, "")
        .replace("amount()", "amount")
        .replace(
            "country: Country",
            r#"country(of: ID @fromContext(field: "$user { id }")): Country"#,
        );
    insta::assert_snapshot!(both_refuse(&[("ledger", &ledger)]));
}

#[test]
fn a_default_that_would_never_be_used() {
    let argument = with_argument(r#"in: ID = "1" @fromContext(field: "$user { id }")"#);
    insta::assert_snapshot!(both_refuse(&[("ledger", &argument)]));
}

#[test]
fn a_type_that_cant_be_asked_for_by_a_key() {
    let refused = ["", r#"@key(fields: "id", resolvable: false)"#].map(|key| {
        let ledger = with_argument(r#"in: ID @fromContext(field: "$user { id }")"#).replace(
            r#"type Transaction @key(fields: "id")"#,
            &format!("type Transaction {key}"),
        );
        both_refuse(&[("ledger", &ledger)])
    });
    insta::assert_snapshot!(refused.join("\n"));
}

#[test]
fn selections_that_dont_lead_to_the_argument() {
    let selections = [
        ("ID", "{ missing }"),
        ("ID", "{ id tags }"),
        ("ID", "{ }"),
        ("ID", "{ it: id }"),
        ("ID", "{ id @include(if: true) }"),
        ("ID", "{ ...Some }"),
        ("ID", "{ id { no } }"),
        ("String", "{ country }"),
        ("Int", "{ id }"),
        ("ID!", "{ id }"),
        ("String", "{ tags }"),
        ("[Int]", "{ tags }"),
        ("String", "{ country { code } id }"),
        ("ID", "... on User { id } ... on User { id }"),
        ("ID", "... on Country { code }"),
        ("ID", "... on User { id } ... on Transaction { id }"),
        ("ID", "... { id }"),
        ("ID", "... on Missing { id }"),
        ("ID", "... on User { id } id"),
    ];
    let mut theirs = TheGuild::start();
    let refused = selections.map(|(ty, selection)| {
        let ledger = with_argument(&format!(r#"in: {ty} @fromContext(field: "$user {selection}")"#));
        refuse_with(&mut theirs, &[("ledger", &ledger)])
    });
    insta::assert_snapshot!(refused.join("\n"));
}

/// The other composer lets it pass; the router would have to send a request that isn't valid.
#[test]
fn a_selection_without_an_argument_that_must_be_given() {
    let lacking = with_argument(r#"in: String @fromContext(field: "$user { name }")"#);
    insta::assert_snapshot!(refused(&[("ledger", &lacking)]));
    let given = with_argument(r#"in: String @fromContext(field: "$user { name(in: \"en\") }")"#);
    composed(&[("ledger", &given)]);
}

#[test]
fn an_interface_object_gives_nothing() {
    insta::assert_snapshot!(both_refuse(&[
        (
            "a",
            r#"type Query { media: [Media!]! } type Media @interfaceObject @key(fields: "id") @context(name: "media") { id: ID! item: Item }
               type Item @key(fields: "id") { id: ID! price(of: ID @fromContext(field: "$media { id }")): Int }"#
        ),
        (
            "b",
            r#"interface Media @key(fields: "id") { id: ID! } type Book implements Media @key(fields: "id") { id: ID! title: String }"#
        ),
    ]));
}

#[test]
fn an_argument_that_clients_must_give_elsewhere() {
    let shared = |argument: &str| {
        format!(r#"type Transaction @key(fields: "id") {{ id: ID! amount({argument}): Int @shareable }}"#)
    };
    let ledger = with_argument(r#"in: ID @fromContext(field: "$user { id }")"#)
        .replace("): Int }", "): Int @shareable }");
    insta::assert_snapshot!(both_refuse(&[("ledger", &ledger), ("other", &shared("in: ID!"))]));
    // An optional one is left out.
    insta::assert_snapshot!(composed(&[("ledger", &ledger), ("other", &shared("in: ID"))]));
}

#[test]
fn a_way_on_which_nothing_sets_the_context() {
    let ledger = with_argument(r#"in: ID @fromContext(field: "$user { id }")"#)
        .replace("users: [User!]!", "users: [User!]! latest: Transaction");
    insta::assert_snapshot!(both_refuse(&[("ledger", &ledger)]));
}

#[test]
fn a_value_that_cant_be_had() {
    let ledger = with_argument(r#"in: String @fromContext(field: "$user { currency }")"#)
        .replace(
            "last: Transaction",
            "currency: String @external last: Transaction",
        )
        .replace(r#"type User @key(fields: "id")"#, "type User");
    let users = r#"type Query { me: User } type User { currency: String }"#;
    insta::assert_snapshot!(refused(&[("ledger", &ledger), ("users", users)]));
}

#[test]
fn a_value_that_is_guarded() {
    let ledger = with_argument(r#"in: String @fromContext(field: "$user { currency }")"#).replace(
        "last: Transaction",
        "currency: String @external last: Transaction",
    );
    let users = r#"type User @key(fields: "id") { id: ID! currency: String @authenticated }"#;
    insta::assert_snapshot!(both_refuse(&[("ledger", &ledger), ("users", users)]));
}
