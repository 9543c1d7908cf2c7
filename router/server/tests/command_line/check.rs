//! `lavka-router check`.

use crate::Folder;

const OLD: &str = "type Query { lamp(id: ID!): Lamp colours: Colour }\ntype Lamp { id: ID! price: Int }\nenum Colour { RED }\n";
/// A field is gone.
const BREAKING: &str =
    "type Query { lamp(id: ID!): Lamp colours: Colour }\ntype Lamp { id: ID! }\nenum Colour { RED }\n";
/// A value that clients don't know.
const DANGEROUS: &str = "type Query { lamp(id: ID!): Lamp colours: Colour }\ntype Lamp { id: ID! price: Int }\nenum Colour { RED BLUE }\n";
/// A field more.
const NEWER: &str = "type Query { lamp(id: ID!): Lamp colours: Colour }\ntype Lamp { id: ID! price: Int name: String }\nenum Colour { RED }\n";

fn schemas() -> Folder {
    Folder::with(&[
        ("old.graphql", OLD),
        ("breaking.graphql", BREAKING),
        ("dangerous.graphql", DANGEROUS),
        ("newer.graphql", NEWER),
        ("broken.graphql", "type Query { lamp: Lamp }"),
        (
            "choice.graphql",
            "type Query { lamp(by: By): Int } input By @oneOf { id: ID name: String }",
        ),
    ])
}

#[test]
fn what_breaks_fails_the_check_and_what_is_new_does_not() {
    let schemas = schemas();
    let breaking = schemas.run(&["check", "old.graphql", "breaking.graphql"]);
    assert_eq!(breaking.code, Some(1), "{}", breaking.err);
    assert!(breaking.out.contains("Lamp.price"), "{}", breaking.out);
    assert!(
        breaking.out.ends_with("1 breaking change, 0 dangerous changes\n"),
        "{}",
        breaking.out
    );
    let newer = schemas.run(&["check", "old.graphql", "newer.graphql"]);
    assert_eq!(
        (newer.code, &*newer.out),
        (Some(0), "0 breaking changes, 0 dangerous changes\n")
    );
}

#[test]
fn who_asks_says_what_fails() {
    let schemas = schemas();
    for (new, fail_on, code) in [
        ("dangerous.graphql", "breaking", 0),
        ("dangerous.graphql", "dangerous", 1),
        ("breaking.graphql", "dangerous", 1),
        ("breaking.graphql", "never", 0),
    ] {
        let ended = schemas.run(&["check", "old.graphql", new, "--fail-on", fail_on]);
        assert_eq!(ended.code, Some(code), "{new} --fail-on {fail_on}: {}", ended.out);
    }
}

#[test]
fn as_json_each_change_has_its_kind_and_coordinate() {
    let ended = schemas().run(&["check", "old.graphql", "dangerous.graphql", "--format", "json"]);
    let report = ended.json();
    assert_eq!(
        (&report["breaking"], &report["dangerous"]),
        (&0.into(), &1.into())
    );
    assert_eq!(report["changes"][0]["coordinate"], "Colour.BLUE");
    assert_eq!(report["changes"][0]["severity"], "dangerous");
}

/// GraphQL has the directive, whether the schema defines it or not.
#[test]
fn an_input_that_is_one_of_is_read() {
    let ended = schemas().run(&["check", "choice.graphql", "choice.graphql"]);
    assert_eq!(
        (ended.code, &*ended.out),
        (Some(0), "0 breaking changes, 0 dangerous changes\n"),
        "{}",
        ended.err
    );
}

#[test]
fn a_file_that_can_t_be_read_ends_with_2_and_its_name() {
    let schemas = schemas();
    let missing = schemas.run(&["check", "old.graphql", "none.graphql"]);
    assert_eq!((missing.code, &*missing.out), (Some(2), ""));
    assert!(
        missing.err.contains("cannot read none.graphql"),
        "{}",
        missing.err
    );
    let broken = schemas.run(&["check", "broken.graphql", "old.graphql"]);
    assert_eq!(broken.code, Some(2));
    assert!(
        broken.err.contains("broken.graphql is not a valid schema"),
        "{}",
        broken.err
    );
}
