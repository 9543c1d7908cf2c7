//! `@inaccessible`: what is left for clients must still be a schema.

use apollo_compiler::Name;
use apollo_compiler::ast::{Type, Value};

use crate::error::{Code, CompositionError};
use crate::merged::{Merged, MergedComposite, MergedField, MergedInput, MergedShape, MergedType};
use crate::model::{SubgraphModel, places};

pub(super) fn check(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut check = Check {
        merged,
        subgraphs,
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
    subgraphs: &'a [SubgraphModel],
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
        if let Some(hidden) = self.hidden_in(&value.ty, default) {
            self.refuse(
                Code::DefaultValueUsesInaccessible,
                coordinate,
                format!("{coordinate} is visible, but its default uses {hidden}, which is @inaccessible"),
                "give it another default, or show what it is made of",
            );
        }
    }

    /// The first part of a value that clients don't know of.
    fn hidden_in(&self, ty: &Type, value: &Value) -> Option<String> {
        let name = ty.inner_named_type();
        let shape = self.merged.types.get(name).map(|ty| &ty.shape);
        match (value, shape?) {
            (Value::List(items), _) => items.iter().find_map(|item| self.hidden_in(ty, item)),
            (Value::Enum(value), MergedShape::Enum(values)) => {
                let is_hidden = values.get(value)?.marks.inaccessible;
                is_hidden.then(|| format!("{name}.{value}"))
            }
            (Value::Object(entries), MergedShape::Input(fields)) => {
                entries.iter().find_map(|(key, value)| {
                    let field = &fields.get(key)?.value;
                    if field.marks.inaccessible {
                        return Some(format!("{name}.{key}"));
                    }
                    self.hidden_in(&field.ty, value)
                })
            }
            _ => None,
        }
    }

    fn is_hidden(&self, ty: &Name) -> bool {
        self.merged.types.get(ty).is_some_and(|ty| ty.marks.inaccessible)
    }

    fn refuse(&mut self, code: Code, coordinate: &str, message: String, hint: &str) {
        let places = places(self.subgraphs, coordinate);
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
