//! An interface object stands for an interface that some other subgraph has, and knows none of its implementations.

use crate::error::{Code, CompositionError};
use crate::merged::Merged;
use crate::model::{Shape, SubgraphModel};

pub(super) fn check(merged: &Merged, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for subgraph in subgraphs {
        for object in subgraph.types.values().filter(|ty| ty.interface_object) {
            let mut refuse = |message: String, hint: String| {
                let place = subgraph.place(object.name.as_str(), object.position);
                errors.push(
                    CompositionError::new(Code::InterfaceObjectUsageError, message)
                        .at(place)
                        .hint(hint),
                );
            };
            let name = &object.name;
            let real = |other: &SubgraphModel| {
                other
                    .types
                    .get(name)
                    .is_some_and(|ty| matches!(ty.shape, Shape::Interface(_)))
            };
            if !subgraphs.iter().any(real) {
                refuse(
                    format!("{name} is an @interfaceObject, but no subgraph has the interface {name}"),
                    format!(
                        "define `interface {name} @key(…)` in the subgraph that knows its implementations"
                    ),
                );
            }
            let implementations = merged.types.values().filter(|ty| {
                ty.composite()
                    .is_some_and(|composite| composite.implements.contains_key(name))
            });
            let known: Vec<&str> = implementations
                .map(|ty| ty.name.as_str())
                .filter(|implementation| subgraph.types.contains_key(*implementation))
                .collect();
            if !known.is_empty() {
                let known = known.join(", ");
                refuse(
                    format!(
                        "{name} is an @interfaceObject in \"{}\", which also has {known} that implement it",
                        subgraph.name
                    ),
                    format!("take {known} out of this subgraph, or make {name} an interface here"),
                );
            }
        }
    }
    errors
}
