//! One name, all its definitions: the kind decides how they merge.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use super::{Merger, Part, marks};
use crate::error::{Code, CompositionError};
use crate::merged::{JoinType, MergedShape, MergedType};
use crate::model::{Shape, TypeModel};

/// The kinds, with an interface object counted as what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
}

impl Kind {
    fn of(ty: &TypeModel) -> Self {
        match &ty.shape {
            Shape::Scalar => Self::Scalar,
            Shape::Object(_) if ty.interface_object => Self::Interface,
            Shape::Object(_) => Self::Object,
            Shape::Interface(_) => Self::Interface,
            Shape::Union { .. } => Self::Union,
            Shape::Enum { .. } => Self::Enum,
            Shape::Input { .. } => Self::Input,
        }
    }
}

impl Merger<'_> {
    pub(super) fn types(&mut self) -> BTreeMap<Name, MergedType> {
        let names: BTreeSet<Name> = self
            .subgraphs
            .iter()
            .flat_map(|subgraph| subgraph.types.keys().cloned())
            .collect();
        names
            .into_iter()
            .filter_map(|name| Some((name.clone(), self.merge_type(&name)?)))
            .collect()
    }

    fn merge_type(&mut self, name: &Name) -> Option<MergedType> {
        let parts = self.parts(name);
        let kind = self.kind(name, &parts)?;
        let joins = joins(&parts);
        let shape = match kind {
            Kind::Scalar => MergedShape::Scalar,
            Kind::Object => MergedShape::Object(self.composite(name, &parts)),
            Kind::Interface => MergedShape::Interface(self.composite(name, &parts)),
            Kind::Union => MergedShape::Union(self.union(name, &parts)),
            Kind::Enum => MergedShape::Enum(self.enumeration(name, &parts)),
            Kind::Input => MergedShape::Input(self.input(name, &parts)),
        };
        let said: Vec<_> = parts
            .iter()
            .map(|(graph, ty)| {
                (
                    self.place(*graph, name.as_str(), ty.position),
                    ty.description.clone(),
                )
            })
            .collect();
        let merged = MergedType {
            name: name.clone(),
            description: self.description(name, said),
            joins,
            marks: marks::merge(parts.iter().map(|(_, ty)| &ty.marks)),
            contexts: self.context_names(&parts),
            shape,
        };
        self.consistency(&merged, &parts);
        Some(merged)
    }

    fn kind(&mut self, name: &Name, parts: &[Part<'_, TypeModel>]) -> Option<Kind> {
        let (_, first) = parts.first()?;
        let kind = Kind::of(first);
        if parts.iter().all(|(_, part)| Kind::of(part) == kind) {
            return Some(kind);
        }
        let said: Vec<String> = parts
            .iter()
            .map(|(graph, part)| {
                let object = if part.interface_object {
                    " (@interfaceObject)"
                } else {
                    ""
                };
                format!(
                    "{}{object} in \"{}\"",
                    part.shape.describe(),
                    self.subgraphs[*graph].name
                )
            })
            .collect();
        let places: Vec<_> = parts
            .iter()
            .map(|(graph, part)| self.place(*graph, name.as_str(), part.position))
            .collect();
        self.error(
            CompositionError::new(
                Code::TypeKindMismatch,
                format!(
                    "{name} is not the same kind of type everywhere: {}",
                    said.join(", ")
                ),
            )
            .at_all(places)
            .hint(format!(
                "make {name} one kind of type, or give one of them another name"
            )),
        );
        None
    }
}

/// One `@join__type` for a subgraph, or one for each of its keys.
fn joins(parts: &[Part<'_, TypeModel>]) -> Vec<JoinType> {
    let mut joins = Vec::new();
    for (graph, ty) in parts {
        let plain = JoinType {
            graph: *graph,
            key: None,
            extension: false,
            resolvable: true,
            interface_object: ty.interface_object,
        };
        if ty.keys.is_empty() {
            joins.push(plain);
            continue;
        }
        let mut seen = BTreeSet::new();
        for key in &ty.keys {
            let fields = key.fields.to_string();
            if seen.insert((fields.clone(), key.resolvable)) {
                joins.push(JoinType {
                    key: Some(fields),
                    extension: key.extension,
                    resolvable: key.resolvable,
                    ..plain
                });
            }
        }
    }
    joins
}
