//! The specifications that a supergraph is written in, and their definitions.

use apollo_compiler::ast::{
    Definition, Directive, DirectiveList, Document, EnumTypeDefinition, EnumValueDefinition, OperationType,
    SchemaDefinition,
};
use apollo_compiler::{Name, Node, name};

use super::joins::{directive, enum_value, list, string};
use crate::merged::{Merged, MergedShape};
use crate::model::Marks;

/// What every supergraph needs. The values of `join__Graph` are added.
const JOIN: &str = "
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
scalar join__DirectiveArguments
scalar join__FieldSet
scalar join__FieldValue
scalar link__Import
enum link__Purpose {
  \"What this feature says guards data: who doesn't understand it must not serve the schema.\"
  SECURITY
  \"What this feature says is needed to answer operations.\"
  EXECUTION
}
";

/// A specification that is linked only where it is used.
struct Feature {
    version: &'static str,
    purpose: Option<&'static str>,
    used: fn(&Marks) -> bool,
    definitions: &'static str,
}

const FEATURES: &[Feature] = &[
    Feature {
        version: "inaccessible/v0.2",
        purpose: Some("SECURITY"),
        used: |marks| marks.inaccessible,
        definitions: "directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION",
    },
    Feature {
        version: "tag/v0.3",
        purpose: None,
        used: |marks| !marks.tags.is_empty(),
        definitions: "directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA",
    },
    Feature {
        version: "authenticated/v0.1",
        purpose: Some("SECURITY"),
        used: |marks| marks.authenticated,
        definitions: "directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM",
    },
    Feature {
        version: "requiresScopes/v0.1",
        purpose: Some("SECURITY"),
        used: |marks| marks.scopes.is_some(),
        definitions: "directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
scalar requiresScopes__Scope",
    },
    Feature {
        version: "policy/v0.1",
        purpose: Some("SECURITY"),
        used: |marks| marks.policies.is_some(),
        definitions: "directive @policy(policies: [[policy__Policy!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
scalar policy__Policy",
    },
    Feature {
        version: "cost/v0.1",
        purpose: None,
        used: |marks| marks.cost.is_some() || marks.list_size.is_some(),
        definitions: "directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    },
];

const CONTEXT: Feature = Feature {
    version: "context/v0.1",
    purpose: Some("SECURITY"),
    used: |_| false,
    definitions: "directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION
scalar context__ContextFieldValue",
};

/// A directive that GraphQL has since 2025 and older readers want defined.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT";

/// `schema @link(…) { query: Query … }`.
pub(super) fn schema(merged: &Merged) -> Definition {
    let mut links = vec![
        link("https://specs.apollo.dev/link/v1.0", None, &[]),
        link("https://specs.apollo.dev/join/v0.5", Some("EXECUTION"), &[]),
    ];
    for feature in used(merged) {
        let url = format!("https://specs.apollo.dev/{}", feature.version);
        let imports: &[&str] = if feature.version.starts_with("cost") {
            &["@cost", "@listSize"]
        } else {
            &[]
        };
        links.push(link(&url, feature.purpose, imports));
    }
    let mut urls: Vec<&str> = merged
        .composed
        .values()
        .map(|composed| composed.url.as_str())
        .collect();
    urls.sort_unstable();
    urls.dedup();
    for url in urls {
        let of_url = merged.composed.iter().filter(|(_, composed)| composed.url == url);
        let imports: Vec<String> = of_url.map(|(name, _)| format!("@{name}")).collect();
        let imports: Vec<&str> = imports.iter().map(String::as_str).collect();
        links.push(link(url, None, &imports));
    }
    let roots = [
        (OperationType::Query, name!("Query")),
        (OperationType::Mutation, name!("Mutation")),
        (OperationType::Subscription, name!("Subscription")),
    ];
    let root_operations = roots
        .into_iter()
        .filter(|(_, name)| merged.types.contains_key(name))
        .map(Node::new)
        .collect();
    Definition::SchemaDefinition(Node::new(SchemaDefinition {
        description: None,
        directives: DirectiveList(links),
        root_operations,
    }))
}

/// The definitions of all that the supergraph is written with.
pub(super) fn definitions(merged: &Merged) -> Vec<Definition> {
    let mut text = JOIN.to_owned();
    for feature in used(merged) {
        text.push_str(feature.definitions);
        text.push('\n');
    }
    if any_marks(merged, |marks| marks.one_of) {
        text.push_str(ONE_OF);
    }
    let mut definitions = match Document::parse(text, "features.graphql") {
        Ok(document) => document.definitions,
        Err(partial) => partial.partial.definitions,
    };
    definitions.push(Definition::EnumTypeDefinition(Node::new(EnumTypeDefinition {
        description: None,
        name: name!("join__Graph"),
        directives: DirectiveList::default(),
        values: merged
            .graphs
            .iter()
            .map(|graph| Node::new(graph_value(graph)))
            .collect(),
    })));
    let kept = merged.executable_directives.values().cloned();
    definitions.extend(kept.map(Definition::DirectiveDefinition));
    definitions.extend(
        merged
            .composed
            .values()
            .map(|composed| Definition::DirectiveDefinition(composed.definition.clone())),
    );
    let order = |definition: &Definition| {
        (
            !matches!(definition, Definition::DirectiveDefinition(_)),
            definition.name().cloned(),
        )
    };
    definitions.sort_by_key(order);
    definitions
}

fn graph_value(graph: &crate::merged::GraphModel) -> EnumValueDefinition {
    let url = graph.url.as_deref().unwrap_or_default();
    let place = directive(
        name!("join__graph"),
        [(name!("name"), string(&graph.name)), (name!("url"), string(url))],
    );
    EnumValueDefinition {
        description: None,
        value: graph.value.clone(),
        directives: DirectiveList(vec![place]),
    }
}

fn link(url: &str, purpose: Option<&str>, imports: &[&str]) -> Node<Directive> {
    let purpose = purpose.and_then(|purpose| Name::new(purpose).ok());
    let imports = (!imports.is_empty()).then(|| list(imports.iter().map(|name| string(name))));
    let arguments = [Some((name!("url"), string(url)))]
        .into_iter()
        .chain([purpose.map(|purpose| (name!("for"), enum_value(&purpose)))])
        .chain([imports.map(|imports| (name!("import"), imports))]);
    directive(name!("link"), arguments.flatten())
}

fn used(merged: &Merged) -> impl Iterator<Item = &'static Feature> {
    let contexts = merged.types.values().any(|ty| !ty.contexts.is_empty());
    let marked = FEATURES.iter().filter(|feature| any_marks(merged, feature.used));
    marked.chain(contexts.then_some(&CONTEXT))
}

/// Whether any element of the supergraph is marked so.
fn any_marks(merged: &Merged, is_marked: impl Fn(&Marks) -> bool) -> bool {
    merged.types.values().any(|ty| {
        is_marked(&ty.marks)
            || match &ty.shape {
                MergedShape::Scalar | MergedShape::Union(_) => false,
                MergedShape::Object(composite) | MergedShape::Interface(composite) => {
                    composite.fields.values().any(|field| {
                        is_marked(&field.marks) || field.arguments.iter().any(|one| is_marked(&one.marks))
                    })
                }
                MergedShape::Enum(values) => values.values().any(|value| is_marked(&value.marks)),
                MergedShape::Input(fields) => fields.values().any(|field| is_marked(&field.value.marks)),
            }
    })
}
