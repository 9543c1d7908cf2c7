//! Objects of a world, seen through a schema.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use apollo_compiler::ast::Selection;
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Schema, ast::Type};
use serde_json::Value as Json;

use crate::contexts::{Above, Contexts};
use crate::subgraph::{Key, SubgraphSchema};
use crate::world::{Object, World};

/// Through what a world is seen.
#[derive(Clone, Copy)]
pub(crate) struct View<'w> {
    pub(crate) world: &'w World,
    /// `None`: the whole API schema.
    pub(crate) subgraph: Option<&'w SubgraphSchema>,
    /// By object type, in all subgraphs together: its interfaces and unions.
    pub(crate) abstracts: &'w BTreeMap<String, BTreeSet<String>>,
    /// By type and field: what other subgraphs have taken over from this one.
    pub(crate) lost: &'w HashSet<(String, String)>,
    /// What one server fills in by itself; subgraphs are told.
    pub(crate) contexts: &'w Contexts,
}

/// An object while it is resolved.
pub(crate) struct Node<'w> {
    view: View<'w>,
    /// The schema's name for it.
    name: Cow<'w, str>,
    /// The world's name for it.
    type_name: &'w str,
    object: &'w Object,
    /// What the router sent, for an entity that it asked for.
    representation: Option<Json>,
    /// External fields that are given on this way.
    provided: Sets<'w>,
    /// The objects on the way here and this one, where contexts matter.
    above: Vec<Above<'w>>,
}

/// Some field sets.
type Sets<'w> = Vec<&'w [Selection]>;

impl<'w> View<'w> {
    /// The object from which an operation starts.
    pub(crate) fn root(self, type_name: &'w str, empty: &'w Object) -> Node<'w> {
        let object = self.world.root(type_name).unwrap_or(empty);
        Node {
            view: self,
            name: type_name.into(),
            type_name,
            object,
            representation: None,
            provided: Vec::new(),
            above: self.above(&[], (type_name, object)),
        }
    }

    fn above(self, above: &[Above<'w>], own: Above<'w>) -> Vec<Above<'w>> {
        match self.contexts.is_empty() {
            true => Vec::new(),
            false => above.iter().copied().chain([own]).collect(),
        }
    }

    fn node(
        self,
        schema: &Schema,
        (type_name, declared): (&'w str, &str),
        object: &'w Object,
        representation: Option<Json>,
        provided: Sets<'w>,
        above: &[Above<'w>],
    ) -> Node<'w> {
        Node {
            view: self,
            name: self.name_in(schema, type_name, declared),
            type_name,
            object,
            representation,
            provided,
            above: self.above(above, (type_name, object)),
        }
    }

    /// A schema that doesn't know the object's type may know one of its interfaces as an object: the declared one, if it can be.
    fn name_in(self, schema: &Schema, type_name: &'w str, declared: &str) -> Cow<'w, str> {
        if schema.get_object(type_name).is_some() {
            return type_name.into();
        }
        if schema.get_object(declared).is_some() && self.belongs_to(type_name, declared) {
            return declared.to_owned().into();
        }
        let abstracts = self.abstracts.get(type_name).into_iter().flatten();
        abstracts
            .filter(|name| schema.get_object(name).is_some())
            .map(|name| Cow::from(name.as_str()))
            .next()
            .unwrap_or(type_name.into())
    }

    pub(crate) fn belongs_to(self, type_name: &str, wanted: &str) -> bool {
        type_name == wanted
            || self
                .abstracts
                .get(type_name)
                .is_some_and(|abstracts| abstracts.contains(wanted))
    }

    fn value(
        self,
        info: &ResolveInfo<'_>,
        ty: &'w Type,
        value: &'w Json,
        extra: &str,
        provided: &Sets<'w>,
        above: &[Above<'w>],
    ) -> Result<ResolvedValue<'w>, FieldError> {
        let inner = ty.inner_named_type();
        let is_composite = matches!(
            info.schema().types.get(inner),
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
        );
        if let Some(message) = value.get("@error").and_then(Json::as_str) {
            return Err(FieldError {
                message: message.to_owned(),
            });
        }
        match value {
            Json::Null => Ok(ResolvedValue::null()),
            Json::Array(items) if ty.is_list() => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| self.value(info, ty.item_type(), item, extra, provided, above))
                    .collect();
                Ok(ResolvedValue::List(Box::new(items.into_iter())))
            }
            value if is_composite => match self.world.object(value, inner) {
                Some((type_name, object)) => Ok(ResolvedValue::object(self.node(
                    info.schema(),
                    (type_name, inner),
                    object,
                    None,
                    provided.clone(),
                    above,
                ))),
                None => Err(FieldError {
                    message: format!("{value} leads nowhere"),
                }),
            },
            Json::String(text) if !extra.is_empty() => Ok(ResolvedValue::leaf(format!("{text}{extra}"))),
            value => Ok(ResolvedValue::Leaf(JsonValue::from(value.clone()))),
        }
    }
}

impl<'w> Node<'w> {
    fn entities(&self, info: &ResolveInfo<'_>) -> Result<ResolvedValue<'w>, FieldError> {
        let representations = serde_json::to_value(info.arguments()).unwrap_or_default();
        let representations = representations["representations"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let entities: Vec<_> = representations
            .into_iter()
            .map(|given| self.entity(info, given))
            .collect();
        Ok(ResolvedValue::List(Box::new(entities.into_iter())))
    }

    fn entity(&self, info: &ResolveInfo<'_>, given: Json) -> Result<ResolvedValue<'w>, FieldError> {
        let view = self.view;
        let Some(subgraph) = view.subgraph else {
            return Ok(ResolvedValue::null());
        };
        let Some(wanted) = given["__typename"].as_str().map(str::to_owned) else {
            return Err(FieldError {
                message: format!("{given} has no __typename"),
            });
        };
        let Some(keys) = subgraph.keys.get(&wanted) else {
            return Err(FieldError {
                message: format!("{wanted} has no key here"),
            });
        };
        let is_named =
            |key: &&Key| key.resolvable && key.fields.top_fields().all(|name| given.get(name).is_some());
        if !keys.iter().any(|key| is_named(&key)) {
            return Err(FieldError {
                message: format!("{given} names no key"),
            });
        }
        for type_name in view
            .world
            .type_names()
            .filter(|name| view.belongs_to(name, &wanted))
        {
            for object in view.world.objects(type_name) {
                let mut named = keys.iter().filter(is_named);
                if named.any(|key| key.fields.is_given(view.world, type_name, object, &given).is_ok()) {
                    return Ok(ResolvedValue::object(view.node(
                        info.schema(),
                        (type_name, &wanted),
                        object,
                        Some(given),
                        Vec::new(),
                        &[],
                    )));
                }
            }
        }
        Ok(ResolvedValue::null())
    }

    /// The field sets that give something at this object: its keys, and what is provided on the way here.
    fn given<'s>(&'s self, subgraph: &'w SubgraphSchema) -> impl Iterator<Item = &'w [Selection]> + 's {
        let keys = subgraph.keys.get(&*self.name).into_iter().flatten();
        keys.map(|key| key.fields.selections())
            .chain(self.provided.iter().copied())
    }

    /// What field sets say of a field's value, if they name it at all.
    fn inside(&self, sets: impl Iterator<Item = &'w [Selection]>, field: &str) -> Option<Sets<'w>> {
        let mut found = None;
        for selection in sets.flatten() {
            let more = match selection {
                Selection::Field(own) if own.name == field => Some(vec![own.selection_set.as_slice()]),
                Selection::InlineFragment(fragment) => {
                    let applies = fragment
                        .type_condition
                        .as_ref()
                        .is_none_or(|ty| *ty == *self.name || self.view.belongs_to(self.type_name, ty));
                    let inner = std::iter::once(fragment.selection_set.as_slice());
                    applies.then(|| self.inside(inner, field)).flatten()
                }
                _ => None,
            };
            if let Some(more) = more {
                found.get_or_insert_with(Vec::new).extend(more);
            }
        }
        found
    }

    /// A subgraph can't answer a field that is another's, nor one for which it wasn't given what it requires.
    fn may_answer(&self, subgraph: &'w SubgraphSchema, field: &str) -> Result<(), FieldError> {
        let at = (self.name.to_string(), field.to_owned());
        let refused = |why: &str| {
            let message = format!("{}.{field} {why}", self.name);
            Err(FieldError { message })
        };
        let is_external = subgraph.external.contains(&at);
        if (is_external || self.view.lost.contains(&at)) && self.inside(self.given(subgraph), field).is_none()
        {
            return refused(if is_external {
                "is external"
            } else {
                "was taken over"
            });
        }
        let Some(required) = subgraph.requires.get(&at) else {
            return Ok(());
        };
        let Some(given) = &self.representation else {
            return Err(FieldError {
                message: format!("{}.{field} requires what was not sent", self.name),
            });
        };
        required
            .is_given(self.view.world, self.type_name, self.object, given)
            .map_err(|why| FieldError {
                message: format!("{}.{field} requires: {why}", self.name),
            })
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        &self.name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let field = info.field_name();
        let mut provided = Sets::new();
        if let Some(subgraph) = self.view.subgraph {
            if field == "_entities" {
                return self.entities(info);
            }
            self.may_answer(subgraph, field)?;
            provided.extend(self.inside(self.given(subgraph), field).unwrap_or_default());
            let own = subgraph.provides.get(&(self.name.to_string(), field.to_owned()));
            provided.extend(own.map(|set| set.selections()));
        }
        // What a text says depends on its arguments, so that a mix-up of arguments shows.
        let mut arguments = serde_json::to_value(info.arguments()).unwrap_or_default();
        let at = (self.type_name, field);
        if let Json::Object(arguments) = &mut arguments {
            let above = self.above.split_last().map_or(&[][..], |(_, above)| above);
            let contexts = self.view.contexts.values(self.view, at, above);
            arguments.extend(contexts.map(|(name, value)| (name.to_owned(), value)));
        }
        let extra = match arguments.as_object().is_none_or(|arguments| arguments.is_empty()) {
            true => String::new(),
            false => arguments.to_string(),
        };
        let value = self.object.get(field).unwrap_or(&Json::Null);
        self.view.value(
            info,
            &info.field_definition().ty,
            value,
            &extra,
            &provided,
            &self.above,
        )
    }
}
