//! Requests whose arguments are taken from the tree (`@fromContext`).
//!
//! An argument stands once in a document, so that objects which take different values for it can't be asked for together: they are grouped by their
//! values, and each group is a request of its own, with the same document. A batch that takes nothing goes with the first request; where a batch has fewer
//! groups than another one in the same document, it is asked for nothing.

use std::collections::HashMap;

use ahash::RandomState;

use crate::arena::{Key, ObjectId, Tree};
use crate::places::{is_one_of, objects_at, objects_below};
use crate::prepare::{PreparedBatch, PreparedContext, PreparedPlan, RepresentedObject, Step};
use crate::represent::{Asked, Distinct, Target, represent, write_field};

/// A batch's part of one request.
#[derive(Debug, Default)]
struct Part {
    /// `"c0":"EUR","c1":null`
    values: Vec<u8>,
    representations: Vec<u8>,
    asked: Asked,
}

/// What a fetch sends.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    /// The bodies behind what they have in common, each with what it asks of every batch.
    pub(crate) bodies: Vec<(Vec<u8>, Vec<Asked>)>,
    /// By batch: the objects that can't be asked for.
    pub(crate) impossible: Vec<Vec<ObjectId>>,
}

/// The requests for some batches, each with whether it is wanted.
pub(crate) fn requests(
    plan: &PreparedPlan,
    tree: &Tree,
    root: ObjectId,
    batches: &[(&PreparedBatch, bool)],
) -> Requests {
    let mut impossible = Vec::new();
    let mut waiting = Vec::new();
    for (batch, is_wanted) in batches {
        let mut lacking = Vec::new();
        let parts = match (is_wanted, batch.contexts.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => vec![whole(plan, tree, root, batch, &mut lacking)],
            (true, false) => grouped(plan, tree, root, batch, &mut lacking),
        };
        impossible.push(lacking);
        waiting.push(parts);
    }
    let count = waiting.iter().map(Vec::len).max().unwrap_or(0);
    let mut last: Vec<Vec<u8>> = batches.iter().map(|(batch, _)| nulls(batch)).collect();
    let mut waiting: Vec<_> = waiting.into_iter().map(Vec::into_iter).collect();
    let mut bodies = Vec::new();
    for _ in 0..count {
        let mut body = Vec::new();
        let mut asked = Vec::new();
        for (index, (batch, _)) in batches.iter().enumerate() {
            let part = waiting[index]
                .next()
                .inspect(|part| last[index].clone_from(&part.values));
            let part = part.unwrap_or_else(|| Part {
                // Nobody is asked with them, but the document declares the variables.
                values: last[index].clone(),
                ..Part::default()
            });
            if !body.is_empty() {
                body.push(b',');
            }
            body.extend_from_slice(&batch.variable);
            body.push(b'[');
            body.extend_from_slice(&part.representations);
            body.push(b']');
            if !part.values.is_empty() {
                body.push(b',');
                body.extend_from_slice(&part.values);
            }
            asked.push(part.asked);
        }
        if asked.iter().any(|asked| asked.count > 0) {
            bodies.push((body, asked));
        }
    }
    Requests { bodies, impossible }
}

fn whole(
    plan: &PreparedPlan,
    tree: &Tree,
    root: ObjectId,
    batch: &PreparedBatch,
    impossible: &mut Vec<ObjectId>,
) -> Part {
    let mut part = Part::default();
    part.asked = represent(plan, tree, root, batch, &mut part.representations);
    impossible.append(&mut part.asked.impossible);
    part
}

/// One part for each combination of values, in the order in which they are met.
fn grouped(
    plan: &PreparedPlan,
    tree: &Tree,
    root: ObjectId,
    batch: &PreparedBatch,
    impossible: &mut Vec<ObjectId>,
) -> Vec<Part> {
    let mut parts: Vec<(Part, Distinct)> = Vec::new();
    let mut by_values: HashMap<Vec<u8>, usize, RandomState> = HashMap::default();
    let mut seen = vec![false; tree.object_count()];
    let mut heights: Vec<usize> = batch.contexts.iter().map(|context| context.at).collect();
    heights.sort_unstable();
    heights.dedup();
    for (path, steps) in batch.paths.iter().enumerate() {
        let way = Way {
            plan,
            tree,
            steps,
            heights: &heights,
        };
        way.walk(root, &mut Vec::new(), &mut |above, object| {
            if std::mem::replace(&mut seen[object.index()], true)
                || !is_one_of(tree, plan.typename, object, &batch.types)
            {
                return;
            }
            let of = |context: &PreparedContext| {
                let height = heights.binary_search(&context.at).unwrap_or_default();
                above[height]
            };
            let Some(values) = values(plan.typename, tree, &batch.contexts, of) else {
                impossible.push(object);
                return;
            };
            let next = parts.len();
            let at = *by_values.entry(values.clone()).or_insert(next);
            if at == next {
                let part = Part {
                    values,
                    ..Part::default()
                };
                parts.push((part, Distinct::default()));
            }
            let (part, distinct) = &mut parts[at];
            match distinct.write(plan, tree, object, batch, &mut part.representations) {
                Some(number) => part.asked.targets.push(Target { object, number, path }),
                None => impossible.push(object),
            }
        });
    }
    let counted = parts.into_iter().map(|(mut part, distinct)| {
        part.asked.count = distinct.count();
        part
    });
    counted.filter(|part| part.asked.count > 0).collect()
}

/// A path, and the heights at which the objects on it matter.
struct Way<'w> {
    plan: &'w PreparedPlan,
    tree: &'w Tree,
    steps: &'w [Step],
    heights: &'w [usize],
}

impl Way<'_> {
    /// Visits the objects at the end, each with those that it is below.
    fn walk(&self, from: ObjectId, above: &mut Vec<ObjectId>, visit: &mut impl FnMut(&[ObjectId], ObjectId)) {
        let height = |number: usize| self.heights.get(number).copied().unwrap_or(self.steps.len());
        let start = match above.len() {
            0 => 0,
            some => height(some - 1),
        };
        let steps = self.steps.get(start..height(above.len())).unwrap_or_default();
        let objects = match start {
            0 => objects_at(self.tree, self.plan.typename, from, steps),
            _ => objects_below(self.tree, self.plan.typename, from, steps),
        };
        for object in objects {
            if above.len() == self.heights.len() {
                visit(above, object);
                continue;
            }
            above.push(object);
            self.walk(object, above, visit);
            above.pop();
        }
    }
}

/// The values of a batch's variables for one object; `None` where one is missing that must be there.
fn values(
    typename: Key,
    tree: &Tree,
    contexts: &[PreparedContext],
    of: impl Fn(&PreparedContext) -> ObjectId,
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for context in contexts {
        if !out.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(&context.variable);
        let start = out.len();
        write_field(typename, tree, of(context), &context.value, only_value, &mut out)?;
        if !context.nullable && out[start..] == *b"null" {
            return None;
        }
    }
    Some(out)
}

fn nulls(batch: &PreparedBatch) -> Vec<u8> {
    let members = batch.contexts.iter().map(|context| {
        let mut member = context.variable.clone();
        member.extend_from_slice(b"null");
        member
    });
    members.collect::<Vec<_>>().join(&b',')
}

/// An object stands for the one value in it that is meant.
fn only_value(
    typename: Key,
    tree: &Tree,
    object: ObjectId,
    nested: &RepresentedObject,
    out: &mut Vec<u8>,
) -> Option<()> {
    let mut cases = nested.cases.iter();
    let fitting = cases.find(|(types, _)| is_one_of(tree, typename, object, types));
    match fitting.and_then(|(_, fields)| fields.first()) {
        Some(field) => write_field(typename, tree, object, field, only_value, out),
        None => {
            out.extend_from_slice(b"null");
            Some(())
        }
    }
}
