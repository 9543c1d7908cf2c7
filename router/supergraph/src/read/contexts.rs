//! `@context` and join's `contextArguments`: values that a router takes from an object further up.
//!
//! A selection is written for whatever may set the context: `{ currency }`, or `... on User { currency } ... on Shop { money }`. Here it is spelled out
//! for each type by itself, so that a planner that stands at an object finds what to take of it.

use std::sync::Arc;

use apollo_compiler::ast::{Directive, Selection, Value};
use apollo_compiler::collections::{HashMap, HashSet, IndexMap, IndexSet};
use apollo_compiler::executable::{FieldSet, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use super::Reader;
use super::directives::string;
use super::features::Features;
use crate::model::{ContextArgument, TypeModel};
use crate::text::{braced, parse_type, selections};

/// By context: the types whose objects set it. Those that are marked, and what an interface or a union among them stands for.
pub(super) type Contexts = HashMap<String, IndexSet<Name>>;

pub(super) fn setting(schema: &Schema, features: &Features) -> Contexts {
    let mut contexts = Contexts::default();
    let Some(own) = &features.context else {
        return contexts;
    };
    let implementers = schema.implementers_map();
    for (name, ty) in &schema.types {
        let marks = ty.directives().iter().filter(|directive| directive.name == *own);
        for context in marks.filter_map(|directive| string(directive, "name")) {
            let setting = contexts.entry(context.to_owned()).or_default();
            setting.insert(name.clone());
            match ty {
                ExtendedType::Union(union) => {
                    setting.extend(union.members.iter().map(|member| member.name.clone()));
                }
                ExtendedType::Interface(_) => {
                    let known = implementers.get(name).into_iter();
                    setting.extend(
                        known.flat_map(|known| known.interfaces.iter().chain(&known.objects).cloned()),
                    );
                }
                _ => {}
            }
        }
    }
    contexts
}

/// The types of whose objects some argument takes a value.
pub(super) fn used(models: &IndexMap<Name, TypeModel>) -> HashSet<Name> {
    let fields = models.values().flat_map(|model| model.fields.values());
    let declared = fields.flat_map(|field| field.subgraphs.values());
    declared
        .flat_map(|declared| &declared.context_arguments)
        .flat_map(|argument| argument.selections.keys().cloned())
        .collect()
}

impl Reader<'_> {
    /// `contextArguments: [{ context: "a__user", name: "of", type: "ID", selection: "{ id }" }]`.
    pub(super) fn context_arguments(
        &mut self,
        coordinate: &str,
        directive: &Node<Directive>,
    ) -> Vec<ContextArgument> {
        let given = directive.specified_argument_by_name("contextArguments");
        let mut arguments = Vec::new();
        for one in given.and_then(|value| value.as_list()).unwrap_or_default() {
            match self.context_argument(coordinate, directive, one) {
                Ok(argument) => arguments.push(argument),
                Err(reason) => self.error(coordinate, directive, format!("{one} {reason}")),
            }
        }
        arguments
    }

    fn context_argument(
        &mut self,
        coordinate: &str,
        directive: &Node<Directive>,
        written: &Node<Value>,
    ) -> Result<ContextArgument, &'static str> {
        let entries = written.as_object().unwrap_or_default();
        let text = |key: &str| {
            let (_, value) = entries.iter().find(|(name, _)| name == key)?;
            value.as_str()
        };
        let (Some(name), Some(ty), Some(context), Some(selection)) = (
            text("name").and_then(|name| Name::new(name).ok()),
            text("type").and_then(parse_type),
            text("context"),
            text("selection"),
        ) else {
            return Err("is no argument from a context: it has a name, a type, a context and a selection");
        };
        let Ok(parsed) = selections(selection) else {
            return Err("has a selection that can't be read");
        };
        let Some(setting) = self.contexts.get(context).cloned() else {
            return Err("is from a context that no type sets");
        };
        let mut selections = IndexMap::default();
        for ty in setting {
            let text = self.text_for(&ty, &parsed);
            let is_object = self.is_object(&ty);
            let set = if is_object && text.is_empty() {
                SelectionSet::new(ty.clone())
            } else if is_object {
                match self.field_set(coordinate, directive, &ty, &text) {
                    Some(set) => set,
                    // Said already.
                    None => continue,
                }
            } else {
                // What is said of an interface or union by its types isn't said of itself.
                let plain = parsed.iter().all(|one| matches!(one, Selection::Field(_)));
                let Ok(text) = braced(&text) else { continue };
                match FieldSet::parse_and_validate(self.schema, ty.clone(), text, "context") {
                    Ok(set) if plain => set.into_inner().selection_set,
                    _ => continue,
                }
            };
            selections.insert(ty, set);
        }
        Ok(ContextArgument {
            name,
            ty,
            context: Arc::from(context),
            selections,
        })
    }

    /// What of a selection is said of objects of one type.
    fn text_for(&self, ty: &Name, selections: &[Selection]) -> String {
        let mut text = Vec::new();
        for selection in selections {
            match selection {
                Selection::InlineFragment(fragment) => {
                    let applies = fragment
                        .type_condition
                        .as_ref()
                        .is_none_or(|on| on == ty || self.schema.is_subtype(on, ty));
                    if applies {
                        text.push(self.text_for(ty, &fragment.selection_set));
                    }
                }
                other => text.push(other.to_string()),
            }
        }
        text.join(" ")
    }

    fn is_object(&self, ty: &Name) -> bool {
        self.schema.types.get(ty).is_some_and(ExtendedType::is_object)
    }
}
