//! `@oneOf`: GraphQL has it since 2025, so a document may use it without defining it. The library that checks documents doesn't have it yet.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema, name};

/// Defines `@oneOf` in a schema that uses it and doesn't define it.
pub fn define_one_of(schema: &mut Schema) {
    let used = schema
        .types
        .values()
        .any(|ty| matches!(ty, ExtendedType::InputObject(input) if input.directives.has("oneOf")));
    if used {
        let definition = DirectiveDefinition {
            description: None,
            name: name!("oneOf"),
            arguments: Vec::new(),
            repeatable: false,
            locations: vec![DirectiveLocation::InputObject],
        };
        schema
            .directive_definitions
            .entry(definition.name.clone())
            .or_insert_with(|| Node::new(definition));
    }
}
