//! The specifications that a supergraph is written in, and their definitions.

use std::collections::BTreeMap;

use apollo_compiler::ast::{
    Definition, Directive, DirectiveList, Document, EnumTypeDefinition, EnumValueDefinition, OperationType,
    SchemaDefinition, Value,
};
use apollo_compiler::{Name, Node, name};

use super::joins::{directive, enum_value, list, string};
use crate::merged::{Merged, MergedShape};
use crate::model::{Marks, Origin};

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
        link("https://specs.apollo.dev/link/v1.0", None, None, vec![]),
        link(
            "https://specs.apollo.dev/join/v0.5",
            None,
            Some("EXECUTION"),
            vec![],
        ),
    ];
    for feature in used(merged) {
        let url = format!("https://specs.apollo.dev/{}", feature.version);
        let imports: &[&str] = if feature.version.starts_with("cost") {
            &["@cost", "@listSize"]
        } else {
            &[]
        };
        let imports = imports.iter().map(|name| string(name)).collect();
        links.push(link(&url, None, feature.purpose, imports));
    }
    links.extend(composed_links(merged));
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

/// A link for each specification that composed directives are of, to its newest version.
fn composed_links(merged: &Merged) -> Vec<Node<Directive>> {
    let mut by_identity: BTreeMap<&str, Vec<(&Name, &Origin)>> = BTreeMap::new();
    for (name, composed) in &merged.composed {
        let of_identity = by_identity.entry(&composed.origin.identity).or_default();
        of_identity.push((name, &composed.origin));
    }
    let of_one = |directives: Vec<(&Name, &Origin)>| {
        let newest = directives.iter().max_by_key(|(_, origin)| origin.version);
        let url = newest.map(|(_, origin)| origin.url.as_str()).unwrap_or_default();
        // One prefix can be kept; what has another one is imported by its whole name.
        let prefix = directives.iter().find_map(|(_, origin)| {
            let namespace = origin.namespace.as_ref()?;
            Some((namespace, origin.is_renamed_namespace))
        });
        let is_prefixed = |origin: &Origin| {
            origin.namespace.is_some() && origin.namespace.as_ref() == prefix.map(|(name, _)| name)
        };
        let imports = directives
            .iter()
            .filter(|(_, origin)| !is_prefixed(origin))
            .map(|(name, origin)| import(name, &origin.published));
        let alias = prefix
            .filter(|(_, is_renamed)| *is_renamed)
            .map(|(name, _)| name.as_str());
        link(url, alias, None, imports.collect())
    };
    by_identity.into_values().map(of_one).collect()
}

/// `"@name"`, or `{ name: "@name", as: "@local" }`.
fn import(local: &Name, published: &str) -> Node<Value> {
    let (local_text, published_text) = (format!("@{local}"), format!("@{published}"));
    if local == published {
        return string(&local_text);
    }
    Node::new(Value::Object(vec![
        (name!("name"), string(&published_text)),
        (name!("as"), string(&local_text)),
    ]))
}

fn link(url: &str, alias: Option<&str>, purpose: Option<&str>, imports: Vec<Node<Value>>) -> Node<Directive> {
    let purpose = purpose.and_then(|purpose| Name::new(purpose).ok());
    let imports = (!imports.is_empty()).then(|| list(imports));
    let arguments = [
        Some((name!("url"), string(url))),
        alias.map(|alias| (name!("as"), string(alias))),
        purpose.map(|purpose| (name!("for"), enum_value(&purpose))),
        imports.map(|imports| (name!("import"), imports)),
    ];
    directive(name!("link"), arguments.into_iter().flatten())
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
