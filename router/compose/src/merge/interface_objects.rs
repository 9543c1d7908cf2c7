//! `@interfaceObject`: a subgraph that gives fields to all implementations of an interface without knowing them.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use super::Merger;
use crate::merged::{JoinField, MergedField, MergedShape, MergedType};

impl Merger<'_> {
    /// Gives the fields to every implementation that hasn't them by itself.
    pub(super) fn interface_objects(&mut self, types: &mut BTreeMap<Name, MergedType>) {
        let mut brought: Vec<(Name, Vec<MergedField>)> = Vec::new();
        for interface in types
            .values()
            .filter(|ty| ty.joins.iter().any(|join| join.interface_object))
        {
            let graphs: BTreeSet<_> = interface
                .joins
                .iter()
                .filter(|join| join.interface_object)
                .map(|join| join.graph)
                .collect();
            let Some(composite) = interface.composite() else {
                continue;
            };
            let given = |field: &MergedField| {
                graphs.iter().any(|graph| {
                    let part = self.subgraphs[*graph].types.get(&interface.name);
                    part.and_then(|part| part.field(&field.name))
                        .is_some_and(|field| !field.external)
                })
            };
            let fields = composite
                .fields
                .values()
                .filter(|field| given(field))
                .map(copy)
                .collect();
            brought.push((interface.name.clone(), fields));
        }
        for (interface, fields) in brought {
            for ty in types.values_mut() {
                let (MergedShape::Object(composite) | MergedShape::Interface(composite)) = &mut ty.shape
                else {
                    continue;
                };
                if !composite.implements.contains_key(&interface) {
                    continue;
                }
                for field in &fields {
                    composite
                        .fields
                        .entry(field.name.clone())
                        .or_insert_with(|| copy(field));
                }
            }
        }
    }
}

fn copy(field: &MergedField) -> MergedField {
    MergedField {
        joins: vec![JoinField::default()],
        ..field.clone()
    }
}
