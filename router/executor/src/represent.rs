//! The entities that a fetch asks for: found in the tree, written as bytes, each distinct one once.
//!
//! Two entities are the same when their representations are the same bytes. A hash finds the candidate, a comparison of
//! the bytes decides: a collision must not give one entity another's price.

use std::collections::HashMap;

use ahash::RandomState;

use crate::arena::{Key, ObjectId, Tree, Value};
use crate::places::{is_one_of, objects_at};
use crate::prepare::{PreparedBatch, PreparedPlan, RepresentedField, RepresentedObject, Step};

/// What is asked of one batch.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The objects that wait for an answer.
    pub(crate) targets: Vec<Target>,
    /// How many representations were written.
    pub(crate) count: usize,
    /// The objects that lack something which their representation would have to name.
    pub(crate) impossible: Vec<ObjectId>,
}

/// An object and the answer that it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) object: ObjectId,
    /// Which representation.
    pub(crate) number: usize,
    /// By which of the batch's paths it was found.
    pub(crate) path: usize,
}

impl Asked {
    /// All objects at a path, which wait for the same answer.
    pub(crate) fn all_at(plan: &PreparedPlan, tree: &Tree, root: ObjectId, path: &[Step]) -> Self {
        let objects = objects_at(tree, plan.typename, root, path).into_iter();
        Self {
            targets: objects
                .map(|object| Target {
                    object,
                    number: 0,
                    path: 0,
                })
                .collect(),
            count: 1,
            impossible: Vec::new(),
        }
    }
}

/// Writes a batch's representations, separated by commas, behind `out`.
pub(crate) fn represent(
    plan: &PreparedPlan,
    tree: &Tree,
    root: ObjectId,
    batch: &PreparedBatch,
    out: &mut Vec<u8>,
) -> Asked {
    let mut asked = Asked::default();
    let mut distinct = Distinct::default();
    let mut seen = vec![false; tree.object_count()];
    for (path, steps) in batch.paths.iter().enumerate() {
        for object in objects_at(tree, plan.typename, root, steps) {
            if std::mem::replace(&mut seen[object.index()], true)
                || !is_one_of(tree, plan.typename, object, &batch.types)
            {
                continue;
            }
            match distinct.write(plan, tree, object, batch, out) {
                Some(number) => asked.targets.push(Target { object, number, path }),
                None => asked.impossible.push(object),
            }
        }
    }
    asked.count = distinct.count();
    asked
}

/// The distinct representations in a buffer.
#[derive(Default)]
pub(crate) struct Distinct {
    ranges: Vec<(usize, usize)>,
    /// By hash: the last representation that has it. The hash is keyed at random, since what is hashed may be a stranger's choice.
    last: HashMap<u64, usize, RandomState>,
    /// By representation: the one before it that has the same hash.
    before: Vec<Option<usize>>,
    hasher: RandomState,
}

impl Distinct {
    /// Writes an object's representation behind the others in `out`, unless it is there. Its number comes back; `None` where the object lacks
    /// something that it would have to name.
    pub(crate) fn write(
        &mut self,
        plan: &PreparedPlan,
        tree: &Tree,
        object: ObjectId,
        batch: &PreparedBatch,
        out: &mut Vec<u8>,
    ) -> Option<usize> {
        let before = out.len();
        if !self.ranges.is_empty() {
            out.push(b',');
        }
        let start = out.len();
        if write_entity(plan.typename, tree, object, batch, out).is_none() {
            out.truncate(before);
            return None;
        }
        let (number, is_new) = self.number(out, start);
        if !is_new {
            out.truncate(before);
        }
        Some(number)
    }

    pub(crate) fn count(&self) -> usize {
        self.ranges.len()
    }

    /// The number of the representation that was just written behind `start`, and whether it is a new one.
    fn number(&mut self, out: &[u8], start: usize) -> (usize, bool) {
        let hash = self.hasher.hash_one(&out[start..]);
        self.number_with_hash(out, start, hash)
    }

    fn number_with_hash(&mut self, out: &[u8], start: usize, hash: u64) -> (usize, bool) {
        let mut candidate = self.last.get(&hash).copied();
        while let Some(number) = candidate {
            let (from, to) = self.ranges[number];
            if out[from..to] == out[start..] {
                return (number, false);
            }
            candidate = self.before[number];
        }
        let number = self.ranges.len();
        self.ranges.push((start, out.len()));
        self.before.push(self.last.insert(hash, number));
        (number, true)
    }
}

/// `None`: the object lacks something that it would have to name.
fn write_entity(
    typename: Key,
    tree: &Tree,
    object: ObjectId,
    batch: &PreparedBatch,
    out: &mut Vec<u8>,
) -> Option<()> {
    out.extend_from_slice(b"{\"__typename\":");
    match &batch.fixed_typename {
        Some(name) => out.extend_from_slice(name),
        None => out.extend_from_slice(typename_of(typename, tree, object)?),
    }
    write_fields(typename, tree, object, &batch.fields, true, out)?;
    out.push(b'}');
    Some(())
}

fn typename_of(typename: Key, tree: &Tree, object: ObjectId) -> Option<&[u8]> {
    match tree.get(object, typename) {
        Some(Value::String(name)) => Some(tree.text(name)),
        _ => None,
    }
}

fn write_fields(
    typename: Key,
    tree: &Tree,
    object: ObjectId,
    fields: &[RepresentedField],
    mut behind_another: bool,
    out: &mut Vec<u8>,
) -> Option<bool> {
    for field in fields {
        if behind_another {
            out.push(b',');
        }
        behind_another = true;
        out.extend_from_slice(&field.name);
        write_field(typename, tree, object, field, whole_object, out)?;
    }
    Some(behind_another)
}

/// How an object is written of which a field names more than that it is there.
pub(crate) type ObjectForm = fn(Key, &Tree, ObjectId, &RepresentedObject, &mut Vec<u8>) -> Option<()>;

/// Writes what an object has for a field; `None` where it lacks what can't be null.
pub(crate) fn write_field(
    typename: Key,
    tree: &Tree,
    object: ObjectId,
    field: &RepresentedField,
    form: ObjectForm,
    out: &mut Vec<u8>,
) -> Option<()> {
    match tree.get(object, field.key) {
        None | Some(Value::Null) if field.nullable => out.extend_from_slice(b"null"),
        None | Some(Value::Null) => return None,
        Some(value) => write_value(typename, tree, value, field, form, out)?,
    }
    Some(())
}

fn write_value(
    typename: Key,
    tree: &Tree,
    value: Value,
    field: &RepresentedField,
    form: ObjectForm,
    out: &mut Vec<u8>,
) -> Option<()> {
    match (value, &field.object) {
        (Value::Object(object), Some(nested)) => form(typename, tree, object, nested, out)?,
        (Value::List(list), Some(_)) => {
            out.push(b'[');
            for (number, item) in tree.list(list).iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                write_value(typename, tree, *item, field, form, out)?;
            }
            out.push(b']');
        }
        (plain, _) => out.extend_from_slice(tree.raw(plain)),
    }
    Some(())
}

/// An object with all that is named of it.
fn whole_object(
    typename: Key,
    tree: &Tree,
    object: ObjectId,
    nested: &RepresentedObject,
    out: &mut Vec<u8>,
) -> Option<()> {
    out.push(b'{');
    let mut behind_another = false;
    if nested.typename {
        out.extend_from_slice(b"\"__typename\":");
        out.extend_from_slice(typename_of(typename, tree, object)?);
        behind_another = true;
    }
    for (types, fields) in &nested.cases {
        if is_one_of(tree, typename, object, types) {
            behind_another = write_fields(typename, tree, object, fields, behind_another, out)?;
        }
    }
    out.push(b'}');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_hashes_do_not_make_two_representations_one() {
        let mut distinct = Distinct::default();
        let out = b"abab";
        assert_eq!(distinct.number_with_hash(&out[..1], 0, 7), (0, true));
        assert_eq!(distinct.number_with_hash(&out[..2], 1, 7), (1, true));
        assert_eq!(distinct.number_with_hash(&out[..3], 2, 7), (0, false));
        assert_eq!(distinct.number_with_hash(&out[..4], 3, 7), (1, false));
    }
}
