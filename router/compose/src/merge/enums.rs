//! Enums: all values where they only go out, the common ones where they only come in, and the same everywhere where they do both.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use indexmap::{IndexMap, IndexSet};

use super::{Merger, Part, marks};
use crate::error::{Code, CompositionError, Hint, HintCode, Place};
use crate::merged::{Graph, MergedEnumValue};
use crate::model::{EnumValue, Shape, TypeModel};

impl Merger<'_> {
    pub(super) fn enumeration(
        &mut self,
        name: &Name,
        of_type: &[Part<'_, TypeModel>],
    ) -> IndexMap<Name, MergedEnumValue> {
        let (comes_in, goes_out) = (self.uses.input.contains(name), self.uses.output.contains(name));
        let names: IndexSet<Name> = of_type
            .iter()
            .filter_map(|(_, ty)| values(ty))
            .flat_map(|values| values.keys().cloned())
            .collect();
        if !comes_in && !goes_out {
            self.hints.push(Hint {
                code: HintCode::UnusedEnumType,
                message: format!("{name} is defined, and nothing uses it"),
                places: of_type
                    .iter()
                    .map(|(graph, ty)| self.place(*graph, name.as_str(), ty.position))
                    .collect(),
            });
        }
        let mut merged = IndexMap::new();
        for value in names {
            let coordinate = format!("{name}.{value}");
            let parts: Vec<Part<'_, EnumValue>> = of_type
                .iter()
                .filter_map(|(graph, ty)| Some((*graph, values(ty)?.get(&value)?)))
                .collect();
            let graphs: BTreeSet<Graph> = parts.iter().map(|(graph, _)| *graph).collect();
            let marks = marks::merge(parts.iter().map(|(_, part)| &part.marks));
            let places: Vec<Place> = parts
                .iter()
                .map(|(graph, part)| self.place(*graph, coordinate.as_str(), part.position))
                .collect();
            if graphs.len() < of_type.len() && comes_in {
                let lacking = of_type
                    .iter()
                    .map(|(graph, _)| *graph)
                    .filter(|graph| !graphs.contains(graph));
                let lacking = self.names(lacking);
                if !goes_out {
                    self.hints.push(Hint {
                        code: HintCode::InconsistentEnumValueForInputEnum,
                        message: format!("{coordinate} is left out, since {lacking} doesn't have it"),
                        places,
                    });
                    continue;
                }
                if !marks.inaccessible {
                    let message = format!(
                        "{name} comes in and goes out, so its values must be the same everywhere, but {lacking} doesn't have {value}"
                    );
                    self.error(
                        CompositionError::new(Code::EnumValueMismatch, message)
                            .at_all(places)
                            .hint(format!(
                                "add {value} in {lacking}, or mark it @inaccessible until all have it"
                            )),
                    );
                    continue;
                }
            }
            if graphs.len() < of_type.len() && !comes_in && goes_out {
                let lacking = of_type
                    .iter()
                    .map(|(graph, _)| *graph)
                    .filter(|graph| !graphs.contains(graph));
                self.hints.push(Hint {
                    code: HintCode::InconsistentEnumValueForOutputEnum,
                    message: format!(
                        "{coordinate} never comes from {}, which doesn't have it",
                        self.names(lacking)
                    ),
                    places: places.clone(),
                });
            }
            let said: Vec<_> = places
                .into_iter()
                .zip(&parts)
                .map(|(place, (_, part))| (place, part.description.clone()))
                .collect();
            let description = self.description(&coordinate, said);
            merged.insert(
                value,
                MergedEnumValue {
                    description,
                    marks,
                    graphs,
                },
            );
        }
        if merged.is_empty() && comes_in && !goes_out {
            let places: Vec<_> = of_type
                .iter()
                .map(|(graph, ty)| self.place(*graph, name.as_str(), ty.position))
                .collect();
            let message = format!("the subgraphs have no value of {name} in common");
            self.error(CompositionError::new(Code::EmptyMergedEnumType, message).at_all(places).hint(
                format!("clients can give only values that every subgraph with {name} takes: add them everywhere"),
            ));
        }
        merged
    }
}

fn values(ty: &TypeModel) -> Option<&IndexMap<Name, EnumValue>> {
    match &ty.shape {
        Shape::Enum { values } => Some(values),
        _ => None,
    }
}
