//! The fields of a model: who gives which, and what stands in between.

use std::collections::BTreeSet;

use super::dice::Dice;
use super::model::{Failing, Field, Kind, Model, Object, Override, Sub, Ty};

/// Plain values. Fields of one name may have different types in different objects, unless they are an interface's.
pub(super) fn scalars(model: &mut Model, dice: &mut Dice) {
    let common: Vec<(String, BTreeSet<String>)> = model
        .abstracts
        .iter()
        .flat_map(|one| one.common.iter().map(|name| (name.clone(), one.all_members())))
        .filter(|(name, _)| name != "link")
        .collect();
    let titles_take_arguments = dice.one_in(3);
    for name in names(model, |object| object.kind == Kind::Entity) {
        for pool in ["name", "size", "rank", "note", "flag"] {
            if dice.one_in(3) {
                continue;
            }
            let inner = dice
                .pick(["Int", "String", "String", "Boolean", "Color"])
                .unwrap_or("Int");
            let argument = inner == "String" && dice.one_in(3);
            let ty = Ty::named(inner, dice.one_in(3));
            add(model, &name, pool, ty, argument, dice);
        }
        for (field, _) in common.iter().filter(|(_, members)| members.contains(&name)) {
            let is_there = model
                .object(&name)
                .is_some_and(|object| object.field(field).is_some());
            if !is_there {
                let is_title = field == "title";
                let inner = if is_title { "String" } else { "Int" };
                let ty = Ty::named(inner, dice.one_in(3));
                add(model, &name, field, ty, is_title && titles_take_arguments, dice);
            }
        }
    }
}

fn names(model: &Model, which: impl Fn(&Object) -> bool) -> Vec<String> {
    let objects = model.objects.iter().filter(|object| which(object));
    objects.map(|object| object.name.clone()).collect()
}

/// A field of an entity, given by one of its subgraphs or by several.
fn add(model: &mut Model, entity: &str, name: &str, ty: Ty, argument: bool, dice: &mut Dice) {
    let Some(object) = model.object_mut(entity) else {
        return;
    };
    let members: Vec<Sub> = object.members.iter().copied().collect();
    let homes = match dice.one_in(4) {
        true => dice.some(members, 1),
        false => dice.pick(members).into_iter().collect(),
    };
    let mut field = Field::new(name, ty, homes);
    field.argument = argument;
    field.shareable = field.homes.len() > 1;
    object.fields.push(field);
}

/// Fields that lead to other objects.
pub(super) fn references(model: &mut Model, dice: &mut Dice) {
    let linked: BTreeSet<String> = model
        .abstracts
        .iter()
        .filter(|one| one.common.iter().any(|name| name == "link"))
        .flat_map(|one| one.all_members())
        .collect();
    let link = names(model, |object| object.kind == Kind::Entity);
    let link = dice.pick(link).unwrap_or_default();
    for name in names(model, |object| object.kind == Kind::Entity) {
        if linked.contains(&name) {
            let members = members(model, &name);
            let homes = members.into_iter().filter(|sub| model.can_name(&link, *sub));
            if let Some(home) = dice.pick(homes.collect::<Vec<_>>()) {
                give(model, &name, "link", Ty::named(&link, false), [home].into(), dice);
            }
        }
        for number in 0..1 + dice.below(3) {
            let members = members(model, &name);
            let homes: BTreeSet<Sub> = match dice.one_in(4) {
                true => dice.some(members, 1).into_iter().collect(),
                false => dice.pick(members).into_iter().collect(),
            };
            reference(model, &name, &format!("ref{number}"), homes, dice);
        }
    }
    common_to_all(model);
}

/// An interface has only what all of its implementations could be given.
fn common_to_all(model: &mut Model) {
    let lacks = |name: &String, members: &BTreeSet<String>| {
        let mut members = members.iter().filter_map(|member| model.object(member));
        members.any(|object| object.field(name).is_none())
    };
    let lacking: Vec<Vec<String>> = model
        .abstracts
        .iter()
        .map(|one| {
            let members = one.all_members();
            let names = one.common.iter().filter(|name| lacks(name, &members));
            names.cloned().collect()
        })
        .collect();
    for (one, lacking) in model.abstracts.iter_mut().zip(lacking) {
        one.common.retain(|name| !lacking.contains(name));
    }
}

fn members(model: &Model, object: &str) -> Vec<Sub> {
    model
        .object(object)
        .map(|object| object.members.iter().copied().collect())
        .unwrap_or_default()
}

fn give(model: &mut Model, object: &str, name: &str, ty: Ty, homes: BTreeSet<Sub>, dice: &mut Dice) {
    for sub in &homes {
        model.name(&ty.inner, *sub, dice);
    }
    let is_split = model.object(&ty.inner).is_some_and(|one| one.kind == Kind::Split);
    let Some(object) = model.object_mut(object) else {
        return;
    };
    object.members.extend(&homes);
    let mut field = Field::new(name, ty, homes);
    field.shareable = field.homes.len() > 1 || is_split;
    object.fields.push(field);
}

/// A field that leads to whatever all of its homes can name.
fn reference(model: &mut Model, object: &str, name: &str, homes: BTreeSet<Sub>, dice: &mut Dice) {
    let is_root = model
        .object(object)
        .is_some_and(|object| object.kind == Kind::Root);
    let own = members(model, object);
    let mut targets = Vec::new();
    for target in &model.objects {
        let fits = match target.kind {
            Kind::Entity | Kind::Value => homes.iter().all(|sub| model.can_name(&target.name, *sub)),
            // Its other parts are reached again through this object, in all of its subgraphs.
            Kind::Split => is_root || target.members.iter().all(|sub| own.contains(sub)),
            Kind::Root => false,
        };
        if fits && target.name != "Maker" {
            targets.push(target.name.clone());
        }
    }
    for one in &model.abstracts {
        if homes.iter().all(|sub| model.can_name(&one.name, *sub))
            && !model.possible_in_all(&one.name, &homes).is_empty()
        {
            targets.extend([one.name.clone(), one.name.clone()]);
        }
    }
    let Some(target) = dice.pick(targets) else { return };
    let ty = Ty {
        inner: target.clone(),
        list: dice.one_in(2).then(|| dice.one_in(3)),
        non_null: dice.one_in(3),
    };
    let homes = match model.object(&target) {
        Some(object) if object.kind == Kind::Split => object.members.clone(),
        _ => homes,
    };
    give(model, object, name, ty, homes, dice);
}

/// Where operations begin; some root fields are given by several subgraphs.
pub(super) fn roots(model: &mut Model, dice: &mut Dice) {
    let subs: BTreeSet<Sub> = (0..model.subgraphs).collect();
    for name in ["Query", "Mutation"] {
        if name == "Mutation" && !dice.one_in(4) {
            continue;
        }
        model.objects.push(Object {
            name: name.to_owned(),
            kind: Kind::Root,
            members: subs.clone(),
            keys: Default::default(),
            fields: Vec::new(),
            sets_context: BTreeSet::new(),
        });
        for number in 0..2 + dice.below(4) {
            let homes: BTreeSet<Sub> = match name == "Query" && dice.one_in(3) {
                true => dice.some(0..model.subgraphs, 2).into_iter().collect(),
                false => [dice.below(model.subgraphs)].into(),
            };
            let prefix = name.chars().next().unwrap_or('Q').to_ascii_lowercase();
            let field = format!("{prefix}{number}");
            if dice.one_in(8) {
                let ty = Ty::named(dice.pick(["Int", "Color"]).unwrap_or("Int"), dice.one_in(4));
                give(model, name, &field, ty, homes, dice);
            } else if name == "Query" {
                reference(model, name, &field, homes, dice);
            } else if let Some(target) = dice.pick(names(model, |object| object.kind == Kind::Entity))
                && homes.iter().all(|sub| model.can_name(&target, *sub))
            {
                let ty = Ty::named(&target, dice.one_in(4));
                give(model, name, &field, ty, homes, dice);
            }
        }
        let is_empty = model.object(name).is_some_and(|object| object.fields.is_empty());
        if is_empty {
            give(model, name, "hello", Ty::named("Int", false), [0].into(), dice);
        }
    }
}

/// What is required stands before what requires it, so that there are chains but no circles.
pub(super) fn requires(model: &mut Model, dice: &mut Dice) {
    let entities = names(model, |object| object.kind == Kind::Entity);
    for (number, entity) in entities.iter().enumerate() {
        let Some(object) = model.object(entity) else {
            continue;
        };
        for at in 0..object.fields.len() {
            let Some(field) = model.object(entity).and_then(|object| object.fields.get(at)) else {
                continue;
            };
            if field.is_key || field.homes.len() != 1 || !field.is_scalar() || !dice.one_in(3) {
                continue;
            }
            let Some(home) = field.homes.first().copied() else {
                continue;
            };
            let mut parts = Vec::new();
            for _ in 0..1 + dice.below(2) {
                if let Some(part) = requirement(model, (number, entity), at, home, &entities, dice)
                    && !parts.contains(&part)
                {
                    parts.push(part);
                }
            }
            // One field can't be named in two ways at once.
            parts.sort();
            parts.dedup_by_key(|part: &mut String| {
                part.split([' ', '(']).next().unwrap_or_default().to_owned()
            });
            if !parts.is_empty()
                && let Some(field) = model
                    .object_mut(entity)
                    .and_then(|object| object.fields.get_mut(at))
            {
                field.requires = Some(parts.join(" "));
            }
        }
    }
}

fn requirement(
    model: &mut Model,
    (number, entity): (usize, &str),
    at: usize,
    home: Sub,
    entities: &[String],
    dice: &mut Dice,
) -> Option<String> {
    let object = model.object(entity)?;
    let earlier = object.fields[..at]
        .iter()
        .filter(|field| !field.is_key && !field.homes.contains(&home));
    let field = dice.pick(earlier.cloned().collect::<Vec<_>>())?;
    if field.is_scalar() {
        require(model, entity, &field.name, home);
        // Two fields may require one with different arguments.
        let argument = match field.argument.then(|| dice.below(3)) {
            Some(0) => "(lang: \"ru\")",
            Some(1) => "(lang: \"en\")",
            _ => "",
        };
        return Some(format!("{}{argument}", field.name));
    }
    if model.failing == Failing::Anything || !model.can_name(&field.ty.inner, home) {
        return None;
    }
    let inner = field.ty.inner.as_str();
    let text = match model.object(inner) {
        Some(value) if value.kind == Kind::Value => {
            let scalars = value.fields.iter().filter(|field| field.is_scalar());
            let chosen = dice.some(scalars.map(|field| field.name.clone()).collect::<Vec<_>>(), 1);
            model.name(inner, home, dice);
            for name in &chosen {
                if let Some(field) = model.object_mut(inner).and_then(|value| value.field_mut(name)) {
                    field.is_required = true;
                }
            }
            chosen.join(" ")
        }
        Some(target) if target.kind == Kind::Entity => {
            nested(model, inner, (number, at), home, entities, dice)?
        }
        Some(_) => return None,
        None => {
            let possible = model.an_abstract(inner)?.members.get(&home)?.clone();
            let mut cases = Vec::new();
            for target in dice.some(possible, 1) {
                let Some(inside) = nested(model, &target, (number, at), home, entities, dice) else {
                    continue;
                };
                cases.push(format!("... on {target} {{ {inside} }}"));
            }
            if cases.is_empty() {
                return None;
            }
            format!("__typename {}", cases.join(" "))
        }
    };
    require(model, entity, &field.name, home);
    Some(format!("{} {{ {text} }}", field.name))
}

/// A field of an object that an object leads to: one that the subgraph has itself, or an external one.
fn nested(
    model: &mut Model,
    target: &str,
    (number, at): (usize, usize),
    home: Sub,
    entities: &[String],
    dice: &mut Dice,
) -> Option<String> {
    let its_number = entities.iter().position(|name| name == target)?;
    model.name(target, home, dice);
    let object = model.object(target)?;
    let fits = |(its_at, field): &(usize, &Field)| {
        let is_before =
            field.requires.is_none() || its_number < number || (its_number == number && *its_at < at);
        let is_settled = its_number < number || (its_number == number && *its_at < at) || field.is_key;
        field.is_scalar() && !field.argument && is_before && is_settled
    };
    let fields = object.fields.iter().enumerate().filter(fits);
    let name = dice.pick(fields.map(|(_, field)| field.name.clone()).collect::<Vec<_>>())?;
    require(model, target, &name, home);
    Some(name)
}

fn require(model: &mut Model, object: &str, field: &str, home: Sub) {
    if let Some(field) = model
        .object_mut(object)
        .and_then(|object| object.field_mut(field))
    {
        field.is_required = true;
        if !field.homes.contains(&home) {
            field.external.insert(home);
        }
    }
}

/// Fields that moved, or are about to, from one subgraph to another.
pub(super) fn overrides(model: &mut Model, dice: &mut Dice) {
    for entity in names(model, |object| object.kind == Kind::Entity) {
        let Some(object) = model.object(&entity) else {
            continue;
        };
        for at in 0..object.fields.len() {
            let Some(object) = model.object(&entity) else {
                continue;
            };
            let field = &object.fields[at];
            let is_plain =
                !field.is_key && field.homes.len() == 1 && field.requires.is_none() && !field.shareable;
            if !is_plain || !dice.one_in(6) {
                continue;
            }
            let takers = object.members.iter().copied().filter(|sub| {
                !field.homes.contains(sub)
                    && !field.external.contains(sub)
                    && (field.is_scalar() || model.can_name(&field.ty.inner, *sub))
            });
            let inner = field.ty.inner.clone();
            let Some(by) = dice.pick(takers.collect::<Vec<_>>()) else {
                continue;
            };
            let homes: BTreeSet<Sub> = field.homes.iter().copied().chain([by]).collect();
            let is_abstract = model.an_abstract(&inner).is_some();
            if is_abstract && model.possible_in_all(&inner, &homes).is_empty() {
                continue;
            }
            model.name(&inner, by, dice);
            let label = dice.one_in(2);
            if let Some(field) = model
                .object_mut(&entity)
                .and_then(|object| object.fields.get_mut(at))
            {
                let Some(from) = field.homes.first().copied() else {
                    continue;
                };
                field.homes.insert(by);
                field.overridden = Some(Override { from, by, label });
            }
        }
    }
}

/// Fields of other subgraphs that come along on one way.
pub(super) fn provides(model: &mut Model, dice: &mut Dice) {
    for object in 0..model.objects.len() {
        for at in 0..model.objects[object].fields.len() {
            let field = model.objects[object].fields[at].clone();
            if field.is_scalar() || field.overridden.is_some() || model.objects[object].name == "Maker" {
                continue;
            }
            for home in field.homes {
                if !dice.one_in(3) {
                    continue;
                }
                let is_object = model
                    .an_abstract(&field.ty.inner)
                    .is_some_and(|one| one.object_in == Some(home));
                if is_object {
                    continue;
                }
                let is_abstract = model.an_abstract(&field.ty.inner).is_some();
                let mut parts = Vec::new();
                for target in model.possible(&field.ty.inner, home) {
                    let Some(provided) = provided(model, &target, home, dice) else {
                        continue;
                    };
                    parts.push(match is_abstract {
                        true => format!("... on {target} {{ {provided} }}"),
                        false => provided,
                    });
                }
                if !parts.is_empty() {
                    model.objects[object].fields[at]
                        .provides
                        .insert(home, parts.join(" "));
                }
            }
        }
    }
}

/// A field of an entity that somebody else gives, made external here.
fn provided(model: &mut Model, target: &str, home: Sub, dice: &mut Dice) -> Option<String> {
    let object = model.object_mut(target)?;
    if object.kind != Kind::Entity || !object.members.contains(&home) {
        return None;
    }
    let fields = object.fields.iter_mut().filter(|field| {
        field.is_scalar()
            && !field.is_key
            && !field.argument
            && !field.homes.contains(&home)
            && field.requires.is_none()
            && field.overridden.is_none()
    });
    let mut fields: Vec<&mut Field> = fields.collect();
    let at = dice.below(fields.len());
    let field = fields.get_mut(at)?;
    field.external.insert(home);
    field.shareable = true;
    Some(field.name.clone())
}

/// Nullability that differs by subgraph, and what clients must not see.
pub(super) fn marks(model: &mut Model, dice: &mut Dice) {
    let common: BTreeSet<String> = model
        .abstracts
        .iter()
        .flat_map(|one| one.common.iter().cloned())
        .collect();
    for object in &mut model.objects {
        let kind = object.kind;
        if object.name == "Maker" {
            continue;
        }
        for field in &mut object.fields {
            if field.is_key {
                continue;
            }
            if field.homes.len() > 1 && field.ty.is_never_null() && dice.one_in(2) {
                field.loose = dice.some(field.homes.iter().copied(), 1).into_iter().collect();
            }
            field.inaccessible =
                kind == Kind::Entity && field.is_scalar() && !common.contains(&field.name) && dice.one_in(12);
        }
    }
}

/// What an interface says in each of its subgraphs: what all of its implementations there have.
pub(super) fn of_interfaces(model: &mut Model, dice: &mut Dice) {
    for at in 0..model.abstracts.len() {
        let one = model.abstracts[at].clone();
        if one.is_union {
            continue;
        }
        for (sub, members) in &one.members {
            let mut fields = vec![("id".to_owned(), Ty::named("ID", true), false)];
            for name in &one.common {
                let theirs: Vec<&Field> = members
                    .iter()
                    .filter_map(|member| model.object(member)?.field(name))
                    .filter(|field| field.homes.contains(sub))
                    .collect();
                let Some(first) = theirs.first().filter(|_| theirs.len() == members.len()) else {
                    continue;
                };
                // All implementations, wherever they are, are at least as sure.
                let everywhere = one.members.values().flatten();
                let is_sure = everywhere
                    .filter_map(|member| model.object(member)?.field(name))
                    .all(|field| field.ty.non_null && field.loose.is_empty());
                let ty = Ty::named(&first.ty.inner, is_sure && dice.one_in(2));
                fields.push((name.clone(), ty, first.argument));
            }
            // Not everybody says all of it.
            if fields.len() > 1 && one.keyed_in != Some(*sub) && dice.one_in(3) {
                fields.remove(0);
            }
            model.abstracts[at].fields.insert(*sub, fields);
        }
    }
}

/// What an interface says may be required by who takes it for an object.
pub(super) fn of_objects_for_interfaces(model: &mut Model, dice: &mut Dice) {
    for at in 0..model.abstracts.len() {
        let one = &model.abstracts[at];
        let Some(keyed_in) = one.keyed_in.filter(|_| one.object_in.is_some() && dice.one_in(2)) else {
            continue;
        };
        let fields = one.fields.get(&keyed_in).into_iter().flatten();
        let fits =
            fields.filter(|(name, ty, argument)| name != "id" && name != "link" && !argument && !ty.non_null);
        let Some((name, ty, _)) = dice.pick(fits.cloned().collect::<Vec<_>>()) else {
            continue;
        };
        for member in one.all_members() {
            if let Some(field) = model
                .object_mut(&member)
                .and_then(|object| object.field_mut(&name))
            {
                field.is_required = true;
            }
        }
        let one = &mut model.abstracts[at];
        if let Some(extra) = one.extras.first_mut() {
            extra.requires = Some(name.clone());
        }
        let mut external = Field::new(&name, ty, []);
        external.external.extend(one.object_in);
        one.externals.push(external);
    }
}
