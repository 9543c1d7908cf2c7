//! Types as definitions.

use apollo_compiler::ast::{
    Definition, Directive, DirectiveList, EnumTypeDefinition, EnumValueDefinition, FieldDefinition,
    InputObjectTypeDefinition, InputValueDefinition, InterfaceTypeDefinition, ObjectTypeDefinition,
    ScalarTypeDefinition, UnionTypeDefinition,
};
use apollo_compiler::{Node, name};

use super::joins::{directive, string};
use super::marks;
use crate::merged::{Merged, MergedComposite, MergedField, MergedInput, MergedShape, MergedType};

pub(super) fn definition(merged: &Merged, ty: &MergedType) -> Definition {
    let (description, name) = (ty.description.clone(), ty.name.clone());
    let mut directives: Vec<Node<Directive>> = ty.joins.iter().map(|join| merged.join_type(join)).collect();
    let contexts = ty.contexts.iter();
    directives
        .extend(contexts.map(|context| directive(name!("context"), [(name!("name"), string(context))])));
    let said = marks::directives(&ty.marks);
    match &ty.shape {
        MergedShape::Scalar => {
            directives.extend(said);
            let directives = DirectiveList(directives);
            Definition::ScalarTypeDefinition(Node::new(ScalarTypeDefinition {
                description,
                name,
                directives,
            }))
        }
        MergedShape::Object(composite) => {
            directives.extend(implements(merged, composite));
            directives.extend(said);
            Definition::ObjectTypeDefinition(Node::new(ObjectTypeDefinition {
                description,
                name,
                implements_interfaces: composite.implements.keys().cloned().collect(),
                directives: DirectiveList(directives),
                fields: fields(merged, composite),
            }))
        }
        MergedShape::Interface(composite) => {
            directives.extend(implements(merged, composite));
            directives.extend(said);
            Definition::InterfaceTypeDefinition(Node::new(InterfaceTypeDefinition {
                description,
                name,
                implements_interfaces: composite.implements.keys().cloned().collect(),
                directives: DirectiveList(directives),
                fields: fields(merged, composite),
            }))
        }
        MergedShape::Union(members) => {
            for (member, graphs) in members {
                directives.extend(graphs.iter().map(|graph| merged.join_member(*graph, member)));
            }
            directives.extend(said);
            Definition::UnionTypeDefinition(Node::new(UnionTypeDefinition {
                description,
                name,
                directives: DirectiveList(directives),
                members: members.keys().cloned().collect(),
            }))
        }
        MergedShape::Enum(values) => {
            directives.extend(said);
            let values = values.iter().map(|(name, value)| {
                let mut directives: Vec<_> = value
                    .graphs
                    .iter()
                    .map(|graph| merged.join_enum_value(*graph))
                    .collect();
                directives.extend(marks::directives(&value.marks));
                Node::new(EnumValueDefinition {
                    description: value.description.clone(),
                    value: name.clone(),
                    directives: DirectiveList(directives),
                })
            });
            Definition::EnumTypeDefinition(Node::new(EnumTypeDefinition {
                description,
                name,
                directives: DirectiveList(directives),
                values: values.collect(),
            }))
        }
        MergedShape::Input(fields) => {
            directives.extend(said);
            let fields = fields.values().map(|field| {
                let joins = field.joins.iter().map(|join| merged.join_field(join)).collect();
                input_value(&field.value, joins)
            });
            Definition::InputObjectTypeDefinition(Node::new(InputObjectTypeDefinition {
                description,
                name,
                directives: DirectiveList(directives),
                fields: fields.collect(),
            }))
        }
    }
}

fn implements<'a>(
    merged: &'a Merged,
    composite: &'a MergedComposite,
) -> impl Iterator<Item = Node<Directive>> + 'a {
    composite.implements.iter().flat_map(|(interface, graphs)| {
        graphs
            .iter()
            .map(|graph| merged.join_implements(*graph, interface))
    })
}

fn fields(merged: &Merged, composite: &MergedComposite) -> Vec<Node<FieldDefinition>> {
    composite.fields.values().map(|one| field(merged, one)).collect()
}

fn field(merged: &Merged, field: &MergedField) -> Node<FieldDefinition> {
    let mut directives: Vec<_> = field.joins.iter().map(|join| merged.join_field(join)).collect();
    directives.extend(marks::directives(&field.marks));
    Node::new(FieldDefinition {
        description: field.description.clone(),
        name: field.name.clone(),
        arguments: field
            .arguments
            .iter()
            .map(|argument| input_value(argument, Vec::new()))
            .collect(),
        ty: field.ty.clone(),
        directives: DirectiveList(directives),
    })
}

fn input_value(value: &MergedInput, mut directives: Vec<Node<Directive>>) -> Node<InputValueDefinition> {
    directives.extend(marks::directives(&value.marks));
    Node::new(InputValueDefinition {
        description: value.description.clone(),
        name: value.name.clone(),
        ty: Node::new(value.ty.clone()),
        default_value: value.default.clone(),
        directives: DirectiveList(directives),
    })
}
