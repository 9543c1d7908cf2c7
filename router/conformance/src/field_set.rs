//! Field sets of @key and @requires, read without a schema: `id org { id } ... on A { x }`.

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, Document, Selection};
use serde_json::Value as Json;

use crate::world::{Object, World};

/// A selection of fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldSet(Vec<Selection>);

impl FieldSet {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let document = Document::parse(format!("{{{text}}}"), "field set").ok()?;
        document
            .definitions
            .iter()
            .find_map(|definition| match definition {
                Definition::OperationDefinition(operation) => Some(Self(operation.selection_set.clone())),
                _ => None,
            })
    }

    /// Whether `given` (a representation, or a part of one) has every field, and each as the world has it.
    pub(crate) fn is_given(
        &self,
        world: &World,
        type_name: &str,
        object: &Object,
        given: &Json,
    ) -> Result<(), String> {
        given_selections(&self.0, world, type_name, object, given)
    }

    /// What the set consists of.
    pub(crate) fn selections(&self) -> &[Selection] {
        &self.0
    }

    /// The names of the set's own fields.
    pub(crate) fn top_fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|selection| match selection {
            Selection::Field(field) => Some(field.name.as_str()),
            _ => None,
        })
    }
}

fn given_selections(
    selections: &[Selection],
    world: &World,
    type_name: &str,
    object: &Object,
    given: &Json,
) -> Result<(), String> {
    for selection in selections {
        match selection {
            Selection::Field(field) if field.name == "__typename" => {}
            Selection::Field(field) => {
                let name = field.name.as_str();
                let Some(given) = given.get(name) else {
                    return Err(format!("{name} was not sent"));
                };
                let wanted = object.get(name).unwrap_or(&Json::Null);
                let given = &without_arguments(&field.arguments, wanted, given)?;
                given_value(&field.selection_set, world, wanted, given)
                    .map_err(|why| format!("{name}: {why}"))?;
            }
            Selection::InlineFragment(fragment) => {
                if fragment
                    .type_condition
                    .as_ref()
                    .is_none_or(|condition| condition == type_name)
                {
                    given_selections(&fragment.selection_set, world, type_name, object, given)?;
                }
            }
            Selection::FragmentSpread(_) => return Err("a field set has no named fragments".to_owned()),
        }
    }
    Ok(())
}

/// A text says with which arguments it was asked for (see `resolve`): they must be the set's own.
fn without_arguments(arguments: &[Node<Argument>], wanted: &Json, given: &Json) -> Result<Json, String> {
    let (Some(text), Some(wanted), false) = (given.as_str(), wanted.as_str(), arguments.is_empty()) else {
        return Ok(given.clone());
    };
    let asked = text.strip_prefix(wanted).unwrap_or_default();
    let asked: Json = serde_json::from_str(asked).unwrap_or_default();
    for argument in arguments {
        let value = argument.value.to_string();
        let asked = asked[argument.name.as_str()].to_string();
        if asked != value {
            return Err(format!(
                "{text} was asked for with other arguments than {}: {value}",
                argument.name
            ));
        }
    }
    Ok(wanted.into())
}

fn given_value(selections: &[Selection], world: &World, wanted: &Json, given: &Json) -> Result<(), String> {
    match (wanted, given) {
        (Json::Object(error), Json::Null) if error.contains_key("@error") => Ok(()),
        (Json::Array(wanted), Json::Array(given)) if wanted.len() == given.len() => wanted
            .iter()
            .zip(given)
            .try_for_each(|(wanted, given)| given_value(selections, world, wanted, given)),
        (wanted, given) if selections.is_empty() => match wanted == given {
            true => Ok(()),
            false => Err(format!("{given} was sent, it is {wanted}")),
        },
        (Json::Null, Json::Null) => Ok(()),
        (wanted, given) => match world.object(wanted, "") {
            Some((type_name, object)) if given.is_object() => {
                given_selections(selections, world, type_name, object, given)
            }
            _ => Err(format!("{given} was sent, it is {wanted}")),
        },
    }
}
