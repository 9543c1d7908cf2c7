//! What composed supergraphs look like, and that others can read them.

use apollo_compiler::Schema;

use super::fixtures::compose_fixture;

fn supergraph(case: &str) -> String {
    let composition = compose_fixture(case).unwrap_or_else(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{case} doesn't compose:\n{}", errors.join("\n"))
    });
    if let Err(invalid) = Schema::parse_and_validate(&composition.supergraph_sdl, "supergraph.graphql") {
        panic!(
            "not valid GraphQL:\n{}\n{}",
            invalid.errors, composition.supergraph_sdl
        );
    }
    if let Err(errors) = lavka_supergraph::Supergraph::parse(&composition.supergraph_sdl) {
        panic!(
            "not a supergraph to the router: {errors:?}\n{}",
            composition.supergraph_sdl
        );
    }
    composition.supergraph_sdl
}

#[test]
fn the_store() {
    insta::assert_snapshot!(supergraph("store"));
}
