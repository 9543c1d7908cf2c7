//! A world for a model: the same from every subgraph's side.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::dice::Dice;
use super::model::{Failing, Field, Kind, Model, Object, Ty};

pub(super) fn world(model: &Model, dice: &mut Dice) -> Json {
    let mut world = Map::new();
    for object in &model.objects {
        let value = match object.kind {
            Kind::Root => Json::Object(fields(model, object, 0, dice)),
            Kind::Entity => (0..COUNT)
                .map(|number| {
                    let mut entity = Map::new();
                    entity.insert("@".to_owned(), label(&object.name, number).into());
                    entity.extend(fields(model, object, number, dice));
                    Json::Object(entity)
                })
                .collect(),
            // They stand where they are used.
            Kind::Value | Kind::Split => continue,
        };
        world.insert(object.name.clone(), value);
    }
    Json::Object(world)
}

/// How many of each entity there are.
const COUNT: usize = 3;

fn label(name: &str, number: usize) -> String {
    format!("{}{number}", name.to_lowercase())
}

fn fields(model: &Model, object: &Object, number: usize, dice: &mut Dice) -> Map<String, Json> {
    let mut values = Map::new();
    for field in &object.fields {
        values.insert(field.name.clone(), value(model, object, field, number, dice));
    }
    let theirs = model
        .abstracts
        .iter()
        .filter(|one| one.all_members().contains(&object.name));
    for field in theirs.flat_map(|one| &one.extras) {
        values.insert(field.name.clone(), value(model, object, field, number, dice));
    }
    values
}

fn value(model: &Model, object: &Object, field: &Field, number: usize, dice: &mut Dice) -> Json {
    if field.is_key {
        return match field.name.as_str() {
            "id" => format!("{}-{number}", object.name).into(),
            "code" => format!("{}{number}", object.name.to_uppercase()).into(),
            // A part of a key may be null.
            "region" => [json!("eu"), Json::Null, json!("eu")][number % COUNT].clone(),
            "number" => (number + 1).into(),
            _ => json!({ "id": format!("m{}{number}", object.name) }),
        };
    }
    let is_sure = field.ty.is_never_null();
    let may_fail = !field.is_required
        && field.loose.is_empty()
        && match model.failing {
            Failing::Nothing => false,
            Failing::Nullable => !is_sure,
            Failing::Anything => true,
        };
    if may_fail && dice.one_in(if is_sure { 25 } else { 12 }) {
        return json!({ "@error": format!("{}.{} of {number}", object.name, field.name) });
    }
    if !is_sure && dice.one_in(7) {
        return Json::Null;
    }
    let possible = model.possible_in_all(&field.ty.inner, &field.homes);
    match field.ty.list {
        None => one(model, field, &possible, number, dice),
        Some(_) => (0..dice.below(4))
            .map(|_| match !field.ty.non_null && dice.one_in(8) {
                true => Json::Null,
                false => one(model, field, &possible, number, dice),
            })
            .collect(),
    }
}

fn one(model: &Model, field: &Field, possible: &BTreeSet<String>, number: usize, dice: &mut Dice) -> Json {
    let Ty { inner, .. } = &field.ty;
    match inner.as_str() {
        "Int" => dice.below(100).into(),
        "ID" => format!("i{}", dice.below(100)).into(),
        "String" => format!("{}{}", field.name, dice.below(100)).into(),
        "Boolean" => dice.one_in(2).into(),
        "Color" => dice.pick(["RED", "GREEN"]).into(),
        _ => {
            let Some(object) = dice.pick(possible).and_then(|name| model.object(name)) else {
                return Json::Null;
            };
            if object.kind == Kind::Entity {
                return format!("@{}", label(&object.name, dice.below(COUNT))).into();
            }
            let mut value = Map::new();
            value.insert("__typename".to_owned(), object.name.clone().into());
            value.extend(fields(model, object, number, dice));
            Json::Object(value)
        }
    }
}
