//! Which keys a fetch asks for, read from its own document: when a fetch fails, the fields that are missing because of
//! it can be told from those that another failed fetch of the same object left missing; and what a subgraph has left out of its answer can be told from
//! what nobody asked it for.

use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, OperationDefinition, Selection};

use crate::arena::{Key, Keys};

/// Fragments can't nest deeper than this in what a planner writes; a cycle would go on for ever.
const MAX_DEPTH: usize = 64;

/// What an answer must have, whatever the variables are. Fields under conditions, and those of a type that may be abstract, aren't here.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) fields: Vec<(Key, Wanted)>,
    /// What objects with this `__typename` must have besides.
    pub(crate) of_types: Vec<(String, Wanted)>,
}

/// The document of a fetch. One that can't be read asks for nothing that we know of.
pub(super) struct Asked(Option<Document>);

impl Asked {
    pub(super) fn read(document: &str) -> Self {
        Self(Document::parse(document, "fetch.graphql").ok())
    }

    /// The response keys at the root.
    pub(super) fn at_root(&self) -> Vec<&str> {
        self.root_fields().into_iter().map(response_key).collect()
    }

    /// The response keys below the root field with this response key.
    pub(super) fn under(&self, alias: &str) -> Vec<&str> {
        let mut below = Vec::new();
        for field in self.root_fields() {
            if response_key(field) == alias {
                self.collect(&field.selection_set, 0, &mut below);
            }
        }
        below.into_iter().map(response_key).collect()
    }

    /// All that an answer must have.
    pub(super) fn wanted(&self, keys: &Keys) -> Wanted {
        let mut wanted = Wanted::default();
        if let Some(operation) = self.operation() {
            self.want(&operation.selection_set, keys, 0, &mut wanted);
        }
        wanted
    }

    fn want(&self, selections: &[Selection], keys: &Keys, depth: usize, wanted: &mut Wanted) {
        if depth > MAX_DEPTH {
            return;
        }
        for selection in selections.iter().filter(|it| is_unconditional(it)) {
            let (condition, below) = match selection {
                Selection::Field(field) => {
                    // A key without a number is read by nobody.
                    if let Some(key) = keys.find(response_key(field)) {
                        let mut below = Wanted::default();
                        self.want(&field.selection_set, keys, depth + 1, &mut below);
                        wanted.fields.push((key, below));
                    }
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.type_condition.as_deref(), &fragment.selection_set)
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragment(&spread.fragment_name) else {
                        continue;
                    };
                    (Some(&*fragment.type_condition), &fragment.selection_set)
                }
            };
            match condition {
                None => self.want(below, keys, depth + 1, wanted),
                Some(name) => {
                    let mut of_type = Wanted::default();
                    self.want(below, keys, depth + 1, &mut of_type);
                    wanted.of_types.push((name.to_owned(), of_type));
                }
            }
        }
    }

    fn fragment(&self, name: &str) -> Option<&FragmentDefinition> {
        let definitions = self.0.iter().flat_map(|document| &document.definitions);
        definitions
            .filter_map(|definition| match definition {
                Definition::FragmentDefinition(fragment) => Some(&**fragment),
                _ => None,
            })
            .find(|fragment| fragment.name == name)
    }

    fn root_fields(&self) -> Vec<&Field> {
        let mut fields = Vec::new();
        if let Some(operation) = self.operation() {
            self.collect(&operation.selection_set, 0, &mut fields);
        }
        fields
    }

    fn operation(&self) -> Option<&OperationDefinition> {
        self.0
            .as_ref()?
            .definitions
            .iter()
            .find_map(|definition| match definition {
                Definition::OperationDefinition(operation) => Some(&**operation),
                _ => None,
            })
    }

    fn collect<'d>(&'d self, selections: &'d [Selection], depth: usize, fields: &mut Vec<&'d Field>) {
        if depth > MAX_DEPTH {
            return;
        }
        for selection in selections {
            match selection {
                Selection::Field(field) => fields.push(field),
                Selection::InlineFragment(fragment) => {
                    self.collect(&fragment.selection_set, depth + 1, fields)
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.fragment(&spread.fragment_name) {
                        self.collect(&fragment.selection_set, depth + 1, fields);
                    }
                }
            }
        }
    }
}

fn is_unconditional(selection: &Selection) -> bool {
    let directives = match selection {
        Selection::Field(field) => &field.directives,
        Selection::InlineFragment(fragment) => &fragment.directives,
        Selection::FragmentSpread(spread) => &spread.directives,
    };
    directives.is_empty()
}

fn response_key(field: &Field) -> &str {
    field.alias.as_ref().unwrap_or(&field.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_and_fragments_are_followed() {
        let asked = Asked::read(
            "query($r0:[_Any!]!){_e0:_entities(representations:$r0){...on A{x:y(a:\"}\"){z}...F}...on B{b}}c}fragment F on A{f}",
        );
        assert_eq!(asked.at_root(), ["_e0", "c"]);
        assert_eq!(asked.under("_e0"), ["x", "f", "b"]);
        assert_eq!(asked.under("_e1"), [""; 0]);
    }
}
