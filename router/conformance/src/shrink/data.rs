//! Less data. Keys stay, and so does what may not be null: without them the router would rightly answer something else than one server.

use std::collections::{HashMap, HashSet};

use apollo_compiler::ast::{Definition, Document};
use serde_json::Value as Json;

use super::Cursor;
use crate::random::Scenario;

/// The scenario with the n-th thing taken away from its world.
pub(super) fn edit(scenario: &Scenario, number: usize) -> Option<Scenario> {
    let declared = Declared::read(scenario);
    let mut cursor = Cursor(number);
    let mut smaller = scenario.clone();
    let world = smaller.world.as_object_mut()?;
    let names: Vec<String> = world.keys().cloned().collect();
    let text = scenario.world.to_string();
    for name in names {
        if !declared.types.contains(&name) {
            if cursor.hit() {
                world.remove(&name);
                return Some(smaller);
            }
            continue;
        }
        let edited = match world.get_mut(&name) {
            Some(Json::Array(objects)) => {
                let free = objects.iter().position(|object| {
                    let label = object["@"].as_str().unwrap_or_default();
                    !text.contains(&format!("\"@{label}\"")) && cursor.hit()
                });
                match free {
                    Some(at) => {
                        objects.remove(at);
                        true
                    }
                    None => objects
                        .iter_mut()
                        .any(|object| edit_object(&declared, &name, object, &mut cursor)),
                }
            }
            Some(object) => edit_object(&declared, &name, object, &mut cursor),
            None => false,
        };
        if edited {
            return Some(smaller);
        }
    }
    None
}

fn edit_object(declared: &Declared, ty: &str, object: &mut Json, cursor: &mut Cursor) -> bool {
    let Some(fields) = object.as_object_mut() else {
        return false;
    };
    let names: Vec<String> = fields.keys().cloned().collect();
    for name in names {
        if name == "@" || name == "__typename" {
            continue;
        }
        let is_unknown = !declared.fields.contains(&name);
        let may_go = is_unknown || declared.may_be_null(ty, &name);
        if may_go && cursor.hit() {
            fields.remove(&name);
            return true;
        }
        if let Some(Json::Array(items)) = fields.get_mut(&name) {
            for at in 0..items.len() {
                if cursor.hit() {
                    items.remove(at);
                    return true;
                }
            }
        }
    }
    false
}

struct Declared {
    types: HashSet<String>,
    fields: HashSet<String>,
    /// By type and field: whether it may be null everywhere.
    nullable: HashMap<(String, String), bool>,
    keys: HashSet<String>,
}

impl Declared {
    fn read(scenario: &Scenario) -> Self {
        let mut declared = Self {
            types: HashSet::new(),
            fields: HashSet::new(),
            nullable: HashMap::new(),
            keys: HashSet::new(),
        };
        for (name, sdl) in &scenario.subgraphs {
            let Ok(document) = Document::parse(sdl.as_str(), name) else {
                continue;
            };
            for definition in &document.definitions {
                let (fields, directives) = match definition {
                    Definition::ObjectTypeDefinition(object) => (&object.fields, &object.directives),
                    Definition::InterfaceTypeDefinition(interface) => {
                        (&interface.fields, &interface.directives)
                    }
                    _ => continue,
                };
                let ty = definition.name().map(ToString::to_string).unwrap_or_default();
                for field in fields {
                    let nullable = declared
                        .nullable
                        .entry((ty.clone(), field.name.to_string()))
                        .or_insert(true);
                    *nullable &= !field.ty.is_non_null();
                    declared.fields.insert(field.name.to_string());
                }
                for directive in directives.iter().filter(|directive| directive.name == "key") {
                    let set = directive.specified_argument_by_name("fields");
                    let set = set.and_then(|value| value.as_str()).unwrap_or_default();
                    let names = set.split(|c: char| !c.is_alphanumeric() && c != '_');
                    declared.keys.extend(names.map(str::to_owned));
                }
                declared.types.insert(ty);
            }
        }
        declared
    }

    fn may_be_null(&self, ty: &str, field: &str) -> bool {
        let nullable = self.nullable.get(&(ty.to_owned(), field.to_owned()));
        !self.keys.contains(field) && nullable.copied().unwrap_or(false)
    }
}
