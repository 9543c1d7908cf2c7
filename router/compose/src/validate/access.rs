//! Guards on interfaces: an implementation in another subgraph would not be bound by them, so they stand on objects.

use crate::error::{Code, CompositionError, Position};
use crate::model::{Marks, Shape, SubgraphModel};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in subgraph.types.values() {
        let is_interface = matches!(ty.shape, Shape::Interface(_));
        let mut refuse = |coordinate: String, marks: &Marks, position: Option<Position>| {
            let Some(guard) = guard(marks) else { return };
            let message = format!("@{guard} on {coordinate}: an interface doesn't guard what implements it");
            errors.push(
                CompositionError::new(Code::AuthRequirementsAppliedOnInterface, message)
                    .at(subgraph.place(coordinate, position))
                    .hint(format!(
                        "put @{guard} on the objects that implement {}, or on their fields",
                        ty.name
                    )),
            );
        };
        if is_interface || ty.interface_object {
            refuse(ty.name.to_string(), &ty.marks, ty.position);
        }
        if is_interface {
            let fields = ty
                .composite()
                .into_iter()
                .flat_map(|interface| interface.fields.values());
            for field in fields {
                refuse(
                    format!("{}.{}", ty.name, field.name),
                    &field.marks,
                    field.position,
                );
            }
        }
    }
    errors
}

fn guard(marks: &Marks) -> Option<&'static str> {
    if marks.authenticated {
        Some("authenticated")
    } else if marks.scopes.is_some() {
        Some("requiresScopes")
    } else if marks.policies.is_some() {
        Some("policy")
    } else {
        None
    }
}
