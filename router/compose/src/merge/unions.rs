//! Unions: every member that any subgraph says.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use super::{Merger, Part};
use crate::error::{Hint, HintCode};
use crate::merged::Graph;
use crate::model::{Shape, TypeModel};

impl Merger<'_> {
    pub(super) fn union(
        &mut self,
        name: &Name,
        of_type: &[Part<'_, TypeModel>],
    ) -> BTreeMap<Name, BTreeSet<Graph>> {
        let mut merged: BTreeMap<Name, BTreeSet<Graph>> = BTreeMap::new();
        for (graph, ty) in of_type {
            let Shape::Union { members } = &ty.shape else {
                continue;
            };
            for member in members {
                merged.entry(member.clone()).or_default().insert(*graph);
            }
        }
        for (member, graphs) in &merged {
            if graphs.len() == of_type.len() {
                continue;
            }
            let lacking: Vec<Part<'_, TypeModel>> = of_type
                .iter()
                .filter(|(graph, _)| !graphs.contains(graph))
                .copied()
                .collect();
            self.hints.push(Hint {
                code: HintCode::InconsistentUnionMember,
                message: format!(
                    "{member} is a member of {name}, but not in {}",
                    self.names(lacking.iter().map(|(graph, _)| *graph))
                ),
                places: lacking
                    .iter()
                    .map(|(graph, ty)| self.place(*graph, name.as_str(), ty.position))
                    .collect(),
            });
        }
        merged
    }
}
