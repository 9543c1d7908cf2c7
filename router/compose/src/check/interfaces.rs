//! Objects against the merged interfaces, and keys of interfaces against all implementations.

use crate::error::{Code, CompositionError};
use crate::merged::{Merged, MergedShape};
use crate::model::{Shape, SubgraphModel};

pub(super) fn check(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = fields(merged, subgraphs);
    errors.extend(keys(merged, subgraphs));
    errors
}

/// A subgraph may add a field to an interface that other subgraphs' objects know nothing of.
fn fields(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in merged.types.values() {
        let Some(composite) = ty.composite() else { continue };
        for (interface, graphs) in &composite.implements {
            let Some(of_interface) = merged.types.get(interface).and_then(|ty| ty.composite()) else {
                continue;
            };
            for field in of_interface.fields.values() {
                if composite.fields.contains_key(&field.name) {
                    continue;
                }
                let message = format!(
                    "{} implements {interface}, but no subgraph gives it the field {}",
                    ty.name, field.name
                );
                let places = graphs.iter().filter_map(|graph| {
                    let subgraph = subgraphs.get(*graph)?;
                    Some(subgraph.place(ty.name.as_str(), subgraph.types.get(&ty.name)?.position))
                });
                let adding = subgraphs.iter().filter_map(|subgraph| {
                    let field = subgraph.types.get(interface)?.field(&field.name)?;
                    Some(subgraph.place(format!("{interface}.{}", field.name), field.position))
                });
                errors.push(
                    CompositionError::new(Code::InterfaceFieldNoImplem, message)
                        .at_all(places.chain(adding))
                        .hint(format!(
                            "add {}: {} to {} in a subgraph",
                            field.name, field.ty, ty.name
                        )),
                );
            }
        }
    }
    errors
}

/// A subgraph that resolves an interface by key can be asked for any of its implementations.
fn keys(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for subgraph in subgraphs {
        for interface in subgraph.types.values() {
            let resolves = interface.keys.iter().any(|key| key.resolvable);
            if !matches!(interface.shape, Shape::Interface(_)) || !resolves {
                continue;
            }
            let lacking: Vec<&str> = merged
                .types
                .values()
                .filter(|ty| {
                    matches!(&ty.shape, MergedShape::Object(object) if object.implements.contains_key(&interface.name))
                })
                .map(|ty| ty.name.as_str())
                .filter(|name| {
                    let known = subgraph.types.get(*name).and_then(|ty| ty.composite());
                    !known.is_some_and(|known| known.implements.contains(&interface.name))
                })
                .collect();
            if lacking.is_empty() {
                continue;
            }
            let lacking = lacking.join(", ");
            let message = format!(
                "{} has a @key in \"{}\", which must then know all its implementations, but it lacks {lacking}",
                interface.name, subgraph.name
            );
            errors.push(
                CompositionError::new(Code::InterfaceKeyMissingImplementationType, message)
                    .at(subgraph.place(interface.name.as_str(), interface.position))
                    .hint(format!(
                        "define {lacking} there as implementing {}, or mark the key resolvable: false",
                        interface.name
                    )),
            );
        }
    }
    errors
}
