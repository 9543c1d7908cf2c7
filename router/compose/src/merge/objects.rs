//! Objects and interfaces: all interfaces and all fields that any subgraph says.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;
use indexmap::IndexSet;

use super::{Merger, Part};
use crate::merged::{Graph, MergedComposite};
use crate::model::{Field, TypeModel};

impl Merger<'_> {
    pub(super) fn composite(&mut self, name: &Name, parts: &[Part<'_, TypeModel>]) -> MergedComposite {
        let mut implements: BTreeMap<Name, BTreeSet<Graph>> = BTreeMap::new();
        let mut names: IndexSet<Name> = IndexSet::new();
        for (graph, composite) in parts
            .iter()
            .filter_map(|(graph, ty)| Some((graph, ty.composite()?)))
        {
            for interface in &composite.implements {
                implements.entry(interface.clone()).or_default().insert(*graph);
            }
            names.extend(composite.fields.keys().cloned());
        }
        let mut merged = MergedComposite {
            implements,
            ..MergedComposite::default()
        };
        for field in names {
            let of_field: Vec<Part<'_, Field>> = parts
                .iter()
                .filter_map(|(graph, ty)| Some((*graph, ty.field(&field)?)))
                .collect();
            if let Some(field) = self.field(name, parts, &field, &of_field) {
                merged.fields.insert(field.name.clone(), field);
            }
        }
        merged
    }
}
