//! Where the objects of a plan's path are: in the tree, and in the client's response.

use std::collections::HashSet;
use std::sync::Arc;

use crate::arena::{Key, ObjectId, Tree, Value};
use crate::errors::Segment;
use crate::prepare::{Case, PreparedPlan, Selection, Shape, Step};

/// Whether the object's `__typename` is one of these. An empty list means any object.
pub(crate) fn is_one_of(tree: &Tree, typename: Key, object: ObjectId, types: &[Arc<str>]) -> bool {
    if types.is_empty() {
        return true;
    }
    match tree.get(object, typename) {
        Some(Value::String(name)) => {
            let name = tree.unquoted(name);
            types.iter().any(|known| known.as_bytes() == name)
        }
        _ => false,
    }
}

/// How the client sees this object. `None`: its type is unknown to the client.
pub(crate) fn case_of<'p>(
    tree: &Tree,
    typename: Key,
    object: ObjectId,
    selection: &'p Selection,
) -> Option<&'p Case> {
    selection
        .cases
        .iter()
        .find(|case| is_one_of(tree, typename, object, &case.types))
}

/// All objects at a path, each once, in the order of the response.
pub(crate) fn objects_at(tree: &Tree, typename: Key, root: ObjectId, path: &[Step]) -> Vec<ObjectId> {
    // Shared nodes are walked through once, or the walk would take as long as the response is large.
    let mut seen = vec![0u32; tree.object_count()];
    walk(tree, typename, root, path, |number, object| {
        std::mem::replace(&mut seen[object.index()], number) != number
    })
}

/// The same for a few objects of a large tree.
pub(crate) fn objects_below(tree: &Tree, typename: Key, start: ObjectId, path: &[Step]) -> Vec<ObjectId> {
    let mut seen = HashSet::new();
    walk(tree, typename, start, path, |number, object| {
        seen.insert((number, object))
    })
}

fn walk(
    tree: &Tree,
    typename: Key,
    start: ObjectId,
    path: &[Step],
    mut is_new: impl FnMut(u32, ObjectId) -> bool,
) -> Vec<ObjectId> {
    let mut here = vec![start];
    for (number, step) in (1u32..).zip(path) {
        match step {
            Step::Types(types) => here.retain(|object| is_one_of(tree, typename, *object, types)),
            Step::Key(key) => {
                let mut next = Vec::with_capacity(here.len());
                for object in here {
                    if let Some(value) = tree.get(object, *key) {
                        flatten(tree, value, &mut |object| {
                            if is_new(number, object) {
                                next.push(object);
                            }
                        });
                    }
                }
                here = next;
            }
        }
    }
    here
}

fn flatten(tree: &Tree, value: Value, found: &mut impl FnMut(ObjectId)) {
    match value {
        Value::Object(object) => found(object),
        Value::List(list) => {
            for item in tree.list(list) {
                flatten(tree, *item, found);
            }
        }
        _ => {}
    }
}

/// A position on the way from the root through tree and response at once.
#[derive(Clone, Debug)]
pub(crate) struct Place<'p> {
    pub(crate) object: ObjectId,
    /// The client's path to it, or to the last thing above it that the client selected.
    pub(crate) path: Vec<Segment>,
    /// What the client selected of it; `None` when it selected nothing.
    pub(crate) selection: Option<&'p Selection>,
    /// The part of the answer that it comes in; `None` for the first.
    pub(crate) part: Option<usize>,
}

/// A field of a place, as the client sees it.
#[derive(Clone)]
pub(crate) struct Below<'p> {
    /// The client's path to it, or to the last thing above it that the client selected.
    pub(crate) path: Vec<Segment>,
    /// What the client selected of its objects.
    pub(crate) selection: Option<&'p Selection>,
    /// The part of the answer that it comes in.
    pub(crate) part: Option<usize>,
}

impl<'p> Place<'p> {
    /// The root of the response.
    pub(crate) fn root(plan: &'p PreparedPlan, root: ObjectId) -> Self {
        Self {
            object: root,
            path: Vec::new(),
            selection: Some(&plan.output),
            part: None,
        }
    }

    /// A field of this object. None: the client selected it of other types than the object's, and not of its own.
    pub(crate) fn field(&self, tree: &Tree, typename: Key, key: Key) -> Option<Below<'p>> {
        let case = self
            .selection
            .and_then(|selection| case_of(tree, typename, self.object, selection));
        let found = case.and_then(|case| case.find(key));
        let others = || self.selection.into_iter().flat_map(|selection| &selection.cases);
        if case.is_some() && found.is_none() && others().any(|case| case.find(key).is_some()) {
            return None;
        }
        let found = found.filter(|(field, _)| field.denied.is_none());
        let mut below = Below {
            path: self.path.clone(),
            selection: None,
            part: self.part,
        };
        if let Some((field, part)) = found {
            below.path.push(Segment::Key(field.response_key.clone()));
            below.part = part.or(self.part);
            if let Shape::Object(selection) = &field.shape {
                below.selection = Some(selection);
            }
        }
        Some(below)
    }
}

/// All the places where the objects that `wanted` chooses stand at the end of `path`, at most `limit`. What the client selected on the way of other types
/// only is none: it isn't in the answer.
pub(crate) fn places_at<'p>(
    tree: &Tree,
    typename: Key,
    start: Place<'p>,
    path: &[Step],
    limit: usize,
    wanted: &impl Fn(ObjectId) -> bool,
    found: &mut Vec<Place<'p>>,
) {
    if found.len() >= limit {
        return;
    }
    match path.split_first() {
        None if wanted(start.object) => found.push(start),
        None => {}
        Some((Step::Types(types), rest)) if is_one_of(tree, typename, start.object, types) => {
            places_at(tree, typename, start, rest, limit, wanted, found);
        }
        Some((Step::Types(_), _)) => {}
        Some((Step::Key(key), rest)) => {
            let Some(value) = tree.get(start.object, *key) else {
                return;
            };
            let Some(below) = start.field(tree, typename, *key) else {
                return;
            };
            spread(tree, value, below, &mut |place| {
                places_at(tree, typename, place, rest, limit, wanted, found);
            });
        }
    }
}

fn spread<'p>(tree: &Tree, value: Value, below: Below<'p>, visit: &mut impl FnMut(Place<'p>)) {
    match value {
        Value::Object(object) => visit(Place {
            object,
            path: below.path,
            selection: below.selection,
            part: below.part,
        }),
        Value::List(list) => {
            for (number, item) in tree.list(list).iter().enumerate() {
                let mut below = below.clone();
                if below.selection.is_some() {
                    below.path.push(Segment::Index(number));
                }
                spread(tree, *item, below, visit);
            }
        }
        _ => {}
    }
}
