//! Hostile operations are cut off, and what can't be planned says why.

use super::scene::{graph, unrestricted};
use apollo_compiler::ExecutableDocument;
use lavka_planner::{PlanError, PlanOptions, plan};
use lavka_supergraph::Supergraph;

fn refusal(operation: &str) -> PlanError {
    let graph = graph(&[(
        "a",
        r#"type Query { t(n: Int): T } type T { t(n: Int): T n: Int }"#,
    )]);
    graph
        .try_plan(operation, &unrestricted())
        .expect_err("should be refused")
}

#[test]
fn too_deep() {
    let operation = format!("{{ {} n {} }}", "t { ".repeat(60), "}".repeat(60));
    assert!(matches!(
        refusal(&operation),
        PlanError::TooDeep { limit: 50, .. }
    ));
}

#[test]
fn as_deep_as_may_be_is_planned() {
    let graph = graph(&[(
        "a",
        r#"type Query { t(n: Int): T } type T { t(n: Int): T n: Int }"#,
    )]);
    let operation = format!("{{ {} n {} }}", "t { ".repeat(50), "}".repeat(50));
    let document =
        ExecutableDocument::parse_and_validate(graph.supergraph.api_schema(), operation, "deep.graphql")
            .expect("valid");
    let planned = plan(&graph.supergraph, &document, None, &unrestricted()).expect("a plan");
    assert_eq!(planned.fetches.len(), 1);
}

#[test]
fn fragments_that_double_at_each_level() {
    let mut operation = String::from("{ t { ...F0 } }");
    for level in 0..30 {
        operation.push_str(&format!(
            " fragment F{level} on T {{ a{level}: t {{ ...F{next} }} b{level}: t(n: 1) {{ ...F{next} }} }}",
            next = level + 1
        ));
    }
    operation.push_str(" fragment F30 on T { n }");
    assert_eq!(refusal(&operation), PlanError::TooLarge { limit: 20_000 });
}

#[test]
fn a_long_chain_of_fragments() {
    let mut operation = String::from("{ t { ...F0 } }");
    for level in 0..80 {
        operation.push_str(&format!(" fragment F{level} on T {{ ...F{} }}", level + 1));
    }
    operation.push_str(" fragment F80 on T { n }");
    assert!(matches!(
        refusal(&operation),
        PlanError::TooDeep { limit: 50, .. }
    ));
}

#[test]
fn many_aliases() {
    let aliases: String = (0..30_000).map(|number| format!("a{number}: n ")).collect();
    assert_eq!(
        refusal(&format!("{{ t {{ {aliases} }} }}")),
        PlanError::TooLarge { limit: 20_000 }
    );
}

#[test]
fn too_many_conditions_on_one_field() {
    let variables: String = (0..70).map(|number| format!("$v{number}: Boolean! ")).collect();
    let fields: String = (0..70)
        .map(|number| format!("n @include(if: $v{number}) "))
        .collect();
    let error = refusal(&format!("query ({variables}) {{ t {{ {fields} }} }}"));
    assert_eq!(
        error,
        PlanError::TooManyConditions {
            coordinate: "T.n".into(),
            limit: 32
        }
    );
}

#[test]
fn an_operation_that_is_not_there() {
    let graph = graph(&[("a", "type Query { n: Int }")]);
    let api = graph.supergraph.api_schema();
    let document = ExecutableDocument::parse_and_validate(api, "query A { n } query B { n }", "two.graphql")
        .expect("valid");
    let ask = |name| plan(&graph.supergraph, &document, name, &PlanOptions::default());
    assert_eq!(
        ask(Some("C")).expect_err("no C"),
        PlanError::UnknownOperation("C".into())
    );
    assert_eq!(
        ask(None).expect_err("no name"),
        PlanError::UnknownOperation("(no name given)".into())
    );
    assert_eq!(ask(Some("B")).expect("B").fetches.len(), 1);
}

/// A supergraph that nobody checked: no key leads to `T.b`.
#[test]
fn a_field_that_cannot_be_reached_is_named() {
    let supergraph = Supergraph::parse(include_str!("unreachable.graphql")).expect("a supergraph");
    let document = ExecutableDocument::parse_and_validate(
        supergraph.api_schema(),
        "{ list: t { inner { a b } } }",
        "q.graphql",
    )
    .expect("valid");
    let error = plan(&supergraph, &document, None, &PlanOptions::default()).expect_err("no way");
    insta::assert_snapshot!(error.to_string(), @"no way to T.b at list.inner.b: no subgraph that can be reached from there gives it");
}
