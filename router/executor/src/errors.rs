//! What went wrong in one request, and what is therefore explained.
//!
//! The difficulty: the specification wants one error for each field that failed, at the client's path, and no second one
//! for the nulls that follow from it. Three kinds of trouble meet here:
//!
//! - A subgraph's error with a path is moved to the client's path at once (`report.rs`); the place where the path ends in
//!   the tree is *explained*, so that its null needs no error of its own.
//! - A fetch that failed as a whole is a [`Failure`], noted at the objects that it should have completed. Which of the
//!   client's fields that hits is known when the answer is written: each field that is missing there gets the error.
//! - What the writer finds by itself (null for a non-null field, an unknown enum value) it adds itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::arena::{Key, ObjectId};
use crate::left_out::{Clean, Unasked};
use crate::prepare::PreparedBatch;

/// An error as the client sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FieldError {
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) path: Vec<Segment>,
    pub(crate) extensions: Map<String, Json>,
}

/// A part of a path in the client's response.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub(crate) enum Segment {
    Key(Arc<str>),
    Index(usize),
}

impl FieldError {
    pub(crate) fn new(message: impl Into<String>, code: &str) -> Self {
        let extensions = Map::from_iter([("code".to_owned(), Json::from(code))]);
        Self {
            message: message.into(),
            path: Vec::new(),
            extensions,
        }
    }

    /// An error that came from, or stands for, this subgraph. What the subgraph itself said wins.
    pub(crate) fn of_subgraph(
        message: String,
        mut extensions: Map<String, Json>,
        subgraph: &str,
        code: &str,
    ) -> Self {
        if !extensions.get("code").is_some_and(Json::is_string) {
            extensions.insert("code".to_owned(), code.into());
        }
        extensions.entry("service").or_insert_with(|| subgraph.into());
        Self {
            message,
            path: Vec::new(),
            extensions,
        }
    }

    pub(crate) fn at(&self, path: Vec<Segment>) -> Self {
        Self { path, ..self.clone() }
    }
}

/// A fetch, or a batch of one, that brought nothing.
#[derive(Debug)]
struct Failure {
    fetch: usize,
    error: FieldError,
    /// The keys that are missing because of it. Empty: unknown, so any.
    keys: Vec<Key>,
    reported: bool,
}

/// The errors of one request.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    /// With the fetch that they belong to, so that their order doesn't depend on who answered first.
    of_fetches: Vec<(usize, FieldError)>,
    of_writing: Vec<FieldError>,
    explained: HashSet<(ObjectId, Key)>,
    failures: Vec<Failure>,
    failed: HashMap<ObjectId, Vec<usize>>,
    /// Answers in which nobody has looked for what was left out.
    clean: Vec<Clean>,
    unasked: Vec<Unasked>,
    limit: usize,
    dropped: usize,
}

impl Errors {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    fn count(&self) -> usize {
        self.of_fetches.len() + self.of_writing.len()
    }

    /// How many errors there were altogether, those beyond the limit included.
    pub(crate) fn told(&self) -> usize {
        self.count() + self.dropped
    }

    /// How many errors may still be added.
    pub(crate) fn room(&self) -> usize {
        self.limit.saturating_sub(self.count())
    }

    pub(crate) fn add_of_fetch(&mut self, fetch: usize, error: FieldError) {
        if self.room() == 0 {
            self.dropped += 1;
        } else {
            self.of_fetches.push((fetch, error));
        }
    }

    pub(crate) fn add(&mut self, error: impl FnOnce() -> FieldError) {
        if self.room() == 0 {
            self.dropped += 1;
        } else {
            self.of_writing.push(error());
        }
    }

    /// The null at this field follows from an error that is already told.
    pub(crate) fn explain(&mut self, object: ObjectId, key: Key) {
        self.explained.insert((object, key));
    }

    pub(crate) fn is_explained(&self, object: ObjectId, key: Key) -> bool {
        self.explained.contains(&(object, key))
    }

    /// The fetch brought none of `keys` to these objects. `is_told`: the client has this error already.
    pub(crate) fn fail(
        &mut self,
        fetch: usize,
        error: FieldError,
        is_told: bool,
        keys: &[Key],
        objects: impl IntoIterator<Item = ObjectId>,
    ) {
        let id = self.failures.len();
        self.failures.push(Failure {
            fetch,
            error,
            keys: keys.to_vec(),
            reported: is_told,
        });
        for object in objects {
            self.failed.entry(object).or_default().push(id);
        }
    }

    /// Keeps an answer in case that something is missing.
    pub(crate) fn keep_clean(&mut self, clean: Clean) {
        self.clean.push(clean);
    }

    pub(crate) fn take_clean(&mut self) -> Vec<Clean> {
        std::mem::take(&mut self.clean)
    }

    pub(crate) fn take_unasked(&mut self) -> Vec<Unasked> {
        std::mem::take(&mut self.unasked)
    }

    /// These objects can't be asked for what the batch brings, because they lack what an earlier fetch should have brought. If that one failed, they share
    /// its fate.
    pub(crate) fn fail_after(&mut self, objects: &[ObjectId], batch: &PreparedBatch) {
        for object in objects {
            match self.failed.get(object).and_then(|failures| failures.first()) {
                Some(id) => self.share(*id, &batch.asked),
                None => self.unasked.push(Unasked {
                    object: *object,
                    needed: batch.fields.iter().map(|field| field.key).collect(),
                    keys: batch.asked.clone(),
                }),
            }
        }
    }

    /// They share the fate of one of those that they need, if that is known by now.
    pub(crate) fn fail_after_one_of(&mut self, unasked: &Unasked) {
        let mut failures = self.failed.get(&unasked.object).into_iter().flatten();
        let keys_of = |id: &usize| &self.failures[*id].keys;
        let found = failures.find(|id| keys_of(id).iter().any(|key| unasked.needed.contains(key)));
        if let Some(id) = found.copied() {
            self.share(id, &unasked.keys);
        }
    }

    fn share(&mut self, failure: usize, keys: &[Key]) {
        let known = &mut self.failures[failure].keys;
        if !known.is_empty() {
            let new: Vec<Key> = keys.iter().copied().filter(|key| !known.contains(key)).collect();
            known.extend(new);
        }
    }

    /// Why this field of the object is missing, if that is the fault of a fetch.
    pub(crate) fn failure_for(&mut self, object: ObjectId, key: Key) -> Option<FieldError> {
        let failures = self.failed.get(&object)?;
        let id = failures.iter().copied().find(|id| {
            let keys = &self.failures[*id].keys;
            keys.is_empty() || keys.contains(&key)
        })?;
        self.failures[id].reported = true;
        Some(self.failures[id].error.clone())
    }

    /// Makes room taken for an error that is kept elsewhere. False: there is none left.
    pub(crate) fn keeps_one_more(&mut self) -> bool {
        let has_room = self.room() > 0;
        match has_room {
            true => self.limit -= 1,
            false => self.dropped += 1,
        }
        has_room
    }

    /// What the writer has found since it was asked last.
    pub(crate) fn take_written(&mut self) -> Vec<FieldError> {
        let mut written = std::mem::take(&mut self.of_writing);
        self.limit = self.limit.saturating_sub(written.len());
        written.extend(self.take_dropped());
        written
    }

    /// The failures of these fetches of which nothing was told.
    pub(crate) fn take_untold(&mut self, is_due: impl Fn(usize) -> bool) -> Vec<(usize, FieldError)> {
        let untold = self
            .failures
            .iter_mut()
            .filter(|failure| !failure.reported && is_due(failure.fetch));
        untold
            .map(|failure| {
                failure.reported = true;
                (failure.fetch, failure.error.clone())
            })
            .collect()
    }

    fn take_dropped(&mut self) -> Option<FieldError> {
        let dropped = std::mem::take(&mut self.dropped);
        (dropped > 0).then(|| FieldError::new(format!("{dropped} more errors"), "TOO_MANY_ERRORS"))
    }

    /// A failure is told even if the client selected nothing of what is missing, or can't see it.
    pub(crate) fn into_list(mut self) -> Vec<FieldError> {
        for failure in std::mem::take(&mut self.failures) {
            if !failure.reported {
                self.add_of_fetch(failure.fetch, failure.error);
            }
        }
        self.of_fetches.sort_by_key(|(fetch, _)| *fetch);
        let of_fetches = std::mem::take(&mut self.of_fetches);
        let mut list: Vec<FieldError> = of_fetches.into_iter().map(|(_, error)| error).collect();
        list.append(&mut self.of_writing);
        list.extend(self.take_dropped());
        list
    }
}
