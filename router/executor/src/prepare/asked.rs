//! Which keys a fetch asks for, read from its own document: when a fetch fails, the fields that are missing because of
//! it can be told from those that another failed fetch of the same object left missing.

use apollo_compiler::ast::{Definition, Document, Field, OperationDefinition, Selection};

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
        /// Fragments can't nest deeper than this in what a planner writes; a cycle would go on for ever.
        const MAX_DEPTH: usize = 64;
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
                    let definitions = self.0.iter().flat_map(|document| &document.definitions);
                    for definition in definitions {
                        if let Definition::FragmentDefinition(fragment) = definition
                            && fragment.name == spread.fragment_name
                        {
                            self.collect(&fragment.selection_set, depth + 1, fields);
                        }
                    }
                }
            }
        }
    }
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
