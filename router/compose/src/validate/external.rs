//! `@external`: a field of another subgraph that this one names for a reason, and the reason must be there.

use crate::error::{Code, CompositionError};
use crate::model::{Federation, Shape, SubgraphModel, Use};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    if subgraph.federation == Federation::One {
        return errors;
    }
    for ty in subgraph.types.values() {
        let fields = ty
            .composite()
            .into_iter()
            .flat_map(|composite| composite.fields.values());
        for field in fields.filter(|field| field.external) {
            let coordinate = format!("{}.{}", ty.name, field.name);
            let place = subgraph.place(coordinate.as_str(), field.position);
            if matches!(ty.shape, Shape::Interface(_)) {
                let message =
                    format!("{coordinate} is @external, but an interface's field belongs to nobody");
                let error = CompositionError::new(Code::ExternalOnInterface, message).at(place);
                errors.push(error.hint("mark the field in the objects that implement the interface"));
            } else if field.marks.inaccessible || !field.marks.tags.is_empty() {
                let message =
                    format!("{coordinate} is @external, and hidden or tagged here: it is another subgraph's");
                let error =
                    CompositionError::new(Code::MergedDirectiveApplicationOnExternal, message).at(place);
                errors.push(
                    error.hint("put @inaccessible and @tag on the field in the subgraph that gives it"),
                );
            } else if field.used == Use::default() {
                let message = format!(
                    "{coordinate} is @external, but no @key, @requires or @provides here names it, nor an interface"
                );
                let error = CompositionError::new(Code::ExternalUnused, message).at(place);
                errors.push(error.hint(
                    "take the field away, or use it in a @requires or @provides; if this subgraph gives it, take @external away",
                ));
            }
        }
    }
    errors
}
