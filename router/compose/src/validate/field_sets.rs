//! `@requires` and `@provides`: what they name belongs to another subgraph, so it must be external here.

use apollo_compiler::executable::{Field as Selected, Selection, SelectionSet};

use crate::error::{Code, CompositionError, Place};
use crate::model::{Federation, FieldSet, Shape, SubgraphModel};

struct Rules {
    directive: &'static str,
    missing_external: Code,
    invalid_fields: Code,
    /// Where arguments aren't allowed.
    has_arguments: Option<Code>,
    on_interface: Code,
}

const REQUIRES: Rules = Rules {
    directive: "requires",
    missing_external: Code::RequiresFieldsMissingExternal,
    invalid_fields: Code::RequiresInvalidFields,
    has_arguments: None,
    on_interface: Code::RequiresUnsupportedOnInterface,
};

const PROVIDES: Rules = Rules {
    directive: "provides",
    missing_external: Code::ProvidesFieldsMissingExternal,
    invalid_fields: Code::ProvidesInvalidFields,
    has_arguments: Some(Code::ProvidesFieldsHasArgs),
    on_interface: Code::ProvidesUnsupportedOnInterface,
};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in subgraph.types.values() {
        for field in ty
            .composite()
            .into_iter()
            .flat_map(|composite| composite.fields.values())
        {
            let coordinate = format!("{}.{}", ty.name, field.name);
            for (rules, set) in [(&REQUIRES, &field.requires), (&PROVIDES, &field.provides)] {
                let Some(set) = set else { continue };
                let place = subgraph.place(coordinate.as_str(), set.position);
                if matches!(ty.shape, Shape::Interface(_)) {
                    let directive = rules.directive;
                    let message = format!("@{directive} on {coordinate}, a field of an interface");
                    errors.push(
                        CompositionError::new(rules.on_interface, message)
                            .at(place)
                            .hint(format!(
                                "put @{directive} on the field in the objects that implement {}",
                                ty.name
                            )),
                    );
                    continue;
                }
                if field.external && rules.directive == "provides" && subgraph.federation != Federation::One {
                    let message = format!("{coordinate} is both @external and @provides");
                    errors.push(
                        CompositionError::new(Code::ExternalCollisionWithAnotherDirective, message)
                            .at(place)
                            .hint("take @provides away: who gives the field says what comes with it"),
                    );
                    continue;
                }
                let check = Check {
                    subgraph,
                    rules,
                    set,
                    coordinate: &coordinate,
                    place,
                };
                check.selection(&set.selection, false, &mut errors);
            }
        }
    }
    errors
}

struct Check<'a> {
    subgraph: &'a SubgraphModel,
    rules: &'a Rules,
    set: &'a FieldSet,
    coordinate: &'a str,
    place: Place,
}

impl Check<'_> {
    fn selection(&self, set: &SelectionSet, external_above: bool, errors: &mut Vec<CompositionError>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if field.alias.is_some() => {
                    let named = format!("{}.{}", set.ty, field.name);
                    let says = format!(
                        "@{}(fields: \"{}\") on {}",
                        self.rules.directive, self.set, self.coordinate
                    );
                    let message =
                        format!("{says}: {named} has an alias, by which the subgraph doesn't know it");
                    let error = CompositionError::new(self.rules.invalid_fields, message);
                    errors.push(error.at(self.place.clone()).hint("take the alias away"));
                }
                Selection::Field(field) if field.name == "__typename" => {}
                Selection::Field(field) => self.field(set, field, external_above, errors),
                Selection::InlineFragment(fragment) => {
                    self.selection(&fragment.selection_set, external_above, errors);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(
        &self,
        set: &SelectionSet,
        field: &Selected,
        external_above: bool,
        errors: &mut Vec<CompositionError>,
    ) {
        let directive = self.rules.directive;
        let named = format!("{}.{}", set.ty, field.name);
        let says = format!("@{directive}(fields: \"{}\") on {}", self.set, self.coordinate);
        if let Some(code) = self.rules.has_arguments
            && !field.definition.arguments.is_empty()
        {
            let message = format!("{says}: {named} takes arguments");
            let error = CompositionError::new(code, message).at(self.place.clone());
            errors.push(error.hint("provide only fields without arguments"));
        }
        let external = external_above || self.is_external(&set.ty, &field.name);
        // Federation 1 was content with key fields that nobody called external.
        let strict = self.subgraph.federation != Federation::One;
        if field.selection_set.selections.is_empty() {
            if !external && strict {
                let message = format!("{says}: {named} isn't @external, so this subgraph has it anyway");
                errors.push(
                    CompositionError::new(self.rules.missing_external, message)
                        .at(self.place.clone())
                        .hint(format!("mark {named} @external, or take it out of @{directive}")),
                );
            }
            return;
        }
        self.selection(&field.selection_set, external, errors);
    }

    /// External itself, or (of an interface) in an implementation.
    fn is_external(&self, ty: &str, field: &str) -> bool {
        let types = &self.subgraph.types;
        let Some(known) = types.get(ty) else { return false };
        if known.field(field).is_some_and(|field| field.external) {
            return true;
        }
        matches!(known.shape, Shape::Interface(_))
            && types.values().any(|object| {
                matches!(&object.shape, Shape::Object(composite) if composite.implements.contains(ty))
                    && object.field(field).is_some_and(|field| field.external)
            })
    }
}
