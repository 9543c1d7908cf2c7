//! @shareable: fields and types that several subgraphs give, wholly or in parts; @override.

use super::scene::{graph, unrestricted};
use lavka_planner::PlanOptions;

#[test]
fn a_shared_root_field_is_asked_of_one() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { now: Clock @shareable one: Int } type Clock @shareable { time: String zone: String }"#,
        ),
        (
            "b",
            r#"type Query { now: Clock @shareable two: Int } type Clock @shareable { time: String zone: String }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ now { time zone } two }"));
}

#[test]
fn a_shared_root_field_is_split_where_nobody_has_all() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { now: Clock @shareable } type Clock { time: String @shareable zone: String }"#,
        ),
        (
            "b",
            r#"type Query { now: Clock @shareable } type Clock { time: String @shareable leap: Boolean }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ now { time zone leap } }"));
}

#[test]
fn a_value_without_a_key_is_reached_again_through_its_parent() {
    let graph = graph(&[
        (
            "a",
            r#"type Query { u: User } type User @key(fields: "id") { id: ID! profile: Profile @shareable } type Profile { bio: String }"#,
        ),
        (
            "b",
            r#"type User @key(fields: "id") { id: ID! profile: Profile @shareable } type Profile { avatar: Image } type Image @shareable { url: String }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ u { profile { bio avatar { url } } } }"));
}

#[test]
fn an_overridden_field_is_asked_of_its_new_owner() {
    let graph = graph(&[
        (
            "old",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! name: String size: Int }"#,
        ),
        (
            "new",
            r#"type T @key(fields: "id") { id: ID! name: String @override(from: "old") }"#,
        ),
    ]);
    insta::assert_snapshot!(graph.plan("{ t { name size } }"));
}

#[test]
fn a_labelled_override_follows_its_label() {
    let graph = graph(&[
        (
            "old",
            r#"type Query { t: T } type T @key(fields: "id") { id: ID! name: String size: Int }"#,
        ),
        (
            "new",
            r#"type T @key(fields: "id") { id: ID! name: String @override(from: "old", label: "percent(10)") }"#,
        ),
    ]);
    let on = PlanOptions {
        labels: ["percent(10)".to_owned()].into(),
        ..unrestricted()
    };
    let off = graph.plan("{ t { name } }");
    insta::assert_snapshot!(format!(
        "{off}\n== on\n{}",
        graph.plan_with("{ t { name } }", &on)
    ));
}
