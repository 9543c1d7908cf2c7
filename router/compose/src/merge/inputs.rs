//! Inputs: the fields that every subgraph with the input knows.

use apollo_compiler::Name;
use indexmap::{IndexMap, IndexSet};

use super::{Merger, Part};
use crate::error::{Code, CompositionError, Hint, HintCode};
use crate::merged::{JoinField, MergedInputField};
use crate::model::{InputValue, Shape, TypeModel};

impl Merger<'_> {
    pub(super) fn input(
        &mut self,
        name: &Name,
        of_type: &[Part<'_, TypeModel>],
    ) -> IndexMap<Name, MergedInputField> {
        let names: IndexSet<Name> = of_type
            .iter()
            .filter_map(|(_, ty)| input_fields(ty))
            .flat_map(|fields| fields.keys().cloned())
            .collect();
        let mut merged = IndexMap::new();
        for field in names {
            let coordinate = format!("{name}.{field}");
            let parts: Vec<Part<'_, InputValue>> = of_type
                .iter()
                .filter_map(|(graph, ty)| Some((*graph, input_fields(ty)?.get(&field)?)))
                .collect();
            if parts.len() < of_type.len() {
                self.input_field_missing(&coordinate, &parts, of_type);
                continue;
            }
            let codes = (Code::InputFieldTypeMismatch, Code::InputFieldDefaultMismatch);
            let Some(value) = self.input_value(&coordinate, &parts, codes) else {
                continue;
            };
            let same = parts.iter().all(|(_, part)| part.ty == parts[0].1.ty);
            let join = |(graph, part): &Part<'_, InputValue>| JoinField {
                graph: Some(*graph),
                ty: Some(part.ty.to_string()),
                ..JoinField::default()
            };
            let joins = if same {
                Vec::new()
            } else {
                parts.iter().map(join).collect()
            };
            merged.insert(field, MergedInputField { value, joins });
        }
        if merged.is_empty() && self.errors.is_empty() {
            let places: Vec<_> = of_type
                .iter()
                .map(|(graph, ty)| self.place(*graph, name.as_str(), ty.position))
                .collect();
            let message = format!("the subgraphs have no field of {name} in common");
            self.error(CompositionError::new(Code::EmptyMergedInputType, message).at_all(places).hint(
                format!("clients can give only what every subgraph with {name} takes: add the fields everywhere"),
            ));
        }
        merged
    }

    fn input_field_missing(
        &mut self,
        coordinate: &str,
        parts: &[Part<'_, InputValue>],
        of_type: &[Part<'_, TypeModel>],
    ) {
        let lacking = of_type.iter().map(|(graph, _)| *graph);
        let lacking: Vec<_> = lacking
            .filter(|graph| parts.iter().all(|(other, _)| other != graph))
            .collect();
        let lacking = self.names(lacking);
        let required: Vec<_> = parts.iter().filter(|(_, part)| part.is_required()).collect();
        let places = self.places(coordinate, parts);
        if required.is_empty() {
            self.hints.push(Hint {
                code: HintCode::InconsistentInputObjectField,
                message: format!("{coordinate} is left out, since {lacking} doesn't have it"),
                places,
            });
            return;
        }
        let who = self.names(required.iter().map(|(graph, _)| *graph));
        let message = format!("{coordinate} is required in {who}, but {lacking} doesn't have it");
        self.error(
            CompositionError::new(Code::RequiredInputFieldMissingInSomeSubgraph, message)
                .at_all(places)
                .hint(format!(
                    "add the field in {lacking}, or make it optional in {who}"
                )),
        );
    }
}

fn input_fields(ty: &TypeModel) -> Option<&IndexMap<Name, InputValue>> {
    match &ty.shape {
        Shape::Input { fields } => Some(fields),
        _ => None,
    }
}
