//! Subgraphs that say less.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{Definition, Document, FieldDefinition};
use apollo_compiler::{Name, Node};

use super::Cursor;
use crate::random::Scenario;

/// The scenario with the n-th thing taken away from its subgraphs. Whether the rest composes is for the caller to see.
pub(super) fn edit(scenario: &Scenario, number: usize) -> Option<Scenario> {
    let mut cursor = Cursor(number);
    let mut smaller = scenario.clone();
    for name in scenario.subgraphs.keys() {
        if scenario.subgraphs.len() > 1 && cursor.hit() {
            smaller.subgraphs.remove(name);
            return Some(smaller);
        }
    }
    let mut documents: BTreeMap<&str, Document> = BTreeMap::new();
    for (name, sdl) in &scenario.subgraphs {
        documents.insert(name, Document::parse(sdl.as_str(), name).ok()?);
    }
    if !edit_all(&mut documents, &mut cursor) && !documents.values_mut().any(|one| edit_one(one, &mut cursor))
    {
        return None;
    }
    smaller.subgraphs = documents
        .iter()
        .map(|(name, document)| ((*name).to_owned(), document.to_string()))
        .collect();
    Some(smaller)
}

fn composites(documents: &BTreeMap<&str, Document>) -> BTreeSet<Name> {
    let definitions = documents.values().flat_map(|document| &document.definitions);
    definitions
        .filter_map(|definition| definition.name().cloned())
        .collect()
}

/// What goes everywhere at once: a type, a field.
fn edit_all(documents: &mut BTreeMap<&str, Document>, cursor: &mut Cursor) -> bool {
    let names = composites(documents);
    for name in &names {
        if cursor.hit() {
            for document in documents.values_mut() {
                document
                    .definitions
                    .retain(|definition| definition.name() != Some(name));
                for definition in &mut document.definitions {
                    forget(definition, name);
                }
            }
            return true;
        }
    }
    for name in &names {
        let mut fields = BTreeSet::new();
        for definition in documents
            .values_mut()
            .flat_map(|document| &mut document.definitions)
        {
            if definition.name() == Some(name) {
                let its = fields_of(definition).into_iter().flatten();
                fields.extend(its.map(|field| field.name.clone()));
            }
        }
        for field in fields {
            if cursor.hit() {
                for definition in documents
                    .values_mut()
                    .flat_map(|document| &mut document.definitions)
                {
                    if definition.name() == Some(name)
                        && let Some(fields) = fields_of(definition)
                    {
                        fields.retain(|own| own.name != field);
                    }
                }
                return true;
            }
        }
    }
    false
}

/// A type that is gone is no union's member and nobody's interface.
fn forget(definition: &mut Definition, name: &Name) {
    match definition {
        Definition::UnionTypeDefinition(union) => union.make_mut().members.retain(|member| member != name),
        Definition::ObjectTypeDefinition(object) => {
            object.make_mut().implements_interfaces.retain(|own| own != name);
        }
        _ => {}
    }
}

fn fields_of(definition: &mut Definition) -> Option<&mut Vec<Node<FieldDefinition>>> {
    match definition {
        Definition::ObjectTypeDefinition(object) => Some(&mut object.make_mut().fields),
        Definition::InterfaceTypeDefinition(interface) => Some(&mut interface.make_mut().fields),
        _ => None,
    }
}

/// What goes from one subgraph.
fn edit_one(document: &mut Document, cursor: &mut Cursor) -> bool {
    for at in 0..document.definitions.len() {
        if matches!(document.definitions[at], Definition::SchemaExtension(_)) {
            continue;
        }
        if cursor.hit() {
            document.definitions.remove(at);
            return true;
        }
        let definition = &mut document.definitions[at];
        let removed = match definition {
            Definition::ObjectTypeDefinition(object) => {
                let object = object.make_mut();
                remove_one(&mut object.implements_interfaces, cursor)
                    || remove_one(&mut object.directives.0, cursor)
            }
            Definition::InterfaceTypeDefinition(interface) => {
                remove_one(&mut interface.make_mut().directives.0, cursor)
            }
            Definition::UnionTypeDefinition(union) => remove_one(&mut union.make_mut().members, cursor),
            _ => false,
        };
        if removed {
            return true;
        }
        let Some(fields) = fields_of(definition) else {
            continue;
        };
        if remove_one(fields, cursor) {
            return true;
        }
        for field in fields {
            let field = field.make_mut();
            if remove_one(&mut field.directives.0, cursor) || remove_one(&mut field.arguments, cursor) {
                return true;
            }
        }
    }
    false
}

fn remove_one<T>(items: &mut Vec<T>, cursor: &mut Cursor) -> bool {
    for at in 0..items.len() {
        if cursor.hit() {
            items.remove(at);
            return true;
        }
    }
    false
}
