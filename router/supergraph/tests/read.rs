//! Reading a supergraph: what a small one says, and what is refused.

use lavka_supergraph::{Override, SubgraphId, Supergraph};

const SHOP: &str = include_str!("shop.graphql");
const CATALOG: SubgraphId = SubgraphId(0);
const ORDERS: SubgraphId = SubgraphId(1);

fn shop() -> Supergraph {
    Supergraph::parse(SHOP).expect("the shop is a supergraph")
}

fn refusal(change: impl Fn(&str) -> String) -> String {
    let changed = change(SHOP);
    assert_ne!(changed, SHOP, "the change found nothing to change");
    let errors = Supergraph::parse(&changed).expect_err("should be refused");
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn subgraphs_have_their_owners_names() {
    let shop = shop();
    let names: Vec<_> = shop
        .subgraphs()
        .iter()
        .map(|one| (&*one.name, one.url.as_deref()))
        .collect();
    assert_eq!(
        names,
        [("catalog", Some("http://catalog")), ("orders-service", None)]
    );
}

#[test]
fn a_field_that_says_nothing_is_in_every_subgraph_of_its_type() {
    let shop = shop();
    let ping = shop.field("Query", "ping").expect("ping");
    assert_eq!(
        ping.subgraphs.keys().copied().collect::<Vec<_>>(),
        [CATALOG, ORDERS]
    );
}

#[test]
fn a_field_from_an_interface_object_is_in_no_subgraph_of_its_type() {
    let shop = shop();
    assert!(shop.field("Lamp", "sold").expect("sold").subgraphs.is_empty());
    assert!(shop.field_in("Item", "sold", ORDERS).is_some());
    assert!(shop.type_in("Item", ORDERS).expect("Item").interface_object);
}

#[test]
fn possible_types_differ_by_subgraph() {
    let shop = shop();
    let possible = |subgraph| shop.type_in("Item", subgraph).map(|known| known.possible.len());
    assert_eq!((possible(CATALOG), possible(ORDERS)), (Some(1), Some(0)));
    assert_eq!(shop.possible_types("Thing"), ["Lamp"]);
}

#[test]
fn keys_requires_provides_and_overrides_are_read() {
    let shop = shop();
    let key = |subgraph| {
        let known = shop.type_in("Order", subgraph).expect("Order");
        (known.keys[0].fields.selections.len(), known.keys[0].resolvable)
    };
    assert_eq!((key(ORDERS), key(CATALOG)), ((2, true), (2, false)));
    assert!(
        shop.field_in("Order", "shipping", ORDERS)
            .expect("shipping")
            .requires
            .is_some()
    );
    assert!(
        shop.field_in("Query", "item", CATALOG)
            .expect("item")
            .provides
            .is_some()
    );
    assert!(shop.field_in("Order", "weight", ORDERS).expect("weight").external);
    let cost = |subgraph| shop.field_in("Order", "cost", subgraph).expect("cost");
    assert_eq!(
        cost(ORDERS).overrides,
        Some(Override {
            from: Some(CATALOG),
            label: None
        })
    );
    assert!(cost(CATALOG).overridden);
}

#[test]
fn access_rules_are_read() {
    let shop = shop();
    assert!(
        shop.field("Query", "orders")
            .expect("orders")
            .access
            .authenticated
    );
    let scopes = &shop.field("Order", "shipping").expect("shipping").access.scopes;
    assert_eq!(
        scopes,
        &[
            vec!["orders:read".to_owned(), "a".to_owned()],
            vec!["admin".to_owned()]
        ]
    );
    assert_eq!(
        shop.scopes().into_iter().collect::<Vec<_>>(),
        ["a", "admin", "orders:read"]
    );
}

#[test]
fn clients_see_no_machinery_and_nothing_inaccessible() {
    insta::assert_snapshot!(shop().api_schema().serialize());
}

#[test]
fn an_ordinary_schema_is_refused() {
    let errors = Supergraph::parse("type Query { a: Int }").expect_err("no supergraph");
    insta::assert_snapshot!(errors[0].to_string(), @"schema: not a supergraph: no @link to https://specs.apollo.dev/join (v0.3 to v0.5)");
}

#[test]
fn an_unknown_join_version_is_refused() {
    insta::assert_snapshot!(refusal(|sdl| sdl.replace("join/v0.5", "join/v0.9")), @"schema (3:3): https://specs.apollo.dev/join/v0.9 is needed for EXECUTION and is not understood");
}

#[test]
fn an_unknown_feature_that_must_be_understood_is_refused() {
    let changed = |purpose: &str| {
        let purpose = purpose.to_owned();
        move |sdl: &str| {
            sdl.replace(
                "@link(url: \"https://specs.apollo.dev/tag/v0.3\")",
                &format!("@link(url: \"https://example.com/vault/v1.0\"{purpose})"),
            )
        }
    };
    insta::assert_snapshot!(refusal(changed(", for: SECURITY")), @"schema (7:3): https://example.com/vault/v1.0 is needed for SECURITY and is not understood");
    insta::assert_snapshot!(refusal(changed(", for: EXECUTION")), @"schema (7:3): https://example.com/vault/v1.0 is needed for EXECUTION and is not understood");
    assert!(Supergraph::parse(&changed("")(SHOP)).is_ok_and(|shop| shop.subgraphs().len() == 2));
}

/// Also where the link doesn't say that it is for security: what isn't understood would be open.
#[test]
fn an_unknown_version_of_what_guards_data_is_refused() {
    let tag = "@link(url: \"https://specs.apollo.dev/tag/v0.3\")";
    for feature in [
        "inaccessible/v0.3",
        "inaccessible/v1.0/",
        "inaccessible",
        "authenticated/v0.2",
        "requiresScopes/v1.0",
        "policy/v0.2",
        "context/v0.2",
    ] {
        let link = format!("@link(url: \"https://specs.apollo.dev/{feature}\")");
        let said = refusal(|sdl| sdl.replace(tag, &link));
        assert!(
            said.starts_with(&format!("schema (7:3): https://specs.apollo.dev/{feature} is not understood, and what it guards would be open")),
            "{said}"
        );
    }
    // A tag guards nothing.
    let newer = SHOP.replace(tag, &tag.replace("v0.3", "v0.9"));
    assert!(Supergraph::parse(&newer).is_ok_and(|shop| shop.subgraphs().len() == 2));
}

/// A supergraph may define the directive, as older readers want it, or leave it out, as GraphQL has it.
#[test]
fn an_input_that_is_one_of() {
    let with_choice = |definition: &str| {
        format!(
            "{SHOP}\n{definition}\ninput Choice @join__type(graph: CATALOG) @oneOf {{ a: Int b: Int }}\nextend type Query {{ chosen(by: Choice): Int @join__field(graph: CATALOG) }}"
        )
    };
    for definition in ["", "directive @oneOf on INPUT_OBJECT"] {
        let shop = Supergraph::parse(&with_choice(definition)).expect("a supergraph");
        let api = shop.api_schema();
        assert!(api.types["Choice"].directives().has("oneOf"), "{definition}");
        assert!(api.directive_definitions.contains_key("oneOf"), "{definition}");
    }
    assert!(!shop().api_schema().directive_definitions.contains_key("oneOf"));
}

#[test]
fn a_field_set_of_unknown_fields_is_refused_with_its_place() {
    insta::assert_snapshot!(refusal(
        |sdl| sdl.replace("requires: \"weight\"", "requires: \"mass\"")
    ));
}

#[test]
fn an_unknown_graph_is_refused() {
    insta::assert_snapshot!(refusal(|sdl| sdl.replace(
        "@join__field(graph: ORDERS) @auth",
        "@join__field(graph: STOCK) @auth"
    )));
}

#[test]
fn a_type_that_no_subgraph_knows_is_refused() {
    insta::assert_snapshot!(refusal(|sdl| sdl.replace("type Region @join__type(graph: CATALOG) @join__type(graph: ORDERS)", "type Region")), @"Region: no @join__type: no subgraph knows it");
}

#[test]
fn what_is_not_graphql_is_refused_with_line_and_column() {
    let errors = Supergraph::parse("type Query {\n  a: Int\n").expect_err("no GraphQL");
    insta::assert_snapshot!(errors[0].to_string());
}

/// The shop, where shipping takes an argument from the context that items set.
fn with_context(context: &str, selection: &str) -> String {
    let link = "@link(url: \"https://specs.apollo.dev/link/v1.0\")";
    let argument = format!(
        "contextArguments: [{{ name: \"of\", type: \"[ID!]\", context: \"{context}\", selection: \"{selection}\" }}]"
    );
    SHOP.replace(
        link,
        &format!("{link} @link(url: \"https://specs.apollo.dev/context/v0.1\", for: SECURITY)"),
    )
    .replace(
        "scalar join__FieldSet",
        "directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION\nscalar join__FieldSet",
    )
    .replace(
        "interface Item ",
        "interface Item @context(name: \"orders-service__item\") ",
    )
    .replace(
        "graph: ORDERS, requires: \"weight\"",
        &format!("graph: ORDERS, {argument}"),
    )
}

fn taken(selection: &str) -> Vec<String> {
    let shop = Supergraph::parse(&with_context("orders-service__item", selection)).expect("a context");
    assert!(shop.sets_context("Lamp") && !shop.sets_context("Order"));
    assert!(!shop.api_schema().to_string().contains("context"));
    let shipping = shop.field_in("Order", "shipping", ORDERS).expect("shipping");
    assert!(shipping.is_demanding());
    let [argument] = shipping.context_arguments.as_slice() else {
        panic!("{shipping:?}")
    };
    assert_eq!(
        (argument.name.as_str(), argument.ty.to_string().as_str()),
        ("of", "[ID!]")
    );
    let selections = argument.selections.values();
    selections
        .map(|set| format!("{}: {}", set.ty, set.serialize().no_indent()))
        .collect()
}

#[test]
fn what_is_taken_from_a_context_is_spelled_out_for_each_type_that_sets_it() {
    assert_eq!(taken("{ name }"), ["Item: { name }", "Lamp: { name }"]);
    // Of the interface itself nothing is known.
    assert_eq!(taken(" ... on Lamp { watts }"), ["Lamp: { watts }"]);
}

#[test]
fn a_type_that_nothing_is_said_of_gives_nothing() {
    assert_eq!(taken("... on Order { id }"), ["Lamp: {}"]);
}

#[test]
fn contexts_that_cant_be_followed_are_refused_with_their_place() {
    let refusals = [
        ("orders-service__other", "{ id }"),
        ("orders-service__item", "{ missing }"),
        ("orders-service__item", "{"),
    ]
    .map(|(context, selection)| refusal(|_| with_context(context, selection)));
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn names_may_be_imported_and_renamed() {
    let sdl = SHOP
        .replace(
            "inaccessible/v0.2\", for: SECURITY",
            "inaccessible/v0.2\", for: SECURITY, import: [{ name: \"@inaccessible\", as: \"@hidden\" }]",
        )
        .replace("@inaccessible", "@hidden")
        .replace("name: \"@hidden\"", "name: \"@inaccessible\"");
    let shop = Supergraph::parse(&sdl).expect("renamed");
    assert!(shop.api_schema().type_field("Order", "cost").is_err());
}
