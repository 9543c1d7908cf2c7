//! `@inaccessible`: what is left for clients must still be a schema.

use apollo_compiler::Name;
use apollo_compiler::ast::{Type, Value};

use crate::error::{Code, CompositionError, Place};
use crate::merged::{Merged, MergedComposite, MergedField, MergedInput, MergedShape, MergedType};

pub(super) fn check(merged: &Merged) -> Vec<CompositionError> {
    let mut check = Check {
        merged,
        errors: Vec::new(),
    };
    for ty in merged.types.values().filter(|ty| !ty.marks.inaccessible) {
        check.visible_type(ty);
    }
    if merged
        .types
        .get("Query")
        .is_some_and(|query| query.marks.inaccessible)
    {
        check.refuse(
            Code::QueryRootTypeInaccessible,
            "Query",
            "Query is @inaccessible, so that clients could ask nothing".into(),
            "hide fields of it rather than all of it",
        );
    }
    check.errors
}

struct Check<'a> {
    merged: &'a Merged,
    errors: Vec<CompositionError>,
}

impl Check<'_> {
    fn visible_type(&mut self, ty: &MergedType) {
        let name = ty.name.as_str();
        let (children, visible) = match &ty.shape {
            MergedShape::Scalar => return,
            MergedShape::Object(composite) | MergedShape::Interface(composite) => {
                self.composite(ty, composite);
                count(composite.fields.values().map(|field| field.marks.inaccessible))
            }
            MergedShape::Union(members) => count(members.keys().map(|member| self.is_hidden(member))),
            MergedShape::Enum(values) => count(values.values().map(|value| value.marks.inaccessible)),
            MergedShape::Input(fields) => {
                for field in fields.values().filter(|field| !field.value.marks.inaccessible) {
                    self.refers(&format!("{name}.{}", field.value.name), &field.value.ty);
                    self.default(&format!("{name}.{}", field.value.name), &field.value);
                }
                for field in fields.values().filter(|field| field.value.marks.inaccessible) {
                    self.required(&format!("{name}.{}", field.value.name), &field.value);
                }
                count(fields.values().map(|field| field.value.marks.inaccessible))
            }
        };
        if children > 0 && visible == 0 {
            self.refuse(
                Code::OnlyInaccessibleChildren,
                name,
                format!("{name} is visible, but everything in it is @inaccessible"),
                "mark the type itself @inaccessible, or show something of it",
            );
        }
    }

    fn composite(&mut self, ty: &MergedType, composite: &MergedComposite) {
        for field in composite.fields.values() {
            let coordinate = format!("{}.{}", ty.name, field.name);
            if field.marks.inaccessible {
                self.wanted_by_interface(&coordinate, composite, field);
                continue;
            }
            self.refers(&coordinate, &field.ty);
            for argument in &field.arguments {
                let coordinate = format!("{coordinate}({}:)", argument.name);
                if argument.marks.inaccessible {
                    self.required(&coordinate, argument);
                } else {
                    self.refers(&coordinate, &argument.ty);
                    self.default(&coordinate, argument);
                }
            }
        }
    }

    fn wanted_by_interface(&mut self, coordinate: &str, composite: &MergedComposite, field: &MergedField) {
        for interface in composite.implements.keys() {
            let wanted = self.merged.types.get(interface).is_some_and(|interface| {
                !interface.marks.inaccessible
                    && interface.composite().is_some_and(|composite| {
                        composite
                            .fields
                            .get(&field.name)
                            .is_some_and(|field| !field.marks.inaccessible)
                    })
            });
            if wanted {
                self.refuse(
                    Code::ImplementedByInaccessible,
                    coordinate,
                    format!(
                        "{coordinate} is @inaccessible, but {interface}.{} is visible",
                        field.name
                    ),
                    "hide both or neither",
                );
            }
        }
    }

    fn refers(&mut self, coordinate: &str, ty: &Type) {
        let named = ty.inner_named_type();
        if self.is_hidden(named) {
            self.refuse(
                Code::ReferencedInaccessible,
                coordinate,
                format!("{coordinate} is visible, but its type {named} is @inaccessible"),
                "hide it too, or show the type",
            );
        }
    }

    fn required(&mut self, coordinate: &str, value: &MergedInput) {
        if value.ty.is_non_null() && value.default.is_none() {
            self.refuse(
                Code::RequiredInaccessible,
                coordinate,
                format!("{coordinate} is @inaccessible, but it is required and clients couldn't give it"),
                "make it optional, or give it a default",
            );
        }
    }

    /// A default that clients could read in the schema but never write.
    fn default(&mut self, coordinate: &str, value: &MergedInput) {
        let Some(default) = &value.default else { return };
        let Some(MergedShape::Enum(values)) = self
            .merged
            .types
            .get(value.ty.inner_named_type())
            .map(|ty| &ty.shape)
        else {
            return;
        };
        let hidden = enum_values(default)
            .into_iter()
            .find(|name| values.get(*name).is_some_and(|value| value.marks.inaccessible));
        if let Some(hidden) = hidden {
            self.refuse(
                Code::DefaultValueUsesInaccessible,
                coordinate,
                format!("{coordinate} is visible, but its default {hidden} is @inaccessible"),
                "give it another default, or show the value",
            );
        }
    }

    fn is_hidden(&self, ty: &Name) -> bool {
        self.merged.types.get(ty).is_some_and(|ty| ty.marks.inaccessible)
    }

    fn refuse(&mut self, code: Code, coordinate: &str, message: String, hint: &str) {
        let name = coordinate.split(['.', '(']).next().unwrap_or_default();
        let graphs = self
            .merged
            .types
            .get(name)
            .map(MergedType::graphs)
            .unwrap_or_default();
        let places = graphs.into_iter().map(|graph| Place {
            subgraph: self.merged.graphs[graph].name.clone(),
            coordinate: coordinate.to_owned(),
            position: None,
        });
        let places: Vec<Place> = places.collect();
        self.errors
            .push(CompositionError::new(code, message).at_all(places).hint(hint));
    }
}

/// How many there are, and how many of them are visible.
fn count(hidden: impl Iterator<Item = bool>) -> (usize, usize) {
    hidden.fold((0, 0), |(all, visible), hidden| {
        (all + 1, visible + usize::from(!hidden))
    })
}

fn enum_values(value: &Value) -> Vec<&Name> {
    match value {
        Value::Enum(name) => vec![name],
        Value::List(items) => items.iter().flat_map(|item| enum_values(item)).collect(),
        _ => Vec::new(),
    }
}
