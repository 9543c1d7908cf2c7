//! What a subgraph was asked for and left out of its answer without an error: a server does not do that (GraphQL specification, section 6.4), but a broken one,
//! or a wrong proxy, does. Null there would be a lie.
//!
//! An answer is looked through only when a field is missing that nothing explains: that is rare, and answers are big. What stands under a condition, or under
//! a type that may be an abstract one, passes unseen.

use std::collections::BTreeMap;

use crate::arena::{Key, ObjectId, Tree, Value};
use crate::errors::Errors;
use crate::prepare::{PreparedBatch, PreparedPlan, PreparedTarget, Wanted};
use crate::report::malformed_error;
use crate::represent::Asked;

/// An answer that had no errors.
#[derive(Debug)]
pub(crate) struct Clean {
    pub(crate) fetch: usize,
    pub(crate) asked: Vec<Asked>,
    /// Its `data`.
    pub(crate) data: ObjectId,
    /// Of the tree.
    pub(crate) root: ObjectId,
}

/// An object that couldn't be asked for `keys`, since it lacks one of `needed`.
#[derive(Debug)]
pub(crate) struct Unasked {
    pub(crate) object: ObjectId,
    pub(crate) needed: Vec<Key>,
    pub(crate) keys: Vec<Key>,
}

/// Notes at the objects of the tree what the answers that have come since it was called last have left out.
pub(crate) fn note(plan: &PreparedPlan, tree: &Tree, errors: &mut Errors) {
    for clean in errors.take_clean() {
        let Some(wanted) = plan.wanted(clean.fetch) else {
            continue;
        };
        let mut search = Search {
            tree,
            typename: plan.typename,
            lacking: BTreeMap::new(),
        };
        let fetch = &plan.fetches[clean.fetch];
        match &fetch.target {
            PreparedTarget::Root(_) => search.object(wanted, clean.data, clean.root, None),
            PreparedTarget::Nested { .. } => {
                for target in clean.asked.iter().flat_map(|asked| &asked.targets) {
                    search.object(wanted, clean.data, target.object, None);
                }
            }
            PreparedTarget::Entities(batches) => {
                for (batch, asked) in batches.iter().zip(&clean.asked) {
                    search.entities(wanted, batch, asked, clean.data);
                }
            }
        }
        for (key, objects) in search.lacking {
            let error = malformed_error(fetch, "the subgraph left out a field that it was asked for");
            errors.fail(clean.fetch, error, true, &[key], objects);
        }
    }
    for unasked in errors.take_unasked() {
        errors.fail_after_one_of(&unasked);
    }
}

struct Search<'t> {
    tree: &'t Tree,
    typename: Key,
    /// By key: the objects that should have it.
    lacking: BTreeMap<Key, Vec<ObjectId>>,
}

impl Search<'_> {
    fn entities(&mut self, wanted: &Wanted, batch: &PreparedBatch, asked: &Asked, data: ObjectId) {
        let entities = wanted.fields.iter().find(|(key, _)| *key == batch.alias);
        let answered = match self.tree.get(data, batch.alias) {
            Some(Value::List(list)) => self.tree.list(list),
            _ => return,
        };
        let Some((_, wanted)) = entities else {
            return;
        };
        for target in &asked.targets {
            if let Some(Value::Object(entity)) = answered.get(target.number) {
                let fixed = batch.fixed_typename.as_deref();
                self.object(wanted, *entity, target.object, fixed);
            }
        }
    }

    /// `answered` is the object of the answer, `place` the one that it became in the tree; `known` its type's name in quotes, where that is no news.
    fn object(&mut self, wanted: &Wanted, answered: ObjectId, place: ObjectId, known: Option<&[u8]>) {
        for (key, below) in &wanted.fields {
            match (self.tree.get(answered, *key), self.tree.get(place, *key)) {
                (None, _) => self.lacking.entry(*key).or_default().push(place),
                (Some(answered), Some(place)) => self.value(below, answered, place),
                (Some(_), None) => {}
            }
        }
        for (name, of_type) in &wanted.of_types {
            let is_it = |quoted: &[u8]| {
                quoted.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")) == Some(name.as_bytes())
            };
            let told = match self.tree.get(place, self.typename) {
                Some(Value::String(text)) => is_it(self.tree.text(text)),
                _ => false,
            };
            if told || known.is_some_and(is_it) {
                self.object(of_type, answered, place, known);
            }
        }
    }

    fn value(&mut self, wanted: &Wanted, answered: Value, place: Value) {
        match (answered, place) {
            (Value::Object(answered), Value::Object(place)) => self.object(wanted, answered, place, None),
            (Value::List(answered), Value::List(place)) => {
                let (answered, place) = (self.tree.list(answered), self.tree.list(place));
                if answered.len() == place.len() {
                    for (answered, place) in answered.iter().zip(place) {
                        self.value(wanted, *answered, *place);
                    }
                }
            }
            _ => {}
        }
    }
}
