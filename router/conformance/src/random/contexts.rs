//! Arguments from contexts.
//!
//! A context must be set on every way to whoever takes from it. So the query root sets it, and entities here and there set it as well: the nearest
//! one counts, and which one that is differs by the way.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::dice::Dice;
use super::model::{Field, Kind, Model, Object, Sub, Ty};

pub(super) fn contexts(model: &mut Model, dice: &mut Dice) {
    let sub = dice.below(model.subgraphs);
    let takes = |object: &Object| {
        let mut keys = object.keys.get(&sub).into_iter().flatten();
        object.kind == Kind::Entity && keys.any(|key| key.resolvable)
    };
    if !model.objects.iter().any(takes) {
        return;
    }
    let mut selection = "$ctx".to_owned();
    for (object, field) in setting(model, sub, dice) {
        let _ = write!(selection, " ... on {object} {{ {field} }}");
        let Some(object) = model.object_mut(&object) else {
            continue;
        };
        object.sets_context.insert(sub);
        if let Some(field) = object.field_mut(&field) {
            field.is_required = true;
            if !field.homes.contains(&sub) {
                field.external.insert(sub);
            }
        }
    }
    for object in model.objects.iter_mut().filter(|object| takes(object)) {
        for number in 0..1 + dice.below(2) {
            let mut field = Field::new(&format!("told{number}"), Ty::named("String", false), [sub]);
            field.argument = dice.one_in(3);
            field.context = Some(selection.clone());
            object.fields.push(field);
        }
    }
}

/// Types that set the context in a subgraph, and what is taken of them: text that never fails, whoever gives it.
fn setting(model: &mut Model, sub: Sub, dice: &mut Dice) -> Vec<(String, String)> {
    let home = dice.below(model.subgraphs);
    let mut setting = Vec::new();
    for object in &mut model.objects {
        if object.kind == Kind::Root {
            object
                .fields
                .push(Field::new("label", Ty::named("String", false), [home]));
            setting.push((object.name.clone(), "label".to_owned()));
        } else if object.kind == Kind::Entity && object.keys.contains_key(&sub) && !dice.one_in(3) {
            let fits = |field: &&Field| {
                field.ty == Ty::named("String", field.ty.non_null)
                    && !field.argument
                    && !field.inaccessible
                    && field.overridden.is_none()
                    && !field.homes.is_empty()
            };
            let fields: BTreeSet<String> = object
                .fields
                .iter()
                .filter(fits)
                .map(|field| field.name.clone())
                .collect();
            setting.extend(dice.pick(fields).map(|field| (object.name.clone(), field)));
        }
    }
    setting
}
