//! `@defer`: what the first piece of an answer waits for, and what the others.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use lavka_planner::{PlanOptions, QueryPlan};

use super::scene::*;

const PRODUCTS: (&str, &str) = (
    "products",
    r#"type Query { product: Product products: [Product!]! }
       type Mutation { add: Product }
       type Product @key(fields: "id") { id: ID! name: String! }"#,
);
const REVIEWS: (&str, &str) = (
    "reviews",
    r#"type Product @key(fields: "id") { id: ID! reviews: [Review!]! stars: Int }
       type Review { body: String! author: User! }
       type User @key(fields: "email") { email: ID! }"#,
);
const USERS: (&str, &str) = (
    "users",
    r#"type User @key(fields: "email") { email: ID! name: String! }"#,
);

fn shop() -> Graph {
    graph(&[PRODUCTS, REVIEWS, USERS])
}

fn deferring(variables: &[(&str, bool)]) -> PlanOptions {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), *value));
    PlanOptions {
        deferral: Some(variables.collect::<BTreeMap<_, _>>()),
        ..unrestricted()
    }
}

fn planned(operation: &str, variables: &[(&str, bool)]) -> QueryPlan {
    shop()
        .try_plan(operation, &deferring(variables))
        .unwrap_or_else(|error| panic!("no plan: {error}"))
}

#[test]
fn a_deferred_part_has_a_request_of_its_own_and_its_key_comes_with_the_first() {
    assert_snapshot!(shop().plan_with(
        r#"{ product { name ... @defer(label: "more") { reviews { body } } } }"#,
        &deferring(&[])
    ));
}

/// `stars` is for the first piece; the request for it does not wait for the other, and does not ask for it.
#[test]
fn requests_to_one_subgraph_for_now_and_for_later_are_two() {
    assert_snapshot!(shop().plan_with(
        r#"{ products { stars } product { name ... @defer { reviews { body } } } }"#,
        &deferring(&[])
    ));
}

#[test]
fn what_the_first_piece_asks_for_anyway_is_not_deferred() {
    let planned = planned("{ product { name ... @defer { id } } }", &[]);
    assert_eq!(planned.deferral, None);
    let planned = self::planned("{ product { stars ... @defer { reviews { body } } } }", &[]);
    assert_eq!(planned.deferral, None, "the same objects, the same subgraph");
}

#[test]
fn fragments_inside_of_fragments_and_shared_fields() {
    assert_snapshot!(shop().plan_with(
        r#"{ product {
            name
            ... @defer(label: "outer") {
                name
                reviews { body ... @defer(label: "inner") { author { name } } }
            }
            ... @defer(label: "beside") { stars reviews { author { email } } }
        } }"#,
        &deferring(&[])
    ));
}

#[test]
fn variables_decide() {
    let operation = r#"query($a: Boolean!, $b: Boolean!) { product {
        name
        ... @defer(if: $a) { reviews { body } }
        reviews @include(if: $b) { body }
    } }"#;
    let fragments = |variables: &[(&str, bool)]| {
        let deferral = planned(operation, variables).deferral;
        deferral.map_or(0, |deferral| deferral.fragments.len())
    };
    assert_eq!(fragments(&[("a", true)]), 1);
    assert_eq!(fragments(&[("a", false)]), 0);
    assert_eq!(
        fragments(&[("a", true), ("b", true)]),
        0,
        "selected at once as well"
    );
}

#[test]
fn without_being_asked_to_nothing_is_deferred() {
    let operation = "{ product { name ... @defer { reviews { body } } } }";
    let planned = shop()
        .try_plan(operation, &unrestricted())
        .unwrap_or_else(|error| panic!("no plan: {error}"));
    let plain = shop()
        .try_plan("{ product { name reviews { body } } }", &unrestricted())
        .unwrap_or_else(|error| panic!("no plan: {error}"));
    assert_eq!(planned, plain);
}

#[test]
fn the_next_mutation_does_not_wait_for_what_the_one_before_deferred() {
    assert_snapshot!(shop().plan_with(
        r#"mutation { a: add { name ... @defer { stars } } b: add { name } }"#,
        &deferring(&[])
    ));
}
