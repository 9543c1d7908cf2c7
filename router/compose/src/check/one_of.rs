//! `@oneOf`: exactly one field is given, so that none of them can be required or have a default. Merging makes required what one subgraph requires.

use crate::error::{Code, CompositionError};
use crate::merged::{Merged, MergedShape};
use crate::model::{SubgraphModel, places};

pub(super) fn check(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in merged.types.values().filter(|ty| ty.marks.one_of) {
        let MergedShape::Input(fields) = &ty.shape else {
            continue;
        };
        for field in fields.values().map(|field| &field.value) {
            let what = if field.ty.is_non_null() {
                "is required"
            } else if field.default.is_some() {
                "has a default"
            } else {
                continue;
            };
            let coordinate = format!("{}.{}", ty.name, field.name);
            let message = format!(
                "{coordinate} {what}, but {} is @oneOf: one field is given, and no other",
                ty.name
            );
            errors.push(
                CompositionError::new(Code::InvalidGraphql, message)
                    .at_all(places(subgraphs, &coordinate))
                    .hint("make all fields of the input nullable, without defaults"),
            );
        }
    }
    errors
}
