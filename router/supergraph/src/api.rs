//! The schema that clients see.

mod defer;

use apollo_compiler::ast;
use apollo_compiler::schema::{Component, DirectiveList, ExtendedType};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Name, Node, Schema};

use crate::read::Features;

/// Takes the machinery and everything inaccessible out.
///
/// # Errors
/// When what is left is not a valid schema (an accessible field of an inaccessible type, say).
pub(crate) fn schema(full: &Valid<Schema>, features: &Features) -> Result<Valid<Schema>, DiagnosticList> {
    let mut schema = Schema::clone(full);
    let hidden = |directives: &ast::DirectiveList| {
        features
            .inaccessible
            .as_ref()
            .is_some_and(|own| directives.has(own))
    };
    let hidden_type = |ty: &ExtendedType| {
        features
            .inaccessible
            .as_ref()
            .is_some_and(|own| ty.directives().has(own))
    };

    let gone: Vec<Name> = full
        .types
        .iter()
        .filter(|(name, ty)| !ty.is_built_in() && (features.is_machinery(name) || hidden_type(ty)))
        .map(|(name, _)| name.clone())
        .collect();
    schema.types.retain(|name, _| !gone.contains(name));
    schema.directive_definitions.retain(|name, definition| {
        definition.is_built_in()
            || is_standard_name(&definition.name)
            || (!features.is_machinery(name)
                && definition
                    .locations
                    .iter()
                    .any(|location| is_executable(*location)))
    });

    let defer = defer::definition();
    schema.directive_definitions.insert(defer.name.clone(), defer);

    schema.schema_definition.make_mut().directives.retain(is_standard);
    for ty in schema.types.values_mut().filter(|ty| !ty.is_built_in()) {
        match ty {
            ExtendedType::Scalar(scalar) => scalar.make_mut().directives.retain(is_standard),
            ExtendedType::Object(object) => {
                let object = object.make_mut();
                object.directives.retain(is_standard);
                object
                    .implements_interfaces
                    .retain(|interface| !gone.contains(&interface.name));
                strip_fields(&mut object.fields, hidden);
            }
            ExtendedType::Interface(interface) => {
                let interface = interface.make_mut();
                interface.directives.retain(is_standard);
                interface
                    .implements_interfaces
                    .retain(|interface| !gone.contains(&interface.name));
                strip_fields(&mut interface.fields, hidden);
            }
            ExtendedType::Union(union) => {
                let union = union.make_mut();
                union.directives.retain(is_standard);
                union.members.retain(|member| !gone.contains(&member.name));
            }
            ExtendedType::Enum(values) => {
                let values = values.make_mut();
                values.directives.retain(is_standard);
                values.values.retain(|_, value| !hidden(&value.directives));
                values
                    .values
                    .values_mut()
                    .for_each(|value| strip(&mut value.make_mut().directives));
            }
            ExtendedType::InputObject(input) => {
                let input = input.make_mut();
                input.directives.retain(is_standard);
                input.fields.retain(|_, field| !hidden(&field.directives));
                input
                    .fields
                    .values_mut()
                    .for_each(|field| strip(&mut field.make_mut().directives));
            }
        }
    }
    schema.validate().map_err(|invalid| invalid.errors)
}

fn strip_fields(
    fields: &mut apollo_compiler::collections::IndexMap<Name, Component<ast::FieldDefinition>>,
    hidden: impl Fn(&ast::DirectiveList) -> bool,
) {
    fields.retain(|_, field| !hidden(&field.directives));
    for field in fields.values_mut() {
        let field = field.make_mut();
        strip(&mut field.directives);
        field.arguments.retain(|argument| !hidden(&argument.directives));
        field
            .arguments
            .iter_mut()
            .for_each(|argument| strip(&mut argument.make_mut().directives));
    }
}

fn strip(directives: &mut ast::DirectiveList) {
    directives.0.retain(|directive| is_standard_name(&directive.name));
}

/// `retain` for a type's directives, which carry where they came from.
trait Retain {
    fn retain(&mut self, keep: impl Fn(&Node<ast::Directive>) -> bool);
}

impl Retain for DirectiveList {
    fn retain(&mut self, keep: impl Fn(&Node<ast::Directive>) -> bool) {
        self.0.retain(|directive| keep(&directive.node));
    }
}

fn is_standard(directive: &Node<ast::Directive>) -> bool {
    is_standard_name(&directive.name)
}

fn is_standard_name(name: &Name) -> bool {
    matches!(name.as_str(), "deprecated" | "specifiedBy" | "oneOf")
}

fn is_executable(location: ast::DirectiveLocation) -> bool {
    use ast::DirectiveLocation as L;
    matches!(
        location,
        L::Query
            | L::Mutation
            | L::Subscription
            | L::Field
            | L::FragmentDefinition
            | L::FragmentSpread
            | L::InlineFragment
            | L::VariableDefinition
    )
}
