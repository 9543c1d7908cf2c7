//! Unions: every member that any subgraph says.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use super::{Merger, Part};
use crate::merged::Graph;
use crate::model::{Shape, TypeModel};

impl Merger<'_> {
    pub(super) fn union(&self, of_type: &[Part<'_, TypeModel>]) -> BTreeMap<Name, BTreeSet<Graph>> {
        let mut merged: BTreeMap<Name, BTreeSet<Graph>> = BTreeMap::new();
        for (graph, ty) in of_type {
            let Shape::Union { members } = &ty.shape else {
                continue;
            };
            for member in members {
                merged.entry(member.clone()).or_default().insert(*graph);
            }
        }
        merged
    }
}
