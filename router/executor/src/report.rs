//! What a subgraph answered, into the tree; and its errors, to the client's paths.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use serde_json::Value as Json;

use crate::arena::{Answer, Key, ObjectId, SubgraphError, Tree, Value, read_answer};
use crate::errors::{Errors, FieldError, Segment};
use crate::left_out::Clean;
use crate::merge::merge;
use crate::places::{Below, Place, places_at};
use crate::prepare::{PreparedBatch, PreparedFetch, PreparedPlan, PreparedTarget, Selection, Shape};
use crate::represent::{Asked, Target};

const MALFORMED: &str = "SUBREQUEST_MALFORMED_RESPONSE";
/// Where a subgraph's error has no code of its own.
const DOWNSTREAM: &str = "DOWNSTREAM_SERVICE_ERROR";

/// What an answer goes into.
pub(crate) struct Into<'t> {
    pub(crate) tree: &'t mut Tree,
    pub(crate) root: ObjectId,
    pub(crate) errors: &'t mut Errors,
}

/// The errors of a response, until everything has arrived. Only then are all types known: where a subgraph takes an interface for an object, another
/// one tells later what the object is, and so what the client selected of it.
#[derive(Debug)]
pub(crate) struct Late {
    fetch: usize,
    asked: Vec<Asked>,
    is_first_taken: bool,
    errors: Vec<SubgraphError>,
}

/// Takes a response: merges its data. What is left to do for its errors comes back.
pub(crate) fn take(
    plan: &PreparedPlan,
    id: usize,
    asked: Vec<Asked>,
    body: &Bytes,
    into: &mut Into<'_>,
) -> Option<Late> {
    let fetch = &plan.fetches[id];
    let answer = match read_answer(into.tree, &plan.keys, body) {
        Ok(answer) => answer,
        Err(malformed) => {
            let error = malformed_error(
                fetch,
                &format!("the subgraph's answer is no GraphQL response: {malformed}"),
            );
            fail(plan, id, &asked, &error, false, into.root, into.errors);
            return None;
        }
    };
    let Answer { data, errors } = answer;
    // Whether a failure already speaks for the first error.
    let mut is_first_taken = false;
    // Data first: errors are moved along the merged tree.
    match (&fetch.target, data) {
        (PreparedTarget::Root(_), Some(data)) => merge(into.tree, into.root, data),
        (PreparedTarget::Nested { .. }, Some(data)) => {
            // They stand at one path, and get the same treatment for the rest of the plan.
            for target in asked.iter().flat_map(|asked| &asked.targets) {
                merge(into.tree, target.object, data);
            }
        }
        (PreparedTarget::Entities(batches), Some(data)) => {
            for (batch, asked) in batches.iter().zip(&asked).filter(|(_, asked)| asked.count > 0) {
                is_first_taken |= take_batch(fetch, id, batch, asked, data, &errors, into);
            }
        }
        (target, None) => {
            let room = into.errors.room();
            let has_place = errors
                .first()
                .and_then(|error| starts(plan, fetch, &asked, error, into, room))
                .is_some_and(|starts| !starts.is_empty());
            match (target, errors.first()) {
                // The error's own field made everything beside it null: no news.
                (PreparedTarget::Root(keys), Some(_)) if has_place => {
                    keys.iter().for_each(|key| into.errors.explain(into.root, *key));
                }
                (PreparedTarget::Nested { keys, .. }, Some(_)) if has_place => {
                    for target in asked.iter().flat_map(|asked| &asked.targets) {
                        keys.iter()
                            .for_each(|key| into.errors.explain(target.object, *key));
                    }
                }
                (_, Some(error)) => {
                    fail(
                        plan,
                        id,
                        &asked,
                        &of_subgraph(fetch, error),
                        has_place,
                        into.root,
                        into.errors,
                    );
                }
                (_, None) => {
                    let error = malformed_error(fetch, "the subgraph answered neither data nor errors");
                    fail(plan, id, &asked, &error, false, into.root, into.errors);
                }
            }
            is_first_taken = true;
        }
    }
    if !errors.is_empty() {
        return Some(Late {
            fetch: id,
            asked,
            is_first_taken,
            errors,
        });
    }
    if let Some(data) = data {
        into.errors.keep_clean(Clean {
            fetch: id,
            asked,
            data,
            root: into.root,
        });
    }
    None
}

/// The fetch brought nothing at all.
pub(crate) fn fail(
    plan: &PreparedPlan,
    id: usize,
    asked: &[Asked],
    error: &FieldError,
    is_told: bool,
    root: ObjectId,
    errors: &mut Errors,
) {
    match &plan.fetches[id].target {
        PreparedTarget::Root(keys) => errors.fail(id, error.clone(), is_told, keys, [root]),
        PreparedTarget::Nested { keys, .. } => {
            let targets = asked.iter().flat_map(|asked| &asked.targets);
            let objects = targets.map(|target| target.object);
            errors.fail(id, error.clone(), is_told, keys, objects);
        }
        PreparedTarget::Entities(batches) => {
            for (batch, asked) in batches.iter().zip(asked).filter(|(_, asked)| asked.count > 0) {
                let objects = asked.targets.iter().map(|target| target.object);
                errors.fail(id, error.clone(), is_told, &batch.asked, objects);
            }
        }
    }
}

/// Hands a batch's entities to its targets. True when a failure took the response's first error for its own.
fn take_batch(
    fetch: &PreparedFetch,
    id: usize,
    batch: &PreparedBatch,
    asked: &Asked,
    data: ObjectId,
    errors: &[SubgraphError],
    into: &mut Into<'_>,
) -> bool {
    let entities = match into.tree.get(data, batch.alias) {
        Some(Value::List(list)) => Some(list),
        _ => None,
    };
    let count = entities.map_or(0, |list| into.tree.list(list).len());
    let Some(entities) = entities.filter(|_| count == asked.count) else {
        let (error, is_first) = match errors.first() {
            Some(error) if count == 0 => (of_subgraph(fetch, error), true),
            _ => {
                let (got, wanted) = (count, asked.count);
                let message = format!("the subgraph answered {got} entities where {wanted} were asked for");
                (malformed_error(fetch, &message), false)
            }
        };
        let objects = asked.targets.iter().map(|target| target.object);
        into.errors.fail(id, error, false, &batch.asked, objects);
        return is_first;
    };
    let mut handed = Handed {
        original: vec![None; asked.count],
        copies: HashMap::new(),
        apart: batch.apart,
    };
    let mut misshapen = Vec::new();
    for target in &asked.targets {
        match into.tree.list(entities)[target.number] {
            Value::Object(entity) => {
                let entity = handed.own(into.tree, *target, entity);
                merge(into.tree, target.object, entity);
            }
            Value::Null => {}
            _ => misshapen.push(target.object),
        }
    }
    if !misshapen.is_empty() {
        let error = malformed_error(fetch, "the subgraph answered an entity that is no object");
        into.errors.fail(id, error, false, &batch.asked, misshapen);
    }
    false
}

/// Which entities were given to objects of which path.
///
/// Objects at the same path get the same treatment for the rest of the plan, so that they may share what hangs below
/// them. Objects at different paths may not: another alias there can mean another field under the same key. The first
/// path gets the entity itself, every other path a copy of its own. Nor may those that are told apart by what is above them ([`PreparedBatch::apart`]):
/// there the first object gets the entity, every other one a copy.
struct Handed {
    /// By representation: the path that got the original.
    original: Vec<Option<usize>>,
    copies: HashMap<(usize, usize), ObjectId>,
    apart: bool,
}

impl Handed {
    fn own(&mut self, tree: &mut Tree, target: Target, entity: ObjectId) -> ObjectId {
        if self.apart {
            let is_first = self.original[target.number].replace(target.path).is_none();
            return match is_first || !tree.has_composites(entity) {
                true => entity,
                false => tree.copy_object(entity),
            };
        }
        let path = *self.original[target.number].get_or_insert(target.path);
        if path == target.path || !tree.has_composites(entity) {
            return entity;
        }
        *self
            .copies
            .entry((target.number, target.path))
            .or_insert_with(|| tree.copy_object(entity))
    }
}

/// An error where the client sees it.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) error: FieldError,
    /// The part of the answer that its field comes in; `None` for the first, and where there is no field.
    pub(crate) part: Option<usize>,
    /// The field of the tree where its path ends.
    pub(crate) ends_at: Option<(ObjectId, Key)>,
}

impl Late {
    pub(crate) fn fetch(&self) -> usize {
        self.fetch
    }
}

/// Moves each error to wherever its field stands in the client's response.
pub(crate) fn move_errors(plan: &PreparedPlan, late: &Late, into: &mut Into<'_>) {
    for placed in placed(plan, late, into) {
        if let Some((object, key)) = placed.ends_at {
            into.errors.explain(object, key);
        }
        into.errors.add_of_fetch(late.fetch, placed.error);
    }
}

/// Each error of a response, wherever its field stands in the client's response by what is known of it now.
pub(crate) fn placed(plan: &PreparedPlan, late: &Late, into: &Into<'_>) -> Vec<Placed> {
    let fetch = &plan.fetches[late.fetch];
    let mut all = Vec::new();
    for (number, error) in late.errors.iter().enumerate() {
        let room = into.errors.room().saturating_sub(all.len());
        let starts = starts(plan, fetch, &late.asked, error, into, room).filter(|_| room > 0);
        let Some(starts) = starts else {
            if number > 0 || !late.is_first_taken {
                all.push(Placed {
                    error: of_subgraph(fetch, error),
                    part: None,
                    ends_at: None,
                });
            }
            continue;
        };
        for (place, rest) in starts {
            let Some(followed) = follow(plan, into.tree, place, rest) else {
                continue;
            };
            all.push(Placed {
                error: of_subgraph(fetch, error).at(followed.path),
                part: followed.part,
                ends_at: followed.ends_at,
            });
        }
    }
    all
}

/// The places from which the error's path, or what is left of it, leads on; there may be none that the client selected. `None`: it names no field.
fn starts<'p, 'e>(
    plan: &'p PreparedPlan,
    fetch: &PreparedFetch,
    asked: &[Asked],
    error: &'e SubgraphError,
    into: &Into<'_>,
    limit: usize,
) -> Option<Vec<(Place<'p>, &'e [Json])>> {
    let root = Place::root(plan, into.root);
    let batches = match &fetch.target {
        PreparedTarget::Root(_) | PreparedTarget::Nested { .. } if error.path.is_empty() => return None,
        PreparedTarget::Nested { path, .. } => {
            let mut places = Vec::new();
            places_at(
                into.tree,
                plan.typename,
                root,
                path,
                limit,
                &|_| true,
                &mut places,
            );
            return Some(places.into_iter().map(|place| (place, &*error.path)).collect());
        }
        PreparedTarget::Root(_) => return Some(vec![(root, &error.path)]),
        PreparedTarget::Entities(batches) => batches,
    };
    let [Json::String(alias), Json::Number(number), rest @ ..] = &error.path[..] else {
        return None;
    };
    let number = number.as_u64().and_then(|number| usize::try_from(number).ok());
    let found = batches
        .iter()
        .zip(asked)
        .find(|(batch, _)| **plan.keys.name(batch.alias) == **alias);
    let (Some((batch, asked)), Some(number)) = (found, number) else {
        return None;
    };
    let mut places = Vec::new();
    let waiting = asked.targets.iter().filter(|target| target.number == number);
    let waiting: HashSet<ObjectId> = waiting.map(|target| target.object).collect();
    if waiting.is_empty() {
        return None;
    }
    let is_target = |object| waiting.contains(&object);
    for path in &batch.paths {
        places_at(
            into.tree,
            plan.typename,
            root.clone(),
            path,
            limit,
            &is_target,
            &mut places,
        );
    }
    Some(places.into_iter().map(|place| (place, rest)).collect())
}

/// A client's path, and where it led.
struct Followed {
    path: Vec<Segment>,
    part: Option<usize>,
    /// The field of the tree where it ends.
    ends_at: Option<(ObjectId, Key)>,
}

/// Follows a subgraph's path from a place. Gives the client's path, and the field of the tree where it ended. None: the client selected that field of
/// other types only; it was asked for because the subgraph can't tell them apart.
fn follow(plan: &PreparedPlan, tree: &Tree, mut place: Place<'_>, path: &[Json]) -> Option<Followed> {
    let mut ends_at = None;
    let mut path = path.iter().peekable();
    while let Some(segment) = path.next() {
        let Some(key) = segment.as_str().and_then(|name| plan.keys.find(name)) else {
            break;
        };
        let Below {
            path: mut client_path,
            selection,
            part,
        } = place.field(tree, plan.typename, key)?;
        place.part = part;
        let is_visible = client_path.len() > place.path.len();
        ends_at = Some((place.object, key));
        let mut value = tree.get(place.object, key);
        while let Some(number) = path.peek().and_then(|segment| segment.as_u64()) {
            path.next();
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            if is_visible {
                client_path.push(Segment::Index(number));
            }
            value = match value {
                Some(Value::List(list)) => tree.list(list).get(number).copied(),
                _ => None,
            };
        }
        place.path = client_path;
        match value {
            Some(Value::Object(object)) => {
                place.object = object;
                place.selection = selection;
            }
            _ => {
                // Below a null: the names that are left are still the client's, if it selected them.
                place.path.extend(names_below(plan, selection, path));
                break;
            }
        }
    }
    Some(Followed {
        path: place.path,
        part: place.part,
        ends_at,
    })
}

/// The client's names for the rest of a path that leads through nothing.
fn names_below<'j>(
    plan: &PreparedPlan,
    mut selection: Option<&Selection>,
    rest: impl Iterator<Item = &'j Json>,
) -> Vec<Segment> {
    let mut names = Vec::new();
    for segment in rest {
        if let Some(number) = segment.as_u64() {
            names.push(Segment::Index(usize::try_from(number).unwrap_or(usize::MAX)));
            continue;
        }
        let key = segment.as_str().and_then(|name| plan.keys.find(name));
        let mut cases = selection.into_iter().flat_map(|selection| &selection.cases);
        let found = key.and_then(|key| cases.find_map(|case| case.find(key)));
        let Some((field, _)) = found else {
            break;
        };
        names.push(Segment::Key(field.response_key.clone()));
        selection = match &field.shape {
            Shape::Object(selection) => Some(selection),
            _ => None,
        };
    }
    names
}

fn of_subgraph(fetch: &PreparedFetch, error: &SubgraphError) -> FieldError {
    FieldError::of_subgraph(
        error.message.clone(),
        error.extensions.clone(),
        &fetch.subgraph,
        DOWNSTREAM,
    )
}

pub(crate) fn malformed_error(fetch: &PreparedFetch, message: &str) -> FieldError {
    FieldError::of_subgraph(
        message.to_owned(),
        serde_json::Map::new(),
        &fetch.subgraph,
        MALFORMED,
    )
}
