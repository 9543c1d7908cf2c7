//! Merging of references to types: `[Product!]!` here and `[Product]` there.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

use super::Merger;
use crate::model::{Shape, SubgraphModel};

/// Interface or union -> what it can stand for, in any subgraph.
pub(super) fn subtypes(subgraphs: &[SubgraphModel]) -> BTreeMap<Name, BTreeSet<Name>> {
    let mut subtypes: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for ty in subgraphs.iter().flat_map(|subgraph| subgraph.types.values()) {
        match &ty.shape {
            Shape::Object(composite) | Shape::Interface(composite) => {
                for interface in &composite.implements {
                    subtypes
                        .entry(interface.clone())
                        .or_default()
                        .insert(ty.name.clone());
                }
            }
            Shape::Union { members } => {
                subtypes
                    .entry(ty.name.clone())
                    .or_default()
                    .extend(members.iter().cloned());
            }
            _ => {}
        }
    }
    subtypes
}

impl Merger<'_> {
    /// The type of what goes out: one that every subgraph's answer fits. Null is the wider promise, and an interface is wider than what implements it.
    pub(super) fn output_type(&self, left: &Type, right: &Type) -> Option<Type> {
        let merged = match (is_list(left), is_list(right)) {
            (true, true) => Type::List(Box::new(self.output_type(left.item_type(), right.item_type())?)),
            (false, false) => {
                let (left, right) = (left.inner_named_type(), right.inner_named_type());
                if left == right || self.is_subtype(left, right) {
                    Type::Named(left.clone())
                } else if self.is_subtype(right, left) {
                    Type::Named(right.clone())
                } else {
                    return None;
                }
            }
            _ => return None,
        };
        Some(if left.is_non_null() && right.is_non_null() {
            merged.non_null()
        } else {
            merged
        })
    }

    fn is_subtype(&self, abstract_type: &Name, maybe: &Name) -> bool {
        self.subtypes
            .get(abstract_type)
            .is_some_and(|types| types.contains(maybe))
    }
}

/// The type of what comes in: one that every subgraph accepts. Where one wants a value, a value must come.
pub(super) fn input_type(left: &Type, right: &Type) -> Option<Type> {
    let merged = match (is_list(left), is_list(right)) {
        (true, true) => Type::List(Box::new(input_type(left.item_type(), right.item_type())?)),
        (false, false) if left.inner_named_type() == right.inner_named_type() => {
            Type::Named(left.inner_named_type().clone())
        }
        _ => return None,
    };
    Some(if left.is_non_null() || right.is_non_null() {
        merged.non_null()
    } else {
        merged
    })
}

fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::NonNullList(_))
}
