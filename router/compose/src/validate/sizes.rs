//! `@cost` and `@listSize`: they count what is there.

use crate::error::{Code, CompositionError, Place};
use crate::model::{Field, ListSize, Shape, SubgraphModel};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in subgraph.types.values() {
        let is_interface = matches!(ty.shape, Shape::Interface(_));
        let fields = ty
            .composite()
            .into_iter()
            .flat_map(|composite| composite.fields.values());
        for field in fields {
            let coordinate = format!("{}.{}", ty.name, field.name);
            let place = subgraph.place(coordinate.as_str(), field.position);
            if is_interface && field.marks.cost.is_some() {
                let message = format!("@cost on {coordinate}, a field of an interface");
                errors.push(
                    CompositionError::new(Code::CostAppliedToInterfaceField, message)
                        .at(place.clone())
                        .hint("put @cost on the field in the objects that implement the interface"),
                );
            }
            if let Some(size) = &field.marks.list_size {
                let check = Check {
                    subgraph,
                    field,
                    coordinate: &coordinate,
                    place,
                };
                check.size(size, &mut errors);
            }
        }
    }
    errors
}

struct Check<'a> {
    subgraph: &'a SubgraphModel,
    field: &'a Field,
    coordinate: &'a str,
    place: Place,
}

impl Check<'_> {
    fn size(&self, size: &ListSize, errors: &mut Vec<CompositionError>) {
        let coordinate = self.coordinate;
        let mut refuse = |code: Code, message: String, hint: &str| {
            errors.push(
                CompositionError::new(code, message)
                    .at(self.place.clone())
                    .hint(hint),
            );
        };
        if size.assumed.is_some_and(|assumed| assumed < 0) {
            let message = format!("@listSize on {coordinate} assumes a size below 0");
            refuse(Code::ListSizeInvalidAssumedSize, message, "assume 0 or more");
        }
        for name in size.slicing.iter().flatten() {
            let argument = self.field.arguments.get(name.as_str());
            let counts = argument
                .is_some_and(|argument| !argument.ty.is_list() && argument.ty.inner_named_type() == "Int");
            if !counts {
                let message = format!(
                    "@listSize on {coordinate} slices by \"{name}\", which is no argument of type Int"
                );
                refuse(
                    Code::ListSizeInvalidSlicingArgument,
                    message,
                    "name arguments of the field that are of type Int",
                );
            }
        }
        let sized = size.sized.as_ref().filter(|sized| !sized.is_empty());
        let Some(sized) = sized else {
            if !self.field.ty.is_list() {
                let message = format!(
                    "@listSize on {coordinate}, which gives {} and no list",
                    self.field.ty
                );
                refuse(
                    Code::ListSizeInvalidSizedField,
                    message,
                    "name the fields with the lists: @listSize(sizedFields: [\"…\"])",
                );
            }
            return;
        };
        let inner = self.field.ty.inner_named_type();
        let of = self.subgraph.types.get(inner);
        for name in sized {
            let given = of.and_then(|ty| ty.field(name));
            match given {
                Some(field) if field.ty.is_list() => {}
                Some(_) => {
                    let message = format!("@listSize on {coordinate}: {inner}.{name} is no list");
                    refuse(
                        Code::ListSizeAppliedToNonList,
                        message,
                        "name fields that are lists",
                    );
                }
                None => {
                    let message = format!("@listSize on {coordinate}: {inner} has no field \"{name}\"");
                    refuse(
                        Code::ListSizeInvalidSizedField,
                        message,
                        "name fields of the type that the field gives",
                    );
                }
            }
        }
    }
}
