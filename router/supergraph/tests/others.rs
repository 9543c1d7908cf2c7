//! Supergraphs that others wrote. Files under others/ that begin with theguild are @theguild/federation-composition's, of the fixtures of router/compose;
//! those that begin with first_composer are written by hand in the form in which federation's first composer prints them.

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

/// Renamed directives, a prefix by `as`, a subgraph without a URL, an interface object's field that is in no subgraph, a type in parts.
#[test]
fn join_v0_3_in_the_first_composers_form() {
    let boats = load(include_str!("others/first_composer_join_v0_3.graphql"));
    assert_eq!(names(&boats), ["boats", "harbours-2"]);
    let [own, harbours] = boats.subgraph_ids().collect::<Vec<_>>()[..] else {
        panic!("two subgraphs")
    };
    assert_eq!(boats.subgraph(harbours).url, None);
    let in_api = |field: &str| boats.api_schema().type_field("Boat", field).is_ok();
    assert!(in_api("fee") && !in_api("secret"));
    let length = |graph| boats.field_in("Boat", "length", graph).expect("length");
    assert_eq!(
        (length(own).ty.to_string(), length(harbours).ty.to_string()),
        ("Float!".to_owned(), "Float".to_owned())
    );
    assert!(
        boats
            .field_in("Boat", "flag", own)
            .is_some_and(|flag| flag.overridden)
    );
    assert!(
        boats
            .field("Boat", "moored")
            .is_some_and(|moored| moored.subgraphs.is_empty())
    );
    assert!(
        boats
            .type_in("Vessel", harbours)
            .is_some_and(|vessel| vessel.interface_object)
    );
    assert_eq!(
        boats.type_in("Found", harbours).expect("Found").possible,
        ["Boat"]
    );
    let key = |ty: &str, graph| boats.type_in(ty, graph).expect("a type").keys[0].clone();
    assert_eq!(key("Harbour", harbours).fields.selections.len(), 2);
    assert!(!key("Sailor", own).resolvable);
}

/// Contexts, labels, policies, costs, a directive that was composed, and one that stands in `@join__directive`.
#[test]
fn join_v0_5_in_the_first_composers_form() {
    let bank = load(include_str!("others/first_composer_join_v0_5.graphql"));
    assert_eq!(names(&bank), ["accounts", "bills"]);
    let [accounts, bills] = bank.subgraph_ids().collect::<Vec<_>>()[..] else {
        panic!("two subgraphs")
    };
    let balance = bank.field_in("Account", "balance", accounts).expect("balance");
    let taken = balance.overrides.as_ref().expect("an override");
    assert_eq!(
        (taken.from, taken.label.as_deref()),
        (Some(bills), Some("percent(10)"))
    );
    let text = bank.field_in("Bill", "text", accounts).expect("text");
    let [argument] = text.context_arguments.as_slice() else {
        panic!("{text:?}")
    };
    assert_eq!(
        (argument.name.as_str(), &*argument.context),
        ("in", "accounts__holder")
    );
    let limit = bank.field("Account", "limit").expect("limit");
    assert_eq!(limit.access.policies.len(), 2);
    let api = bank.api_schema().to_string();
    for machinery in [
        "join__", "context", "policy", "@size", "@cost", "audited", "link__",
    ] {
        assert!(!api.contains(machinery), "{machinery} in:\n{api}");
    }
}

/// The second version of core, with purposes.
#[test]
fn core_v0_2_is_refused_by_name() {
    insta::assert_snapshot!(reasons(
        r#"schema @core(feature: "https://specs.apollo.dev/core/v0.2") @core(feature: "https://specs.apollo.dev/join/v0.2", for: EXECUTION) { query: Query }
        directive @core(feature: String!, as: String, for: core__Purpose) repeatable on SCHEMA
        enum core__Purpose { EXECUTION SECURITY }
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        enum join__Graph { A @join__graph(name: "a", url: "http://a") }
        type Query { a: Int }"#
    ));
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
