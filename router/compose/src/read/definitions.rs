//! The definitions that federation lets a subgraph leave out.

use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::schema::{
    Component, ComponentName, ComponentOrigin, ExtendedType, ObjectType, ScalarType,
};
use apollo_compiler::{Name, Node, Schema, ast};

use super::link::{Links, ONE};
use crate::model::Federation;

/// Federation's directives, and the minor version of Federation 2 that they came with. `$` stands before a scalar of federation's own.
const DIRECTIVES: &[(&str, u32, &str)] = &[
    (
        "key",
        0,
        "(fields: $FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE",
    ),
    ("requires", 0, "(fields: $FieldSet!) on FIELD_DEFINITION"),
    ("provides", 0, "(fields: $FieldSet!) on FIELD_DEFINITION"),
    ("external", 0, "(reason: String) on OBJECT | FIELD_DEFINITION"),
    ("extends", 0, " on OBJECT | INTERFACE"),
    ("shareable", 0, " repeatable on FIELD_DEFINITION | OBJECT"),
    (
        "override",
        0,
        "(from: String!, label: String) on FIELD_DEFINITION",
    ),
    ("interfaceObject", 3, " on OBJECT"),
    ("composeDirective", 1, "(name: String) repeatable on SCHEMA"),
    (
        "tag",
        0,
        "(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA",
    ),
    (
        "inaccessible",
        0,
        " on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION",
    ),
    (
        "authenticated",
        5,
        " on ENUM | FIELD_DEFINITION | INTERFACE | OBJECT | SCALAR",
    ),
    (
        "requiresScopes",
        5,
        "(scopes: [[$Scope!]!]!) on ENUM | FIELD_DEFINITION | INTERFACE | OBJECT | SCALAR",
    ),
    (
        "policy",
        6,
        "(policies: [[$Policy!]!]!) on ENUM | FIELD_DEFINITION | INTERFACE | OBJECT | SCALAR",
    ),
    (
        "context",
        8,
        "(name: String!) repeatable on INTERFACE | OBJECT | UNION",
    ),
    (
        "fromContext",
        8,
        "(field: $ContextFieldValue) on ARGUMENT_DEFINITION",
    ),
    (
        "cost",
        9,
        "(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR",
    ),
    (
        "listSize",
        9,
        "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION",
    ),
    (
        "cacheTag",
        12,
        "(format: String!) repeatable on OBJECT | FIELD_DEFINITION",
    ),
];

/// Whether federation has a directive of this name, in any version.
pub(super) fn exists(name: &str) -> bool {
    name == "link" || since(name).is_some()
}

/// The minor version of Federation 2 that a directive came with.
pub(super) fn since(name: &str) -> Option<u32> {
    let known = DIRECTIVES.iter().find(|(known, ..)| *known == name);
    known.map(|(_, since, _)| *since)
}

/// What follows a directive's name in its published definition.
pub(super) fn text_of(name: &str) -> Option<String> {
    let known = DIRECTIVES.iter().find(|(known, ..)| *known == name);
    known.map(|(.., rest)| rest.replace('$', "federation__"))
}

/// Adds what is missing: directives, their scalars, and a query root for a subgraph that has only entities.
pub(super) fn complete(schema: &mut Schema, links: &Links) {
    let mut text = String::new();
    for (name, since, rest) in DIRECTIVES {
        let local = links.local(name);
        let known = match links.federation {
            Federation::Two { minor } => *since <= minor,
            Federation::One => ONE.contains(name),
        } || links.is_imported(name);
        if known && !schema.directive_definitions.contains_key(local.as_str()) {
            text += &format!("directive @{local}{}\n", rest.replace('$', "federation__"));
        }
    }
    let link = &links.link;
    if !schema.directive_definitions.contains_key(link.as_str()) {
        text += &format!(
            "directive @{link}(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA\n"
        );
    }
    text += "directive @oneOf on INPUT_OBJECT\n";
    // The text is ours and its only variable parts are names that were parsed as names.
    if let Ok(document) = Document::parse(text, "federation.graphql") {
        for definition in document.definitions {
            if let Definition::DirectiveDefinition(directive) = definition {
                schema
                    .directive_definitions
                    .entry(directive.name.clone())
                    .or_insert(directive);
            }
        }
    }
    for name in ["FieldSet", "Scope", "Policy", "ContextFieldValue"] {
        scalar(schema, &format!("federation__{name}"));
    }
    scalar(schema, "link__Purpose");
    scalar(schema, "link__Import");
    query_root(schema);
}

fn scalar(schema: &mut Schema, name: &str) {
    let Ok(name) = Name::new(name) else { return };
    let scalar = ScalarType {
        description: None,
        name: name.clone(),
        directives: Default::default(),
    };
    schema
        .types
        .entry(name)
        .or_insert_with(|| ExtendedType::Scalar(Node::new(scalar)));
}

/// GraphQL wants a query root; federation's `_service` would be in it.
fn query_root(schema: &mut Schema) {
    let name = match &schema.schema_definition.query {
        Some(root) => root.name.clone(),
        None => apollo_compiler::name!("Query"),
    };
    let root = schema.types.entry(name.clone()).or_insert_with(|| {
        ExtendedType::Object(Node::new(ObjectType {
            description: None,
            name: name.clone(),
            implements_interfaces: Default::default(),
            directives: Default::default(),
            fields: Default::default(),
        }))
    });
    if let ExtendedType::Object(object) = root
        && object.fields.is_empty()
    {
        let field = ast::FieldDefinition {
            description: None,
            name: apollo_compiler::name!("_service"),
            arguments: Vec::new(),
            ty: ast::Type::Named(apollo_compiler::name!("String")),
            directives: Default::default(),
        };
        object
            .make_mut()
            .fields
            .insert(field.name.clone(), Component::new(field));
    }
    if schema.schema_definition.query.is_none() {
        let root = ComponentName {
            origin: ComponentOrigin::Definition,
            name,
        };
        schema.schema_definition.make_mut().query = Some(root);
    }
}
