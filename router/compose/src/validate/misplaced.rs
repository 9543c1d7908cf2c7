//! Directives where they say nothing.

use crate::error::{Code, CompositionError};
use crate::model::{Federation, Shape, SubgraphModel};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    if subgraph.federation == Federation::One {
        return errors;
    }
    for ty in subgraph.types.values() {
        let Shape::Interface(interface) = &ty.shape else {
            continue;
        };
        for field in interface.fields.values().filter(|field| field.shareable) {
            let coordinate = format!("{}.{}", ty.name, field.name);
            let message = format!("{coordinate} is @shareable, but an interface's field is given by nobody");
            errors.push(
                CompositionError::new(Code::InvalidShareableUsage, message)
                    .at(subgraph.place(coordinate, field.position))
                    .hint("mark the field in the objects that implement the interface"),
            );
        }
    }
    errors
}
