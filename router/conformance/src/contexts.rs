//! `@context` and `@fromContext`, as the subgraphs' SDL says them: which argument has which value, for one server that has everything at hand.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::Selection;
use serde_json::Value as Json;

use crate::field_set::FieldSet;
use crate::resolve::View;
use crate::world::Object;

/// By type and field: the arguments that clients don't give.
#[derive(Debug, Default)]
pub struct Contexts(BTreeMap<(String, String), Vec<Argument>>);

/// An argument from a context.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    /// The types that are marked with the context.
    pub(crate) setting: BTreeSet<String>,
    pub(crate) selection: FieldSet,
}

/// An object, and the world's name for its type.
pub(crate) type Above<'w> = (&'w str, &'w Object);

impl Contexts {
    pub(crate) fn add(&mut self, ty: &str, field: &str, argument: Argument) {
        let known = self.0.entry((ty.to_owned(), field.to_owned())).or_default();
        if !known.iter().any(|one| one.name == argument.name) {
            known.push(argument);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The arguments of a field, with their values below these objects: the nearest one comes last.
    pub(crate) fn values<'c>(
        &'c self,
        view: View<'c>,
        (ty, field): (&str, &str),
        above: &'c [Above<'c>],
    ) -> impl Iterator<Item = (&'c str, Json)> {
        let arguments = self.0.get(&(ty.to_owned(), field.to_owned()));
        arguments.into_iter().flatten().map(move |argument| {
            let sets = |(ty, _): &&Above<'_>| argument.setting.iter().any(|one| view.belongs_to(ty, one));
            let nearest = above.iter().rev().find(sets);
            let value = nearest.and_then(|above| value(view, *above, argument.selection.selections()));
            (argument.name.as_str(), value.unwrap_or_default())
        })
    }
}

/// The one value that selections lead to; None where none of them is for this type.
fn value(view: View<'_>, (ty, object): Above<'_>, selections: &[Selection]) -> Option<Json> {
    selections.iter().find_map(|selection| match selection {
        Selection::Field(field) if field.name == "__typename" => Some(ty.into()),
        Selection::Field(field) => {
            let value = object.get(field.name.as_str()).unwrap_or(&Json::Null);
            Some(below(view, value, &field.selection_set))
        }
        Selection::InlineFragment(fragment) => {
            let on = fragment.type_condition.as_ref();
            on.is_none_or(|on| view.belongs_to(ty, on))
                .then(|| value(view, (ty, object), &fragment.selection_set))
                .flatten()
        }
        Selection::FragmentSpread(_) => None,
    })
}

fn below(view: View<'_>, found: &Json, selections: &[Selection]) -> Json {
    match found {
        Json::Array(items) => items.iter().map(|item| below(view, item, selections)).collect(),
        Json::Object(error) if error.contains_key("@error") => Json::Null,
        leaf if selections.is_empty() => leaf.clone(),
        reference => view
            .world
            .object(reference, "")
            .and_then(|object| value(view, object, selections))
            .unwrap_or_default(),
    }
}
