//! Supergraphs that others wrote. The files under others/ are @theguild/federation-composition's, of the fixtures of router/compose.

use lavka_supergraph::Supergraph;

fn load(sdl: &str) -> Supergraph {
    Supergraph::parse(sdl).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn reasons(sdl: &str) -> String {
    let errors = Supergraph::parse(sdl).expect_err("it should be refused");
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    errors.join("\n")
}

fn names(supergraph: &Supergraph) -> Vec<&str> {
    supergraph
        .subgraphs()
        .iter()
        .map(|subgraph| &*subgraph.name)
        .collect()
}

#[test]
fn join_v0_3_of_federation_1() {
    let shop = load(include_str!("others/theguild_federation1.graphql"));
    assert_eq!(names(&shop), ["accounts", "products", "reviews"]);
    let product = shop.type_model("Product").expect("Product");
    assert_eq!(product.subgraphs.len(), 2);
    let reviews = shop
        .subgraph_ids()
        .find(|id| &*shop.subgraph(*id).name == "reviews")
        .expect("reviews");
    let estimate = shop
        .field_in("Product", "shippingEstimate", reviews)
        .expect("shippingEstimate");
    assert_eq!(
        estimate.requires.as_ref().map(|set| set.selections.len()),
        Some(2)
    );
    assert!(
        shop.field_in("Product", "price", reviews)
            .is_some_and(|price| price.external)
    );
    // What Federation 1 called external in a key of an extension is the subgraph's own.
    assert!(
        shop.field_in("Product", "upc", reviews)
            .is_some_and(|upc| !upc.external)
    );
}

#[test]
fn join_v0_4_and_v0_5() {
    for sdl in [
        include_str!("others/theguild_2_7.graphql"),
        include_str!("others/theguild_2_9.graphql"),
    ] {
        let store = load(sdl);
        assert_eq!(names(&store), ["catalog", "orders", "users"]);
        assert!(
            store.api_schema().type_field("Variant", "orderable").is_err(),
            "it is inaccessible"
        );
        assert!(store.schema().type_field("Variant", "orderable").is_ok());
        assert!(!store.scopes().is_empty());
    }
}

/// The first gateways' form: links were called `@core`, and join was v0.1 or v0.2.
#[test]
fn join_before_v0_3_is_refused_by_name() {
    insta::assert_snapshot!(reasons(
        r#"schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
        directive @core(feature: String!) repeatable on SCHEMA
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        enum join__Graph { A @join__graph(name: "a", url: "http://a") }
        type Query { a: Int }"#
    ));
}

#[test]
fn join_of_the_future_is_refused_by_name() {
    let sdl = include_str!("others/theguild_2_9.graphql").replace("join/v0.5", "join/v0.6");
    insta::assert_snapshot!(reasons(&sdl));
}

#[test]
fn a_feature_that_guards_data_in_a_way_not_understood() {
    let sdl = include_str!("others/theguild_2_9.graphql").replace("inaccessible/v0.2", "inaccessible/v0.9");
    insta::assert_snapshot!(reasons(&sdl));
}
