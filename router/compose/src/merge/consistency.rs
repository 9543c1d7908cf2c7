//! Types that subgraphs know differently, where that is allowed but may be a mistake.

use super::{Merger, Part};
use crate::error::{Hint, HintCode};
use crate::merged::{MergedComposite, MergedType};
use crate::model::{Field, Shape, TypeModel};

impl Merger<'_> {
    pub(super) fn consistency(&mut self, merged: &MergedType, parts: &[Part<'_, TypeModel>]) {
        let Some(composite) = merged.composite() else {
            return;
        };
        let is_root = matches!(merged.name.as_str(), "Query" | "Mutation" | "Subscription");
        if is_root || parts.len() < 2 || parts.iter().any(|(_, ty)| ty.interface_object) {
            return;
        }
        let is_object = matches!(parts[0].1.shape, Shape::Object(_));
        let without_key: Vec<Part<'_, TypeModel>> = parts
            .iter()
            .filter(|(_, ty)| ty.keys.is_empty())
            .copied()
            .collect();
        if is_object && !without_key.is_empty() && without_key.len() < parts.len() {
            let names = self.names(without_key.iter().map(|(graph, _)| *graph));
            self.hints.push(Hint {
                code: HintCode::InconsistentEntity,
                message: format!(
                    "{} has a @key in some subgraphs, but none in {names}",
                    merged.name
                ),
                places: self.type_places(merged, &without_key),
            });
        }
        if without_key.len() == parts.len() {
            self.value_fields(merged, composite, parts, is_object);
        }
    }

    /// A value should look alike everywhere: where it doesn't, a field of it can only be had on some ways.
    fn value_fields(
        &mut self,
        merged: &MergedType,
        composite: &MergedComposite,
        parts: &[Part<'_, TypeModel>],
        is_object: bool,
    ) {
        // A part that is wholly external only says what it requires.
        let real = |ty: &TypeModel| {
            let mut fields = ty
                .composite()
                .into_iter()
                .flat_map(|composite| composite.fields.values());
            fields.any(|field: &Field| !field.external)
        };
        let parts: Vec<Part<'_, TypeModel>> = parts.iter().filter(|(_, ty)| real(ty)).copied().collect();
        for field in composite.fields.keys() {
            let lacking: Vec<Part<'_, TypeModel>> = parts
                .iter()
                .filter(|(_, ty)| ty.field(field).is_none())
                .copied()
                .collect();
            if lacking.is_empty() {
                continue;
            }
            let names = self.names(lacking.iter().map(|(graph, _)| *graph));
            self.hints.push(Hint {
                code: if is_object {
                    HintCode::InconsistentObjectValueTypeField
                } else {
                    HintCode::InconsistentInterfaceValueTypeField
                },
                message: format!("{}.{field} is not in {names}", merged.name),
                places: self.type_places(merged, &lacking),
            });
        }
    }

    fn type_places(&self, merged: &MergedType, parts: &[Part<'_, TypeModel>]) -> Vec<crate::error::Place> {
        let place = |(graph, ty): &Part<'_, TypeModel>| self.place(*graph, merged.name.as_str(), ty.position);
        parts.iter().map(place).collect()
    }
}
