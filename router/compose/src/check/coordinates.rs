//! From a line and column of the printed supergraph back to the schema coordinate of what stands there.

use apollo_compiler::ast::{Definition, Document, FieldDefinition, InputValueDefinition};
use apollo_compiler::{Name, Node};

/// A document, to be asked for what stands where.
pub(super) struct Coordinates<'s>(Document, &'s str);

impl<'s> Coordinates<'s> {
    pub fn of(sdl: &'s str) -> Self {
        let document = match Document::parse(sdl, "supergraph.graphql") {
            Ok(document) => document,
            Err(partial) => partial.partial,
        };
        Self(document, sdl)
    }

    /// The innermost element: `Type`, `Type.field`, `Type.field(argument:)` or `@directive`.
    pub fn at(&self, (line, column): (usize, usize)) -> Option<String> {
        let before: usize = self
            .1
            .split_inclusive('\n')
            .take(line.saturating_sub(1))
            .map(str::len)
            .sum();
        let of_line = self.1.get(before..)?;
        let (within, _) = of_line.char_indices().nth(column.saturating_sub(1))?;
        let position = before + within;
        self.0.definitions.iter().find_map(|definition| match definition {
            Definition::ObjectTypeDefinition(ty) => among(&ty.name, ty, position, |name| {
                in_fields(name, &ty.fields, position)
            }),
            Definition::InterfaceTypeDefinition(ty) => among(&ty.name, ty, position, |name| {
                in_fields(name, &ty.fields, position)
            }),
            Definition::InputObjectTypeDefinition(ty) => among(&ty.name, ty, position, |name| {
                in_values(&ty.fields, position, |field| format!("{name}.{field}"))
            }),
            Definition::EnumTypeDefinition(ty) => among(&ty.name, ty, position, |name| {
                let value = ty.values.iter().find(|value| covers(value, position))?;
                Some(format!("{name}.{}", value.value))
            }),
            Definition::UnionTypeDefinition(ty) => among(&ty.name, ty, position, |_| None),
            Definition::ScalarTypeDefinition(ty) => among(&ty.name, ty, position, |_| None),
            Definition::DirectiveDefinition(directive) => {
                let covered = covers(directive, position);
                covered.then(|| format!("@{}", directive.name))
            }
            _ => None,
        })
    }
}

fn among<T>(
    name: &Name,
    definition: &Node<T>,
    position: usize,
    within: impl FnOnce(&Name) -> Option<String>,
) -> Option<String> {
    let covered = covers(definition, position);
    covered.then(|| within(name).unwrap_or_else(|| name.to_string()))
}

fn in_fields(ty: &Name, fields: &[Node<FieldDefinition>], position: usize) -> Option<String> {
    let field = fields.iter().find(|field| covers(field, position))?;
    let coordinate = format!("{ty}.{}", field.name);
    let argument = in_values(&field.arguments, position, |argument| {
        format!("{coordinate}({argument}:)")
    });
    Some(argument.unwrap_or(coordinate))
}

fn in_values(
    values: &[Node<InputValueDefinition>],
    position: usize,
    coordinate: impl Fn(&Name) -> String,
) -> Option<String> {
    let value = values.iter().find(|value| covers(value, position))?;
    Some(coordinate(&value.name))
}

fn covers<T>(node: &Node<T>, position: usize) -> bool {
    node.location()
        .is_some_and(|span| (span.offset()..span.end_offset()).contains(&position))
}
