//! Composes, plans, checks, shows.

use std::collections::BTreeSet;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use lavka_compose::{Subgraph, compose};
use lavka_planner::{PlanError, PlanOptions, QueryPlan, Viewer, plan};
use lavka_supergraph::Supergraph;

/// Some subgraphs, composed.
pub struct Graph {
    pub supergraph: Supergraph,
    schemas: Vec<(String, Valid<Schema>)>,
}

/// Composes subgraphs, given by name and SDL.
pub fn graph(subgraphs: &[(&str, &str)]) -> Graph {
    let described: Vec<Subgraph> = subgraphs
        .iter()
        .map(|(name, sdl)| Subgraph {
            name: (*name).into(),
            url: None,
            sdl: format!("{LINK}\n{sdl}"),
        })
        .collect();
    let composed = compose(&described).unwrap_or_else(|errors| panic!("doesn't compose: {errors:#?}"));
    let supergraph = Supergraph::parse(&composed.supergraph_sdl)
        .unwrap_or_else(|errors| panic!("can't be read: {errors:#?}\n{}", composed.supergraph_sdl));
    let schemas = subgraphs
        .iter()
        .map(|(name, sdl)| ((*name).to_owned(), subgraph_schema(name, sdl)))
        .collect();
    Graph { supergraph, schemas }
}

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@shareable", "@override", "@interfaceObject", "@inaccessible", "@authenticated", "@requiresScopes", "@tag", "@context", "@fromContext"])"#;

const FEDERATION: &str = r#"
scalar _Any
scalar FieldSet
scalar federation__Scope
directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: FieldSet!) on FIELD_DEFINITION
directive @provides(fields: FieldSet!) on FIELD_DEFINITION
directive @external on OBJECT | FIELD_DEFINITION
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @interfaceObject on OBJECT
directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
directive @fromContext(field: String) on ARGUMENT_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[federation__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
"#;

/// A subgraph's schema as it is served: with `_entities`.
fn subgraph_schema(name: &str, sdl: &str) -> Valid<Schema> {
    let builder = || {
        Schema::builder()
            .adopt_orphan_extensions()
            .parse(FEDERATION, "federation")
            .parse(sdl, name)
    };
    let bare = builder()
        .build()
        .unwrap_or_else(|invalid| panic!("{name}: {}", invalid.errors));
    let entities: Vec<String> = bare
        .types
        .iter()
        .filter(|(_, ty)| ty.is_object() && ty.directives().has("key"))
        .map(|(name, _)| name.to_string())
        .collect();
    let query = if bare.types.contains_key("Query") {
        "extend type Query"
    } else {
        "type Query"
    };
    let more = match entities.as_slice() {
        [] => format!("{query} {{ _service: String }}"),
        some => {
            let members = some.join(" | ");
            format!(
                "union _Entity = {members} {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}"
            )
        }
    };
    let schema = builder()
        .parse(more, "machinery")
        .build()
        .unwrap_or_else(|invalid| panic!("{name}: {}", invalid.errors));
    schema
        .validate()
        .unwrap_or_else(|invalid| panic!("{name}: {}", invalid.errors))
}

impl Graph {
    /// The plan, its documents checked.
    pub fn try_plan(&self, operation: &str, options: &PlanOptions) -> Result<QueryPlan, PlanError> {
        let api = self.supergraph.api_schema();
        let document = ExecutableDocument::parse_and_validate(api, operation, "operation.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
        let planned = plan(&self.supergraph, &document, None, options)?;
        self.check(&planned);
        Ok(planned)
    }

    /// The operation and its plan as text.
    pub fn plan_with(&self, operation: &str, options: &PlanOptions) -> String {
        let planned = self
            .try_plan(operation, options)
            .unwrap_or_else(|error| panic!("no plan: {error}"));
        format!("{}\n\n{planned}", operation.trim())
    }

    /// The same, when rules about who may see what don't matter.
    pub fn plan(&self, operation: &str) -> String {
        self.plan_with(operation, &unrestricted())
    }

    fn check(&self, planned: &QueryPlan) {
        for fetch in &planned.fetches {
            let (_, schema) = self
                .schemas
                .iter()
                .find(|(name, _)| *name == *fetch.subgraph)
                .unwrap_or_else(|| panic!("no subgraph {}", fetch.subgraph));
            if let Err(invalid) =
                ExecutableDocument::parse_and_validate(schema, &*fetch.document, "fetch.graphql")
            {
                panic!(
                    "{} would refuse {}\n{}\n{planned}",
                    fetch.subgraph, fetch.document, invalid.errors
                );
            }
        }
        let json = serde_json::to_string(planned).unwrap_or_else(|error| panic!("{error}"));
        let back: QueryPlan = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(&back, planned, "a plan survives being written as JSON");
    }
}

pub fn unrestricted() -> PlanOptions {
    PlanOptions {
        viewer: Viewer::Unrestricted,
        ..PlanOptions::default()
    }
}

/// Somebody signed in with these scopes.
pub fn signed_in(scopes: &[&str]) -> PlanOptions {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    PlanOptions {
        viewer: Viewer::SignedIn {
            scopes,
            policies: BTreeSet::new(),
        },
        ..PlanOptions::default()
    }
}
