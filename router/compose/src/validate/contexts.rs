//! `@context` and `@fromContext`: the context must be set by some type here, and what is taken from it must fit the argument.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use apollo_compiler::ast::{Selection, Type};

use crate::error::{Code, CompositionError, Place};
use crate::model::{Field, FromContext, InputValue, Shape, SubgraphModel, TypeModel, objects, overlap};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = names(subgraph);
    for ty in subgraph.types.values() {
        let fields = ty
            .composite()
            .into_iter()
            .flat_map(|composite| composite.fields.values());
        for field in fields {
            for argument in field.arguments.values() {
                let Some(from) = &argument.context else { continue };
                let coordinate = format!("{}.{}({}:)", ty.name, field.name, argument.name);
                let mut check = Check {
                    subgraph,
                    place: subgraph.place(coordinate.as_str(), from.position),
                    coordinate,
                    errors: Vec::new(),
                };
                check.place_of(ty, field, argument);
                check.source_of(from, argument);
                errors.extend(check.errors);
            }
        }
    }
    errors
}

/// A name becomes the end of another one in the supergraph, behind the subgraph's and two underscores.
fn names(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in subgraph.types.values() {
        for name in &ty.contexts {
            let plain: String = name.chars().filter(|c| *c != '_').collect();
            let is_plain = plain.starts_with(|c: char| c.is_ascii_alphabetic())
                && plain.chars().all(|c| c.is_ascii_alphanumeric());
            let code = match (is_plain, plain.len() == name.len()) {
                (true, true) => continue,
                (true, false) => Code::ContextNameContainsUnderscore,
                (false, _) => Code::ContextNameInvalid,
            };
            let message = format!(
                "@context(name: \"{name}\") on {} is no name for a context",
                ty.name
            );
            errors.push(
                CompositionError::new(code, message)
                    .at(subgraph.place(ty.name.as_str(), ty.position))
                    .hint("begin it with a letter, and go on with letters and digits"),
            );
        }
    }
    errors
}

struct Check<'a> {
    subgraph: &'a SubgraphModel,
    place: Place,
    coordinate: String,
    errors: Vec<CompositionError>,
}

/// Why a selection doesn't lead to one value.
type Reason = String;

impl Check<'_> {
    fn refuse(&mut self, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        let error = CompositionError::new(code, message).at(self.place.clone());
        self.errors.push(error.hint(hint));
    }

    /// The argument itself: only an object's own field can be asked for by a key once the value is known.
    fn place_of(&mut self, owner: &TypeModel, field: &Field, argument: &InputValue) {
        let coordinate = self.coordinate.clone();
        if !matches!(owner.shape, Shape::Object(_)) {
            let message = format!("{coordinate} is @fromContext, but {} is an interface", owner.name);
            return self.refuse(
                Code::ContextNotSet,
                message,
                "put @fromContext on fields of object types",
            );
        }
        let implemented = owner
            .composite()
            .into_iter()
            .flat_map(|composite| &composite.implements);
        let wanted_by = implemented
            .filter_map(|name| self.subgraph.types.get(name))
            .find(|interface| interface.field(&field.name).is_some());
        if let Some(interface) = wanted_by {
            let message = format!(
                "{coordinate} is @fromContext, but the field is one of the interface {}, which knows nothing of the argument",
                interface.name
            );
            self.refuse(
                Code::ContextNotSet,
                message,
                format!(
                    "take the field out of {}, or the argument out of the field",
                    interface.name
                ),
            );
        }
        if argument.default.is_some() {
            self.refuse(
                Code::ContextNotSet,
                format!("{coordinate} is @fromContext and has a default value, which would never be used"),
                "take the default value away",
            );
        }
        if !owner.keys.iter().any(|key| key.resolvable) {
            let message = format!(
                "{coordinate} is @fromContext, but {} has no resolvable @key here by which it could be asked for once the value is known",
                owner.name
            );
            self.refuse(
                Code::ContextNoResolvableKey,
                message,
                format!("give {} a @key in this subgraph", owner.name),
            );
        }
    }

    /// What it names.
    fn source_of(&mut self, from: &FromContext, argument: &InputValue) {
        let coordinate = self.coordinate.clone();
        let Some(context) = &from.context else {
            let message = format!(
                "{coordinate}: @fromContext(field: \"{}\") names no context",
                from.selection
            );
            return self.refuse(
                Code::NoContextInSelection,
                message,
                "write @fromContext(field: \"$name { field }\"), with the name that a @context gives",
            );
        };
        let setting: Vec<&TypeModel> = self
            .subgraph
            .types
            .values()
            .filter(|ty| ty.contexts.contains(context))
            .collect();
        if setting.is_empty() {
            let message = format!(
                "{coordinate} is from the context \"{context}\", which no type of this subgraph sets"
            );
            return self.refuse(
                Code::ContextNotSet,
                message,
                format!("add @context(name: \"{context}\") to the type that the value comes from"),
            );
        }
        if from.selection.is_empty() {
            let message = format!(
                "{coordinate} is from the context \"{context}\", but says nothing of what to take from it"
            );
            return self.refuse(
                Code::NoSelectionForContext,
                message,
                format!("write @fromContext(field: \"${context} {{ field }}\")"),
            );
        }
        let result = match &from.parsed {
            Some(parsed) => self.selection(&setting, parsed, &argument.ty),
            None => Err("it is no selection".to_owned()),
        };
        if let Err(reason) = result {
            let message = format!(
                "{coordinate} takes \"{}\" from the context \"{context}\": {reason}",
                from.selection
            );
            self.refuse(
                Code::ContextInvalidSelection,
                message,
                "select one field, { field }, or one for each type, ... on Type { field }; its type must be the argument's, which must be nullable",
            );
        }
    }

    fn selection(&self, setting: &[&TypeModel], parsed: &[Selection], wanted: &Type) -> Result<(), Reason> {
        let branches = parsed
            .iter()
            .filter(|one| matches!(one, Selection::InlineFragment(_)));
        if branches.count() == 0 {
            for ty in setting {
                let found = self.value(ty, parsed)?;
                fits(&found, wanted, ty)?;
            }
            return Ok(());
        }
        let mut seen = BTreeSet::new();
        let mut used = BTreeSet::new();
        for selection in parsed {
            let Selection::InlineFragment(fragment) = selection else {
                return Err("it selects a field beside what it selects for types".to_owned());
            };
            let Some(on) = &fragment.type_condition else {
                return Err("a fragment has no type".to_owned());
            };
            if !fragment.directives.is_empty() {
                return Err("it has a directive".to_owned());
            }
            if !seen.insert(on) {
                return Err(format!("there are two fragments on {on}"));
            }
            let object = self.subgraph.types.get(on);
            let Some(object) = object.filter(|ty| matches!(ty.shape, Shape::Object(_))) else {
                return Err(format!("{on} is no object type"));
            };
            fits(&self.value(object, &fragment.selection_set)?, wanted, object)?;
        }
        for ty in setting {
            let of_type = objects(&self.subgraph.types, ty);
            let fitting: Vec<&Name> = seen.iter().filter(|on| of_type.contains(on)).copied().collect();
            if fitting.is_empty() {
                return Err(format!("no fragment is for {}, which sets the context", ty.name));
            }
            used.extend(fitting);
        }
        match seen.difference(&used).next() {
            Some(on) => Err(format!("{on} doesn't set the context")),
            None => Ok(()),
        }
    }

    /// The type of the one value that a selection leads to. It can be null wherever it comes from: another subgraph may know the field as nullable,
    /// or may not answer.
    fn value(&self, ty: &TypeModel, selections: &[Selection]) -> Result<Type, Reason> {
        if ty.interface_object {
            return Err(format!("{} is an @interfaceObject here", ty.name));
        }
        if let [Selection::Field(field)] = selections {
            if field.alias.is_some() {
                return Err("it has an alias".to_owned());
            }
            if !field.directives.is_empty() {
                return Err("it has a directive".to_owned());
            }
            if field.name == "__typename" {
                return Ok(apollo_compiler::ty!(String!));
            }
            let Some(known) = ty.field(&field.name) else {
                return Err(format!("{} has no field {} here", ty.name, field.name));
            };
            let lacking = known.arguments.values().find(|argument| {
                argument.is_required() && !field.arguments.iter().any(|given| given.name == argument.name)
            });
            if let Some(argument) = lacking {
                return Err(format!("{}.{} wants {}", ty.name, field.name, argument.name));
            }
            let inner = self.subgraph.types.get(known.ty.inner_named_type());
            let is_composite =
                |ty: &&TypeModel| ty.composite().is_some() || matches!(ty.shape, Shape::Union { .. });
            return match (inner.filter(is_composite), field.selection_set.as_slice()) {
                (None, []) => Ok(known.ty.clone().nullable()),
                (None, _) => Err(format!("{}.{} has no fields", ty.name, field.name)),
                (Some(_), []) => Err(format!("nothing is selected of {}.{}", ty.name, field.name)),
                (Some(inner), below) => Ok(in_lists_of(&known.ty, self.value(inner, below)?)),
            };
        }
        let mut found: Option<Type> = None;
        for selection in selections {
            let Selection::InlineFragment(fragment) = selection else {
                return Err("it selects more than one value".to_owned());
            };
            let on = fragment.type_condition.as_ref();
            let on = on.map_or(Some(ty), |on| self.subgraph.types.get(on));
            let Some(on) = on.filter(|on| overlap(&self.subgraph.types, on, ty)) else {
                return Err(format!("a fragment is for nothing that {} can be", ty.name));
            };
            let one = self.value(on, &fragment.selection_set)?;
            if found.as_ref().is_some_and(|found| *found != one) {
                return Err("its fragments are of different types".to_owned());
            }
            found = Some(one);
        }
        found.ok_or_else(|| "it selects nothing".to_owned())
    }
}

/// The lists of a type, with something else in them.
fn in_lists_of(ty: &Type, inner: Type) -> Type {
    match ty {
        Type::List(item) | Type::NonNullList(item) => Type::List(Box::new(in_lists_of(item, inner))),
        _ => inner,
    }
}

fn fits(found: &Type, wanted: &Type, ty: &TypeModel) -> Result<(), Reason> {
    if found.is_assignable_to(wanted) {
        return Ok(());
    }
    Err(format!(
        "of {} that is {found}, and the argument is {wanted}",
        ty.name
    ))
}
