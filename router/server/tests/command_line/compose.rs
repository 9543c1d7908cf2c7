//! `lavka-router compose`.

use lavka_supergraph::Supergraph;

use crate::Folder;

const LAMPS: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { lamp: Lamp }
type Lamp @key(fields: "id") { id: ID! name: String @shareable }
"#;
const PRICES: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Lamp @key(fields: "id") { id: ID! price: Int }
"#;
/// Doesn't share `name`.
const NAMES: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Lamp @key(fields: "id") {
  id: ID!
  name: String
}
"#;
const BOTH: [&str; 5] = [
    "compose",
    "--subgraph",
    "lamps=lamps.graphql",
    "--subgraph",
    "prices=prices.graphql",
];

fn shop() -> Folder {
    Folder::with(&[
        ("lamps.graphql", LAMPS),
        ("prices.graphql", PRICES),
        ("names.graphql", NAMES),
        ("broken.graphql", "type Query {\n  lamp: [Lamp\n}\n"),
    ])
}

#[test]
fn a_supergraph_goes_to_standard_output_or_to_a_file() {
    let shop = shop();
    let shown = shop.run(&BOTH);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    Supergraph::parse(&shown.out).expect("a supergraph");
    let written = shop.run(&[&BOTH[..], &["-o", "super.graphql"]].concat());
    assert_eq!((written.code, &*written.out), (Some(0), ""));
    assert_eq!(shop.text("super.graphql"), shown.out);
}

#[test]
fn addresses_are_written_into_it() {
    let shop = shop();
    let shown = shop.run(&[&BOTH[..], &["--url", "prices=http://prices:1/graphql"]].concat());
    let supergraph = Supergraph::parse(&shown.out).expect("a supergraph");
    let prices = supergraph.subgraphs().iter().find(|it| &*it.name == "prices");
    assert_eq!(
        prices.and_then(|it| it.url.as_deref()),
        Some("http://prices:1/graphql")
    );
    let unknown = shop.run(&[&BOTH[..], &["--url", "price=http://prices:1"]].concat());
    assert_eq!((unknown.code, &*unknown.out), (Some(2), ""));
    assert!(
        unknown.err.contains("no --subgraph price=FILE"),
        "{}",
        unknown.err
    );
}

#[test]
fn an_error_shows_its_lines_and_leaves_the_old_supergraph() {
    let shop = shop();
    let arguments = [&BOTH[..], &["-o", "super.graphql"]].concat();
    assert_eq!(shop.run(&arguments).code, Some(0));
    let before = shop.text("super.graphql");
    let failed = shop.run(&[&arguments[..], &["--subgraph", "names=names.graphql"]].concat());
    assert_eq!((failed.code, &*failed.out), (Some(1), ""));
    for said in [
        "error[INVALID_FIELD_SHARING]",
        "names.graphql:4:3 (Lamp.name)",
        "    4 |   name: String",
        "don't compose: 1 error",
    ] {
        assert!(failed.err.contains(said), "{said}: {}", failed.err);
    }
    assert_eq!(shop.text("super.graphql"), before);
}

#[test]
fn as_json_a_program_reads_everything_from_standard_output() {
    let shop = shop();
    let done = shop.run(&[&BOTH[..], &["--format", "json"]].concat());
    let report = done.json();
    assert_eq!((done.code, &report["success"]), (Some(0), &true.into()));
    Supergraph::parse(report["supergraph"].as_str().expect("text")).expect("a supergraph");

    let failed = shop.run(
        &[
            &BOTH[..],
            &["--subgraph", "names=names.graphql", "--format", "json"],
        ]
        .concat(),
    );
    let report = failed.json();
    assert_eq!((failed.code, &report["success"]), (Some(1), &false.into()));
    let error = &report["errors"][0];
    assert_eq!(error["code"], "INVALID_FIELD_SHARING");
    let places = error["places"].as_array().expect("places");
    let named = places
        .iter()
        .find(|place| place["subgraph"] == "names")
        .expect("its place");
    assert_eq!(
        (&named["file"], &named["line"], &named["column"]),
        (&"names.graphql".into(), &4.into(), &3.into())
    );
}

#[test]
fn text_that_is_no_schema_is_named_with_its_line() {
    let failed = shop().run(&["compose", "--subgraph", "broken=broken.graphql"]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.err.contains("error[INVALID_GRAPHQL]"), "{}", failed.err);
    assert!(failed.err.contains("broken.graphql:3:1"), "{}", failed.err);
}

#[test]
fn a_file_that_is_not_there_ends_with_2_and_its_name() {
    let failed = shop().run(&["compose", "--subgraph", "lamps=lamp.graphql"]);
    assert_eq!((failed.code, &*failed.out), (Some(2), ""));
    assert!(failed.err.contains("`lamps` from lamp.graphql"), "{}", failed.err);
    assert!(failed.err.contains("No such file"), "{}", failed.err);
    let nowhere = shop().run(&[&BOTH[..], &["-o", "no/where.graphql"]].concat());
    assert_eq!(nowhere.code, Some(2));
    assert!(nowhere.err.contains("no/where.graphql"), "{}", nowhere.err);
}
