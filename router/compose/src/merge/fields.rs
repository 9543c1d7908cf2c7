//! One field of an object or interface, from all subgraphs that have it.

use apollo_compiler::Name;
use apollo_compiler::ast::Type;

use super::overrides::Standing;
use super::{Merger, Part, marks};
use crate::error::{Code, CompositionError, Hint, HintCode};
use crate::merged::{JoinField, MergedField};
use crate::model::{Field, TypeModel};

impl Merger<'_> {
    pub(super) fn field(
        &mut self,
        owner: &Name,
        of_type: &[Part<'_, TypeModel>],
        name: &Name,
        parts: &[Part<'_, Field>],
    ) -> Option<MergedField> {
        let coordinate = format!("{owner}.{name}");
        let standings = self.standings(&coordinate, of_type, parts);
        self.sharing(owner, &coordinate, of_type, parts, &standings);

        // External fields are somebody else's, and overridden ones nobody's any more: they have no say in what the field is.
        let given: Vec<Part<'_, Field>> = parts
            .iter()
            .zip(&standings)
            .filter(|((_, field), standing)| !field.external && !standing.is_gone())
            .map(|(part, _)| *part)
            .collect();
        if given.is_empty() {
            self.missing_on_base(&coordinate, parts);
            return None;
        }
        let ty = self.field_type(&coordinate, &given)?;
        let arguments = self.arguments(&coordinate, &given);
        let said: Vec<_> = parts
            .iter()
            .map(|(graph, field)| {
                (
                    self.place(*graph, coordinate.as_str(), field.position),
                    field.description.clone(),
                )
            })
            .collect();
        let merged = MergedField {
            name: name.clone(),
            description: self.description(&coordinate, said),
            marks: marks::merge(parts.iter().map(|(_, field)| &field.marks)),
            joins: self.field_joins(of_type, parts, &standings),
            arguments,
            ty,
        };
        self.external_fits(&coordinate, &merged, parts);
        Some(merged)
    }

    fn field_type(&mut self, coordinate: &str, given: &[Part<'_, Field>]) -> Option<Type> {
        let (first, rest) = given.split_first()?;
        let mut ty = Some(first.1.ty.clone());
        for (_, field) in rest {
            ty = ty.and_then(|ty| self.output_type(&ty, &field.ty));
        }
        let places = || {
            let place = |(graph, field): &Part<'_, Field>| self.place(*graph, coordinate, field.position);
            given.iter().map(place).collect::<Vec<_>>()
        };
        match &ty {
            None => {
                let said: Vec<String> = given
                    .iter()
                    .map(|(graph, field)| format!("{} in \"{}\"", field.ty, self.subgraphs[*graph].name))
                    .collect();
                let message = format!(
                    "{coordinate} has types that don't go together: {}",
                    said.join(", ")
                );
                let error = CompositionError::new(Code::FieldTypeMismatch, message).at_all(places()).hint(
                    "give it one type in all subgraphs; it may differ in nullability, and one may be an interface or union that has the other",
                );
                self.error(error);
            }
            Some(ty) if given.iter().any(|(_, field)| field.ty != *ty) => {
                let hint = Hint {
                    code: HintCode::InconsistentButCompatibleFieldType,
                    message: format!("{coordinate} has different types in its subgraphs; clients see {ty}"),
                    places: places(),
                };
                self.hints.push(hint);
            }
            Some(_) => {}
        }
        ty
    }

    fn missing_on_base(&mut self, coordinate: &str, parts: &[Part<'_, Field>]) {
        let places: Vec<_> = parts
            .iter()
            .map(|(graph, field)| self.place(*graph, coordinate, field.position))
            .collect();
        let message = format!("{coordinate} is @external wherever it is declared: no subgraph gives it");
        self.error(
            CompositionError::new(Code::ExternalMissingOnBase, message)
                .at_all(places)
                .hint(
                    "declare it without @external in the subgraph that gives it, or take @external away here",
                ),
        );
    }

    /// An external field must look like the real one.
    fn external_fits(&mut self, coordinate: &str, merged: &MergedField, parts: &[Part<'_, Field>]) {
        for (graph, field) in parts.iter().filter(|(_, field)| field.external) {
            let place = self.place(*graph, coordinate, field.position);
            let merges = self.output_type(&merged.ty, &field.ty).is_some_and(|ty| {
                // Wider than the real one may be, narrower may not.
                ty == merged.ty || ty == field.ty
            });
            if !merges {
                let message = format!(
                    "{coordinate} is @external here with the type {}, but it is {}",
                    field.ty, merged.ty
                );
                let error = CompositionError::new(Code::ExternalTypeMismatch, message).at(place.clone());
                self.error(error.hint(format!("declare it as {}", merged.ty)));
            }
            for argument in &merged.arguments {
                match field.arguments.get(&argument.name) {
                    None => {
                        let message = format!(
                            "{coordinate} is @external here without its argument {}",
                            argument.name
                        );
                        let error = CompositionError::new(Code::ExternalArgumentMissing, message);
                        let hint = format!("add {}: {}", argument.name, argument.ty);
                        self.error(error.at(place.clone()).hint(hint));
                    }
                    Some(here) if here.ty.inner_named_type() != argument.ty.inner_named_type() => {
                        let message = format!(
                            "{coordinate} is @external here with {}: {}, but it is {}",
                            argument.name, here.ty, argument.ty
                        );
                        let error = CompositionError::new(Code::ExternalArgumentTypeMismatch, message);
                        self.error(
                            error
                                .at(place.clone())
                                .hint(format!("declare it as {}", argument.ty)),
                        );
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// One `@join__field` for each subgraph with the field, or none at all where all that have the type give it alike.
    fn field_joins(
        &self,
        of_type: &[Part<'_, TypeModel>],
        parts: &[Part<'_, Field>],
        standings: &[Standing],
    ) -> Vec<JoinField> {
        let first = &parts[0].1.ty;
        let same_type = parts.iter().all(|(_, field)| field.ty == *first);
        let joins: Vec<JoinField> = parts
            .iter()
            .zip(standings)
            .filter(|(_, standing)| **standing != Standing::Gone)
            .map(|((graph, field), standing)| JoinField {
                graph: Some(*graph),
                requires: field.requires.as_ref().map(ToString::to_string),
                provides: field.provides.as_ref().map(ToString::to_string),
                ty: (!same_type).then(|| field.ty.to_string()),
                external: field.external,
                overrides: field.overrides.as_ref().map(|taken| taken.from.clone()),
                override_label: field.overrides.as_ref().and_then(|taken| taken.label.clone()),
                used_overridden: *standing == Standing::UsedOverridden,
                context_arguments: if field.external {
                    Vec::new()
                } else {
                    self.context_arguments((*graph, *field))
                },
            })
            .collect();
        let plain = joins.iter().all(|join| {
            *join
                == JoinField {
                    graph: join.graph,
                    ..JoinField::default()
                }
        });
        if plain && joins.len() == of_type.len() {
            Vec::new()
        } else {
            joins
        }
    }
}
