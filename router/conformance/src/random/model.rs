//! One graph, dealt out to subgraphs.

use std::collections::{BTreeMap, BTreeSet};

use super::dice::Dice;
use super::fields;

/// A subgraph's number.
pub(super) type Sub = usize;

/// The names of the subgraphs.
pub(super) const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A graph and who has what of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub subgraphs: usize,
    pub objects: Vec<Object>,
    pub abstracts: Vec<Abstract>,
    pub failing: Failing,
    /// A subgraph with an interface as an object must not have its implementations.
    pub forbidden: BTreeSet<(Sub, String)>,
}

/// What may fail in the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Failing {
    #[default]
    Nothing,
    /// Fields that may be null.
    Nullable,
    /// Also fields that may not, which takes the objects around them along. Nothing is required of nested objects then: what failed beside it
    /// would be missing.
    Anything,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Entity,
    /// A value type all of whose subgraphs have all of it.
    Value,
    /// A value type whose fields are spread over its subgraphs.
    Split,
    Root,
}

#[derive(Clone, Debug)]
pub(super) struct Object {
    pub name: String,
    pub kind: Kind,
    pub members: BTreeSet<Sub>,
    /// An entity's keys.
    pub keys: BTreeMap<Sub, Vec<Key>>,
    pub fields: Vec<Field>,
    /// Where its objects set the context.
    pub sets_context: BTreeSet<Sub>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub fields: &'static str,
    pub resolvable: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub name: String,
    pub ty: Ty,
    pub argument: bool,
    /// What another argument is taken from.
    pub context: Option<String>,
    /// Who gives it.
    pub homes: BTreeSet<Sub>,
    /// Who names it without giving it.
    pub external: BTreeSet<Sub>,
    /// What its (only) home must be told.
    pub requires: Option<String>,
    /// External fields of its value that a home gives all the same.
    pub provides: BTreeMap<Sub, String>,
    pub overridden: Option<Override>,
    /// Homes in which it may be null although it is never.
    pub loose: BTreeSet<Sub>,
    pub shareable: bool,
    pub inaccessible: bool,
    pub is_key: bool,
    /// Somebody must be told it, so it never fails.
    pub is_required: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Override {
    pub from: Sub,
    pub by: Sub,
    pub label: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ty {
    pub inner: String,
    /// A list, and whether it is non-null.
    pub list: Option<bool>,
    pub non_null: bool,
}

/// An interface or a union.
#[derive(Clone, Debug)]
pub(super) struct Abstract {
    pub name: String,
    pub is_union: bool,
    pub members: BTreeMap<Sub, BTreeSet<String>>,
    /// An interface's fields, by subgraph.
    pub fields: BTreeMap<Sub, Vec<(String, Ty, bool)>>,
    /// Who has it with a key, so that others can have it as an object.
    pub keyed_in: Option<Sub>,
    /// Who has it as an object.
    pub object_in: Option<Sub>,
    /// What that one adds.
    pub extras: Vec<Field>,
    /// What that one must be told for it.
    pub externals: Vec<Field>,
    /// The names of fields that all of its implementations have.
    pub common: Vec<String>,
}

impl Ty {
    pub fn named(inner: &str, non_null: bool) -> Self {
        Self {
            inner: inner.to_owned(),
            list: None,
            non_null,
        }
    }

    /// `[X!]!`, where the outermost may also be null.
    pub fn text(&self, loose: bool) -> String {
        let mark = |non_null: bool| if non_null { "!" } else { "" };
        match self.list {
            None => format!("{}{}", self.inner, mark(self.non_null && !loose)),
            Some(list) => format!("[{}{}]{}", self.inner, mark(self.non_null), mark(list && !loose)),
        }
    }

    pub fn is_never_null(&self) -> bool {
        self.list.unwrap_or(self.non_null)
    }
}

impl Field {
    pub fn new(name: &str, ty: Ty, homes: impl IntoIterator<Item = Sub>) -> Self {
        Self {
            name: name.to_owned(),
            ty,
            argument: false,
            context: None,
            homes: homes.into_iter().collect(),
            external: BTreeSet::new(),
            requires: None,
            provides: BTreeMap::new(),
            overridden: None,
            loose: BTreeSet::new(),
            shareable: false,
            inaccessible: false,
            is_key: false,
            is_required: false,
        }
    }

    pub fn is_scalar(&self) -> bool {
        matches!(
            self.ty.inner.as_str(),
            "ID" | "Int" | "String" | "Boolean" | "Color"
        )
    }
}

impl Object {
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.name == name)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Model {
    pub fn object(&self, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.name == name)
    }

    pub fn object_mut(&mut self, name: &str) -> Option<&mut Object> {
        self.objects.iter_mut().find(|object| object.name == name)
    }

    pub fn an_abstract(&self, name: &str) -> Option<&Abstract> {
        self.abstracts.iter().find(|one| one.name == name)
    }

    /// The object types that a subgraph may answer for a type.
    pub fn possible(&self, name: &str, sub: Sub) -> BTreeSet<String> {
        match self.an_abstract(name) {
            Some(one) if one.object_in == Some(sub) => one.members.values().flatten().cloned().collect(),
            Some(one) => one.members.get(&sub).cloned().unwrap_or_default(),
            None => BTreeSet::from([name.to_owned()]),
        }
    }

    /// The object types that all of some subgraphs may answer.
    pub fn possible_in_all(&self, name: &str, subs: &BTreeSet<Sub>) -> BTreeSet<String> {
        subs.iter()
            .map(|sub| self.possible(name, *sub))
            .reduce(|all, more| all.intersection(&more).cloned().collect())
            .unwrap_or_default()
    }

    /// Lets an entity be known in a subgraph by a key.
    pub fn add_key(&mut self, entity: &str, sub: Sub, fields: &'static str) {
        let Some(object) = self.object_mut(entity) else {
            return;
        };
        object.members.insert(sub);
        let keys = object.keys.entry(sub).or_default();
        if keys.iter().any(|key| key.fields == fields) {
            return;
        }
        keys.push(Key {
            fields,
            resolvable: true,
        });
        for (name, ty) in key_fields(fields) {
            match object.field_mut(name) {
                Some(field) => {
                    field.homes.insert(sub);
                }
                None => {
                    let mut field = Field::new(name, ty, [sub]);
                    (field.is_key, field.is_required) = (true, true);
                    object.fields.insert(0, field);
                }
            }
        }
        if fields == "maker { id }"
            && let Some(maker) = self.object_mut("Maker")
        {
            maker.members.insert(sub);
            maker.fields[0].homes.insert(sub);
        }
    }

    /// Whether a type can be named in a subgraph; if so, it is known there from now on.
    pub fn can_name(&self, ty: &str, sub: Sub) -> bool {
        if self.forbidden.contains(&(sub, ty.to_owned())) {
            return false;
        }
        match self.object(ty) {
            Some(object) if object.kind == Kind::Split => object.members.contains(&sub),
            Some(object) => object
                .fields
                .iter()
                .filter(|field| object.kind == Kind::Value && !field.is_scalar())
                .all(|field| self.can_name(&field.ty.inner, sub)),
            None => match self.an_abstract(ty) {
                Some(one) => one.object_in == Some(sub) || one.members.contains_key(&sub),
                None => true,
            },
        }
    }

    /// Makes a type known in a subgraph where [`can_name`](Self::can_name) says yes.
    pub fn name(&mut self, ty: &str, sub: Sub, dice: &mut Dice) {
        let Some(object) = self.object_mut(ty) else { return };
        if object.members.contains(&sub) {
            return;
        }
        match object.kind {
            Kind::Entity => {
                let keys = object.keys.values().flatten().map(|key| key.fields);
                if let Some(key) = dice.pick(keys.collect::<BTreeSet<_>>()) {
                    self.add_key(ty, sub, key);
                }
            }
            Kind::Value => {
                object.members.insert(sub);
                let mut more = Vec::new();
                for field in &mut object.fields {
                    field.homes.insert(sub);
                    more.push(field.ty.inner.clone());
                }
                for inner in more {
                    self.name(&inner, sub, dice);
                }
            }
            Kind::Split | Kind::Root => {}
        }
    }
}

fn key_fields(key: &'static str) -> Vec<(&'static str, Ty)> {
    match key {
        "id" => vec![("id", Ty::named("ID", true))],
        "code" => vec![("code", Ty::named("String", true))],
        "region number" => vec![
            ("region", Ty::named("String", false)),
            ("number", Ty::named("Int", true)),
        ],
        _ => vec![("maker", Ty::named("Maker", true))],
    }
}

/// Makes up a graph.
pub(super) fn model(dice: &mut Dice) -> Model {
    let mut model = Model {
        subgraphs: 2 + dice.below(4),
        failing: match dice.below(4) {
            0 => Failing::Nothing,
            1 => Failing::Anything,
            _ => Failing::Nullable,
        },
        ..Model::default()
    };
    entities(&mut model, dice);
    values(&mut model, dice);
    abstracts(&mut model, dice);
    fields::scalars(&mut model, dice);
    fields::references(&mut model, dice);
    fields::roots(&mut model, dice);
    fields::requires(&mut model, dice);
    fields::overrides(&mut model, dice);
    fields::provides(&mut model, dice);
    fields::marks(&mut model, dice);
    fields::of_interfaces(&mut model, dice);
    fields::of_objects_for_interfaces(&mut model, dice);
    stubs(&mut model, dice);
    model
}

/// Entities: each next member of one shares a key with one before it, so that all can be reached from each other.
fn entities(model: &mut Model, dice: &mut Dice) {
    let mut maker = Object {
        name: "Maker".to_owned(),
        kind: Kind::Split,
        members: BTreeSet::new(),
        keys: BTreeMap::new(),
        fields: vec![Field::new("id", Ty::named("ID", true), [])],
        sets_context: BTreeSet::new(),
    };
    maker.fields[0].shareable = true;
    maker.fields[0].is_required = true;
    model.objects.push(maker);
    const KEYS: [&str; 5] = ["id", "id", "code", "region number", "maker { id }"];
    for name in ["Ant", "Bee", "Cat", "Dog"].iter().take(2 + dice.below(3)) {
        model.objects.push(Object {
            name: (*name).to_owned(),
            kind: Kind::Entity,
            members: BTreeSet::new(),
            keys: BTreeMap::new(),
            fields: Vec::new(),
            sets_context: BTreeSet::new(),
        });
        let mut known: Vec<&'static str> = Vec::new();
        for sub in dice.some(0..model.subgraphs, 1) {
            let mut keys: BTreeSet<&'static str> = dice.pick(known.clone()).into_iter().collect();
            if keys.is_empty() || dice.one_in(3) {
                keys.extend(dice.pick(KEYS));
            }
            for key in keys {
                model.add_key(name, sub, key);
                known.push(key);
            }
        }
    }
}

/// Value types, whole or spread over their subgraphs.
fn values(model: &mut Model, dice: &mut Dice) {
    for name in ["Size", "Spot"].iter().take(dice.below(3)) {
        let kind = if dice.one_in(2) { Kind::Value } else { Kind::Split };
        let members: BTreeSet<Sub> = dice.some(0..model.subgraphs, 1).into_iter().collect();
        let mut fields = Vec::new();
        for field in ["width", "name", "unit"].iter().take(2 + dice.below(2)) {
            let ty = Ty::named(dice.pick(["Int", "String"]).unwrap_or("Int"), dice.one_in(3));
            let homes: Vec<Sub> = match kind {
                Kind::Split => dice.some(members.iter().copied(), 1),
                _ => members.iter().copied().collect(),
            };
            let mut field = Field::new(field, ty, homes);
            field.shareable = true;
            fields.push(field);
        }
        // Every subgraph has something of it.
        for sub in &members {
            if !fields.iter().any(|field| field.homes.contains(sub)) {
                fields[0].homes.insert(*sub);
            }
        }
        model.objects.push(Object {
            name: (*name).to_owned(),
            kind,
            members,
            keys: BTreeMap::new(),
            fields,
            sets_context: BTreeSet::new(),
        });
    }
}

/// Interfaces and unions, whose members differ by subgraph; some interfaces are an object to somebody.
fn abstracts(model: &mut Model, dice: &mut Dice) {
    let entities: Vec<String> = model
        .objects
        .iter()
        .filter(|object| object.kind == Kind::Entity)
        .map(|object| object.name.clone())
        .collect();
    for name in ["Animal", "Thing"].iter().take(dice.below(3)) {
        let implementations = dice.some(entities.iter().cloned(), 2);
        let mut one = Abstract::new(name, false);
        if dice.one_in(2) {
            as_object(model, &mut one, &implementations, dice);
        }
        for sub in
            (0..model.subgraphs).filter(|sub| one.object_in != Some(*sub) && one.keyed_in != Some(*sub))
        {
            let there = implementations.iter().filter(|name| {
                let object = model.object(name);
                object
                    .is_some_and(|object| object.field("id").is_some_and(|field| field.homes.contains(&sub)))
            });
            let there = dice.some(there.cloned(), 1);
            if !there.is_empty() && !dice.one_in(4) {
                one.members.insert(sub, there.into_iter().collect());
            }
        }
        one.common = dice.some(["title", "weight", "link"].map(str::to_owned), 1);
        if !one.members.is_empty() {
            model.abstracts.push(one);
        }
    }
    if dice.one_in(2) {
        let mut one = Abstract::new("Either", true);
        for sub in 0..model.subgraphs {
            let there = model
                .objects
                .iter()
                .filter(|object| object.name != "Maker" && object.members.contains(&sub))
                .map(|object| object.name.clone());
            // The parts of a split type can't be reached again through a union.
            let there = there.filter(|name| {
                model
                    .object(name)
                    .is_some_and(|object| object.kind != Kind::Split)
            });
            let there: BTreeSet<String> = dice.some(there.collect::<Vec<_>>(), 0).into_iter().collect();
            if !there.is_empty() {
                one.members.insert(sub, there);
            }
        }
        if !one.members.is_empty() {
            model.abstracts.push(one);
        }
    }
}

/// One subgraph has all implementations and a key on the interface; another, which has none of them, has the interface as an object.
fn as_object(model: &mut Model, one: &mut Abstract, implementations: &[String], dice: &mut Dice) {
    let has_any = |sub: &Sub| {
        implementations.iter().any(|name| {
            model
                .object(name)
                .is_some_and(|object| object.members.contains(sub))
        })
    };
    let free: Vec<Sub> = (0..model.subgraphs).filter(|sub| !has_any(sub)).collect();
    let Some(object_in) = dice.pick(free) else { return };
    let can_be_keyed = |sub: &Sub| {
        *sub != object_in
            && implementations
                .iter()
                .all(|name| !model.forbidden.contains(&(*sub, name.clone())))
    };
    let Some(keyed_in) = dice.pick((0..model.subgraphs).filter(can_be_keyed).collect::<Vec<_>>()) else {
        return;
    };
    for name in implementations {
        // It hangs together with the others by a key that they have.
        model.name(name, keyed_in, dice);
        model.add_key(name, keyed_in, "id");
        model.forbidden.insert((object_in, name.clone()));
    }
    one.members
        .insert(keyed_in, implementations.iter().cloned().collect());
    (one.object_in, one.keyed_in) = (Some(object_in), Some(keyed_in));
    for extra in ["stars", "motto"].iter().take(1 + dice.below(2)) {
        let ty = Ty::named(dice.pick(["Int", "String"]).unwrap_or("Int"), dice.one_in(4));
        let mut field = Field::new(&format!("{extra}{}", one.name), ty, [object_in]);
        field.argument = field.ty.inner == "String" && dice.one_in(2);
        one.extras.push(field);
    }
}

impl Abstract {
    fn new(name: &str, is_union: bool) -> Self {
        Self {
            name: name.to_owned(),
            is_union,
            members: BTreeMap::new(),
            fields: BTreeMap::new(),
            keyed_in: None,
            object_in: None,
            extras: Vec::new(),
            externals: Vec::new(),
            common: Vec::new(),
        }
    }

    /// All types that are it anywhere.
    pub fn all_members(&self) -> BTreeSet<String> {
        self.members.values().flatten().cloned().collect()
    }
}

/// Where a subgraph gives nothing but the key of an entity, it may be that it can't find the entity by it.
fn stubs(model: &mut Model, dice: &mut Dice) {
    let keyed: BTreeSet<(Sub, String)> = model
        .abstracts
        .iter()
        .filter_map(|one| Some((one.keyed_in?, one)))
        .flat_map(|(sub, one)| one.all_members().into_iter().map(move |name| (sub, name)))
        .collect();
    for object in model
        .objects
        .iter_mut()
        .filter(|object| object.kind == Kind::Entity)
    {
        let name = object.name.clone();
        let first = object.members.first().copied();
        for (sub, keys) in &mut object.keys {
            let only_keys = object
                .fields
                .iter()
                .all(|field| field.is_key || !field.homes.contains(sub));
            // With one key, nobody needs it on the way to another.
            let may = only_keys && keys.len() == 1 && Some(*sub) != first;
            if may && !keyed.contains(&(*sub, name.clone())) && dice.one_in(2) {
                keys[0].resolvable = false;
            }
        }
    }
}
