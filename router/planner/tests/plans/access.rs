//! What the asking side may not see is not fetched.

use super::scene::{Graph, graph, signed_in};
use lavka_planner::PlanOptions;

fn shop() -> Graph {
    graph(&[
        (
            "a",
            r#"type Query { me: User @authenticated things: [Thing!]! stats: Stats @requiresScopes(scopes: [["stats:read"], ["admin"]]) }
               type User @key(fields: "id") { id: ID! name: String! }
               interface Thing { id: ID! } type Secret implements Thing @authenticated { id: ID! text: String } type Open implements Thing { id: ID! text: String secret: Secret }
               type Stats { visits: Int! }"#,
        ),
        (
            "b",
            r#"type User @key(fields: "id") { id: ID! salary: Int! @requiresScopes(scopes: [["hr", "money"]]) age: Int }"#,
        ),
    ])
}

#[test]
fn nobody_signed_in() {
    insta::assert_snapshot!(
        shop().plan_with("{ me { id salary } stats { visits } }", &PlanOptions::default())
    );
}

#[test]
fn signed_in_without_scopes() {
    insta::assert_snapshot!(shop().plan_with("{ me { id salary } stats { visits } }", &signed_in(&["hr"])));
}

#[test]
fn all_scopes_of_one_alternative() {
    insta::assert_snapshot!(shop().plan_with(
        "{ me { id salary } stats { visits } }",
        &signed_in(&["hr", "money", "admin"])
    ));
}

#[test]
fn a_type_that_may_not_be_seen() {
    insta::assert_snapshot!(shop().plan_with(
        "{ things { __typename id ... on Secret { text } ... on Open { text secret { text } } } }",
        &PlanOptions::default()
    ));
}
