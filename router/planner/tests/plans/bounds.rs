//! Hostile operations are cut off, and what can't be planned says why.

use super::large;
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

/// 200 subgraphs, 5,000 types and 2,000 fields: see `benches/plan.rs` for the time that it takes.
#[test]
fn a_large_operation_over_a_large_supergraph() {
    let supergraph = Supergraph::parse(&large::supergraph(200, 5_000)).expect("a supergraph");
    let text = large::operation(200, 2_000);
    let document = ExecutableDocument::parse_and_validate(supergraph.api_schema(), text, "large.graphql");
    let document = document.unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let options = PlanOptions {
        search_budget: 0,
        ..unrestricted()
    };
    let planned = plan(&supergraph, &document, None, &options).expect("a plan");
    let fields: usize = planned
        .fetches
        .iter()
        .map(|fetch| fetch.document.matches("shared").count())
        .sum();
    assert!(fields >= 2_000 / 9, "{fields}");
    let waves = planned.fetches.iter().map(|fetch| fetch.wave + 1).max();
    assert_eq!(
        waves,
        Some(5),
        "one for the roots, one for each level, one for the last level's fields"
    );
}

#[test]
fn a_search_among_very_many_choices_ends_at_its_bound() {
    let supergraph = Supergraph::parse(&large::supergraph(200, 5_000)).expect("a supergraph");
    let text = large::contested(200, 2_000);
    let document = ExecutableDocument::parse_and_validate(supergraph.api_schema(), text, "contested.graphql");
    let document = document.unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let options = PlanOptions {
        search_budget: 20_000,
        ..unrestricted()
    };
    let planned = plan(&supergraph, &document, None, &options).expect("a plan");
    let note = planned.notes.first().map_or("", String::as_str);
    assert!(note.contains("its bound of 20000 visited fields"), "{note}");
}

/// Each of 30 types, nested in each other six deep through an interface: 30 to the power of six lists of fields.
#[test]
fn a_deep_nest_of_abstract_types() {
    let types: String = (0..30)
        .map(|number| {
            format!(r#"type T{number} implements I @key(fields: "id") {{ id: ID! i: I n{number}: Int }} "#)
        })
        .collect();
    let graph = graph(&[
        (
            "a",
            &format!("type Query {{ i: I }} interface I {{ id: ID! i: I }} {types}"),
        ),
        ("b", r#"type T0 @key(fields: "id") { id: ID! more: Int }"#),
    ]);
    let mut operation = String::from("{ i { ...F0 } }");
    for level in 0..6 {
        let fragments: String = (0..30)
            .map(|number| {
                format!(
                    "... on T{number} {{ n{number} a{number}: i {{ ...F{} }} }} ",
                    level + 1
                )
            })
            .collect();
        operation.push_str(&format!(" fragment F{level} on I {{ {fragments} }}"));
    }
    operation.push_str(" fragment F6 on I { id }");
    let error = graph
        .try_plan(&operation, &unrestricted())
        .expect_err("too large");
    assert_eq!(error, PlanError::TooLarge { limit: 20_000 });
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
