//! Which fields of the composed schema the journeys really got an answer for; null does not count.
//!
//! Under `LAVKA_COVERAGE=FOLDER` the schema's fields go to `FOLDER/fields` and those that were answered to `FOLDER/answered`,
//! a `Type.field` a line. `cargo xtask test` compares the two once all journeys have run.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::Value;

static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/api.graphql");
    let sdl = std::fs::read_to_string(file).expect("read schema/api.graphql");
    Schema::parse_and_validate(sdl, "schema/api.graphql").expect("schema/api.graphql is valid")
});

static ANSWERED: LazyLock<Mutex<Answered>> = LazyLock::new(|| Mutex::new(Answered::new()));

struct Answered {
    folder: Option<PathBuf>,
    fields: BTreeSet<String>,
}

impl Answered {
    fn new() -> Self {
        let folder = std::env::var_os("LAVKA_COVERAGE").map(PathBuf::from);
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).expect("make the folder of the coverage");
            std::fs::write(folder.join("fields"), all_fields().join("\n"))
                .expect("write the schema's fields");
            std::fs::write(folder.join("answered"), "").expect("write the answered fields");
        }
        Self {
            folder,
            fields: BTreeSet::new(),
        }
    }

    fn add(&mut self, field: String) {
        if !self.fields.insert(field.clone()) {
            return;
        }
        if let Some(folder) = &self.folder {
            let mut file = OpenOptions::new()
                .append(true)
                .open(folder.join("answered"))
                .expect("open the answered fields");
            writeln!(file, "{field}").expect("write an answered field");
        }
    }
}

/// Notes what an operation got an answer for. An operation that is not valid (journeys send such, too) notes nothing.
pub fn record(operation: &str, data: &Value) {
    let Ok(document) = ExecutableDocument::parse_and_validate(&SCHEMA, operation, "journey.graphql") else {
        return;
    };
    let mut found = Vec::new();
    for operation in document.operations.iter() {
        walk(&document, &operation.selection_set, data, &mut found);
    }
    let mut answered = ANSWERED.lock().expect("the answered fields");
    for field in found {
        answered.add(field);
    }
}

fn walk(document: &ExecutableDocument, selections: &SelectionSet, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| walk(document, selections, it, found)),
        Value::Object(object) => {
            for selection in &selections.selections {
                match selection {
                    Selection::Field(field) => {
                        let Some(value) = object
                            .get(field.response_key().as_str())
                            .filter(|it| !it.is_null())
                        else {
                            continue;
                        };
                        if !field.name.starts_with("__") {
                            found.push(format!("{}.{}", selections.ty, field.name));
                        }
                        walk(document, &field.selection_set, value, found);
                    }
                    Selection::InlineFragment(fragment) => {
                        walk(document, &fragment.selection_set, value, found)
                    }
                    Selection::FragmentSpread(spread) => {
                        if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                            walk(document, &fragment.selection_set, value, found);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

fn all_fields() -> Vec<String> {
    let mut fields = Vec::new();
    for (name, definition) in &SCHEMA.types {
        if let ExtendedType::Object(object) = definition
            && !name.starts_with("__")
        {
            fields.extend(object.fields.keys().map(|field| format!("{name}.{field}")));
        }
    }
    fields
}
