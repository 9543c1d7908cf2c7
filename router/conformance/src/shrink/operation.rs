//! Smaller operations.

use std::collections::BTreeSet;

use apollo_compiler::ast::{
    Argument, Definition, DirectiveList, Document, FragmentDefinition, InlineFragment, Selection, Value,
};
use apollo_compiler::{Name, Node};

use super::Cursor;
use crate::random::Scenario;

/// The scenario with the n-th thing taken away from what is asked.
pub(super) fn edit(scenario: &Scenario, number: usize) -> Option<Scenario> {
    let mut document = Document::parse(scenario.operation.as_str(), "operation.graphql").ok()?;
    let fragments: Vec<Node<FragmentDefinition>> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) => Some(fragment.clone()),
            _ => None,
        })
        .collect();
    let mut cursor = Cursor(number);
    let edited = document
        .definitions
        .iter_mut()
        .any(|definition| match definition {
            Definition::OperationDefinition(operation) => {
                edit_set(&mut operation.make_mut().selection_set, &fragments, &mut cursor)
            }
            Definition::FragmentDefinition(fragment) => {
                edit_set(&mut fragment.make_mut().selection_set, &fragments, &mut cursor)
            }
            _ => false,
        });
    if !edited {
        return None;
    }
    let mut smaller = scenario.clone();
    clean(&mut document, &mut smaller);
    smaller.operation = document.to_string();
    Some(smaller)
}

fn edit_set(set: &mut Vec<Selection>, fragments: &[Node<FragmentDefinition>], cursor: &mut Cursor) -> bool {
    for at in 0..set.len() {
        if set.len() > 1 && cursor.hit() {
            set.remove(at);
            return true;
        }
        let replaced = match &mut set[at] {
            Selection::Field(field) => {
                if !field.directives.is_empty() && cursor.hit() {
                    field.make_mut().directives = DirectiveList::new();
                    return true;
                }
                if field.alias.is_some() && cursor.hit() {
                    field.make_mut().alias = None;
                    return true;
                }
                if !field.arguments.is_empty() && cursor.hit() {
                    field.make_mut().arguments.clear();
                    return true;
                }
                if !field.selection_set.is_empty()
                    && edit_set(&mut field.make_mut().selection_set, fragments, cursor)
                {
                    return true;
                }
                continue;
            }
            Selection::InlineFragment(fragment) => {
                if cursor.hit() {
                    fragment.selection_set.clone()
                } else {
                    if !fragment.directives.is_empty() && cursor.hit() {
                        fragment.make_mut().directives = DirectiveList::new();
                        return true;
                    }
                    if edit_set(&mut fragment.make_mut().selection_set, fragments, cursor) {
                        return true;
                    }
                    continue;
                }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = fragments
                    .iter()
                    .find(|fragment| fragment.name == spread.fragment_name);
                match fragment {
                    Some(fragment) if cursor.hit() => {
                        vec![Selection::InlineFragment(Node::new(InlineFragment {
                            type_condition: Some(fragment.type_condition.clone()),
                            directives: spread.directives.clone(),
                            selection_set: fragment.selection_set.clone(),
                        }))]
                    }
                    _ => continue,
                }
            }
        };
        set.splice(at..=at, replaced);
        return true;
    }
    false
}

/// Drops fragments and variables that are not used any more.
fn clean(document: &mut Document, scenario: &mut Scenario) {
    loop {
        let mut spread = BTreeSet::new();
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) => spreads(&operation.selection_set, &mut spread),
                Definition::FragmentDefinition(fragment) => spreads(&fragment.selection_set, &mut spread),
                _ => {}
            }
        }
        let before = document.definitions.len();
        document.definitions.retain(|definition| match definition {
            Definition::FragmentDefinition(fragment) => spread.contains(&fragment.name),
            _ => true,
        });
        if document.definitions.len() == before {
            break;
        }
    }
    let mut used = BTreeSet::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => variables(&operation.selection_set, &mut used),
            Definition::FragmentDefinition(fragment) => variables(&fragment.selection_set, &mut used),
            _ => {}
        }
    }
    for definition in &mut document.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            let operation = operation.make_mut();
            operation
                .variables
                .retain(|variable| used.contains(&variable.name));
        }
    }
    if let Some(values) = scenario.variables.as_object_mut() {
        values.retain(|name, _| used.iter().any(|used| used == name.as_str()));
    }
}

fn spreads(set: &[Selection], found: &mut BTreeSet<Name>) {
    for selection in set {
        match selection {
            Selection::Field(field) => spreads(&field.selection_set, found),
            Selection::InlineFragment(fragment) => spreads(&fragment.selection_set, found),
            Selection::FragmentSpread(spread) => {
                found.insert(spread.fragment_name.clone());
            }
        }
    }
}

fn variables(set: &[Selection], found: &mut BTreeSet<Name>) {
    for selection in set {
        let (directives, inner) = match selection {
            Selection::Field(field) => {
                in_arguments(&field.arguments, found);
                (&field.directives, field.selection_set.as_slice())
            }
            Selection::InlineFragment(fragment) => (&fragment.directives, fragment.selection_set.as_slice()),
            Selection::FragmentSpread(spread) => (&spread.directives, [].as_slice()),
        };
        for directive in directives.iter() {
            in_arguments(&directive.arguments, found);
        }
        variables(inner, found);
    }
}

fn in_arguments(arguments: &[Node<Argument>], found: &mut BTreeSet<Name>) {
    for argument in arguments {
        in_value(&argument.value, found);
    }
}

fn in_value(value: &Value, found: &mut BTreeSet<Name>) {
    match value {
        Value::Variable(name) => {
            found.insert(name.clone());
        }
        Value::List(items) => items.iter().for_each(|item| in_value(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(_, value)| in_value(value, found)),
        _ => {}
    }
}
