//! Field sets: the strings in `@key`, `@requires` and `@provides`.

use std::borrow::Cow;
use std::fmt::{self, Write};

use apollo_compiler::Name;
use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::executable::{FieldSet as ParsedFieldSet, Selection, SelectionSet};
use lavka_supergraph::braced;

use super::Reader;
use super::directives::position;
use crate::error::{Code, CompositionError, Place};
use crate::model::{Federation, FieldSet};

/// The codes for what can be wrong, by directive.
pub(super) struct Codes {
    pub directive: &'static str,
    pub fields: Code,
    pub fields_type: Code,
    pub directive_in_fields: Code,
}

pub(super) const KEY: Codes = Codes {
    directive: "key",
    fields: Code::KeyInvalidFields,
    fields_type: Code::KeyInvalidFieldsType,
    directive_in_fields: Code::KeyDirectiveInFieldsArg,
};
pub(super) const REQUIRES: Codes = Codes {
    directive: "requires",
    fields: Code::RequiresInvalidFields,
    fields_type: Code::RequiresInvalidFieldsType,
    directive_in_fields: Code::RequiresDirectiveInFieldsArg,
};
pub(super) const PROVIDES: Codes = Codes {
    directive: "provides",
    fields: Code::ProvidesInvalidFields,
    fields_type: Code::ProvidesInvalidFieldsType,
    directive_in_fields: Code::ProvidesDirectiveInFieldsArg,
};

impl Reader<'_> {
    /// The `fields` of a directive, checked against the type that they are fields of.
    pub(super) fn field_set(
        &mut self,
        coordinate: &str,
        ty: &Name,
        directive: &apollo_compiler::Node<Directive>,
        codes: &Codes,
    ) -> Option<FieldSet> {
        let place = Place {
            subgraph: self.subgraph.name.clone(),
            coordinate: coordinate.to_owned(),
            position: position(&self.schema, directive.location()),
        };
        let name = codes.directive;
        let fields = directive.specified_argument_by_name("fields");
        let Some(text) = fields.and_then(|value| self.text_of_fields(value)) else {
            let message = format!("the fields of @{name} on {coordinate} must be one string");
            let hint = format!("write @{name}(fields: \"id\")");
            self.errors.push(
                CompositionError::new(codes.fields_type, message)
                    .at(place)
                    .hint(hint),
            );
            return None;
        };
        let parsed = braced(&text).map_err(|reason| vec![reason]).and_then(|braced| {
            let parsed = ParsedFieldSet::parse_and_validate(&self.schema, ty.clone(), braced, "fields");
            parsed.map_err(|invalid| invalid.errors.iter().map(|it| it.error.to_string()).collect())
        });
        match parsed {
            Ok(parsed) => {
                let selection = parsed.into_inner().selection_set;
                if has_directives(&selection) {
                    let message =
                        format!("@{name}(fields: \"{text}\") on {coordinate} has a directive in its fields");
                    self.errors.push(
                        CompositionError::new(codes.directive_in_fields, message)
                            .at(place)
                            .hint("take the directive away: what is named is always meant"),
                    );
                    return None;
                }
                Some(FieldSet {
                    selection,
                    position: place.position,
                })
            }
            Err(reasons) => {
                let message = format!(
                    "@{name}(fields: \"{text}\") on {coordinate}: {}",
                    reasons.join("; ")
                );
                let hint = format!("name fields that {ty} has in this subgraph");
                self.errors
                    .push(CompositionError::new(codes.fields, message).at(place).hint(hint));
                None
            }
        }
    }
}

impl Reader<'_> {
    /// Federation 1 took a list of fields as well.
    fn text_of_fields<'v>(&self, value: &'v Value) -> Option<Cow<'v, str>> {
        if let Some(text) = value.as_str() {
            return Some(Cow::Borrowed(text));
        }
        let items = value
            .as_list()
            .filter(|_| self.links.federation == Federation::One)?;
        let texts: Option<Vec<&str>> = items.iter().map(|item| item.as_str()).collect();
        Some(Cow::Owned(texts?.join(" ")))
    }
}

fn has_directives(set: &SelectionSet) -> bool {
    set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => !field.directives.is_empty() || has_directives(&field.selection_set),
        Selection::InlineFragment(fragment) => {
            !fragment.directives.is_empty() || has_directives(&fragment.selection_set)
        }
        Selection::FragmentSpread(_) => false,
    })
}

impl fmt::Display for FieldSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_selection(f, &self.selection)
    }
}

/// A selection in the same spelling.
pub(crate) struct Spelt<'a>(pub &'a SelectionSet);

impl fmt::Display for Spelt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_selection(f, self.0)
    }
}

fn write_selection(f: &mut fmt::Formatter<'_>, selection: &SelectionSet) -> fmt::Result {
    for (index, one) in selection.selections.iter().enumerate() {
        if index > 0 {
            f.write_char(' ')?;
        }
        match one {
            Selection::Field(field) => {
                if let Some(alias) = &field.alias {
                    write!(f, "{alias}: ")?;
                }
                write!(f, "{}", field.name)?;
                for (index, argument) in field.arguments.iter().enumerate() {
                    let before = if index == 0 { "(" } else { ", " };
                    write!(f, "{before}{}: {}", argument.name, argument.value)?;
                }
                if !field.arguments.is_empty() {
                    f.write_char(')')?;
                }
                nested(f, &field.selection_set)?;
            }
            Selection::InlineFragment(fragment) => {
                f.write_str("...")?;
                if let Some(condition) = &fragment.type_condition {
                    write!(f, " on {condition}")?;
                }
                nested(f, &fragment.selection_set)?;
            }
            // A field set can't define fragments, so validation refuses their spreads.
            Selection::FragmentSpread(spread) => write!(f, "...{}", spread.fragment_name)?,
        }
    }
    Ok(())
}

fn nested(f: &mut fmt::Formatter<'_>, selection: &SelectionSet) -> fmt::Result {
    if selection.selections.is_empty() {
        return Ok(());
    }
    f.write_str(" { ")?;
    write_selection(f, selection)?;
    f.write_str(" }")
}
