//! The merged tree of one request, in flat vectors.
//!
//! A subgraph's response is mostly text that goes to the client unchanged, so nothing of it is decoded: strings stay
//! slices of the response with their quotes and escapes, numbers stay their text, and lists and objects are ranges of
//! two vectors. Parsing a response costs a handful of appends; dropping a request frees five vectors.
//!
//! The shape that makes merging cheap: an object is a *chain of segments*, each a range of entries. Adding what another
//! subgraph knows about an entity links its segment at the end of the chain; no entry is moved or copied, and the same
//! segment may hang on many objects. Entries are therefore never changed once they are written.

mod envelope;
mod keys;
mod parse;
mod scan;
mod sizes;

use bytes::Bytes;

pub(crate) use envelope::{Answer, SubgraphError, is_answer, read_answer};
pub(crate) use keys::{Key, Keys};
pub(crate) use sizes::LastSizes;

/// A JSON value inside a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Text),
    /// With its quotes, still escaped.
    String(Text),
    List(ListId),
    Object(ObjectId),
}

/// A slice of one of the response bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    body: u32,
    start: u32,
    end: u32,
}

/// A list of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListId(u32);

/// An object of the tree. Two places in the response with the same id are the same node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ObjectId(u32);

impl ObjectId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Value,
}

/// A range of the tree's entries and the segment that follows it.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: u32,
    len: u32,
    /// Index into `Tree::links`, or `END`.
    next: u32,
}

/// An object: its first segment inline, since most have no other, and where it was read. The latter because a scalar's
/// value may be an object too (`scalar JSON`), and such a one is written as it came.
#[derive(Clone, Copy, Debug)]
struct Object {
    first: Segment,
    text: Text,
}

/// A range of the tree's values, and where the list was read.
#[derive(Clone, Copy, Debug)]
struct List {
    start: u32,
    len: u32,
    text: Text,
}

const END: u32 = u32::MAX;

/// All that the subgraphs have answered so far, as one tree whose nodes may be shared.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    bodies: Vec<Bytes>,
    values: Vec<Value>,
    entries: Vec<Entry>,
    objects: Vec<Object>,
    lists: Vec<List>,
    links: Vec<Segment>,
}

/// How much a tree holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) values: usize,
    pub(crate) entries: usize,
    pub(crate) objects: usize,
    pub(crate) lists: usize,
    pub(crate) links: usize,
}

impl Tree {
    /// A tree that has room for so much.
    pub(crate) fn with_room(room: Sizes) -> Self {
        Self {
            bodies: Vec::with_capacity(8),
            values: Vec::with_capacity(room.values),
            entries: Vec::with_capacity(room.entries),
            objects: Vec::with_capacity(room.objects),
            lists: Vec::with_capacity(room.lists),
            links: Vec::with_capacity(room.links),
        }
    }

    pub(crate) fn sizes(&self) -> Sizes {
        Sizes {
            values: self.values.len(),
            entries: self.entries.len(),
            objects: self.objects.len(),
            lists: self.lists.len(),
            links: self.links.len(),
        }
    }

    /// A new object without fields, which no response holds.
    pub(crate) fn empty_object(&mut self) -> ObjectId {
        self.push_entries(
            [],
            Text {
                body: END,
                start: 0,
                end: 0,
            },
        )
    }

    pub(crate) fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// The text as it stood in the response: a string with its quotes and escapes.
    pub(crate) fn text(&self, text: Text) -> &[u8] {
        let body = self.bodies.get(text.body as usize);
        body.and_then(|body| body.get(text.start as usize..text.end as usize))
            .unwrap_or_default()
    }

    /// The value as it stood in its response.
    pub(crate) fn raw(&self, value: Value) -> &[u8] {
        match value {
            Value::Null => b"null",
            Value::Bool(true) => b"true",
            Value::Bool(false) => b"false",
            Value::Number(text) | Value::String(text) => self.text(text),
            Value::List(list) => self.text(self.lists[list.0 as usize].text),
            Value::Object(object) => self.text(self.objects[object.index()].text),
        }
    }

    /// What stands between a string's quotes, still escaped.
    pub(crate) fn unquoted(&self, text: Text) -> &[u8] {
        let raw = self.text(text);
        raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
    }

    pub(crate) fn list(&self, list: ListId) -> &[Value] {
        let list = self.lists[list.0 as usize];
        &self.values[list.start as usize..(list.start + list.len) as usize]
    }

    /// The field's value. When several subgraphs gave it, the first that is not null.
    pub(crate) fn get(&self, object: ObjectId, key: Key) -> Option<Value> {
        let mut found = None;
        for segment in self.segments(object) {
            for entry in self.segment_entries(segment) {
                if entry.key == key {
                    if entry.value != Value::Null {
                        return Some(entry.value);
                    }
                    found = Some(Value::Null);
                }
            }
        }
        found
    }

    /// [`Tree::get`] for a reader that asks for an object's fields in the order in which they were written: `hint` is
    /// where to look first, and is moved behind what was found.
    pub(crate) fn get_near(&self, object: ObjectId, key: Key, hint: &mut usize) -> Option<Value> {
        let first = self.objects[object.index()].first;
        let entries = self.segment_entries(first);
        if let Some(entry) = entries.get(*hint)
            && entry.key == key
            && entry.value != Value::Null
        {
            *hint += 1;
            return Some(entry.value);
        }
        if let Some(at) = entries
            .iter()
            .position(|entry| entry.key == key && entry.value != Value::Null)
        {
            *hint = at + 1;
            return Some(entries[at].value);
        }
        self.get(object, key)
    }

    fn segments(&self, object: ObjectId) -> impl Iterator<Item = Segment> + '_ {
        std::iter::successors(Some(self.objects[object.index()].first), |segment| {
            (segment.next != END).then(|| self.links[segment.next as usize])
        })
    }

    fn segment_entries(&self, segment: Segment) -> &[Entry] {
        &self.entries[segment.start as usize..(segment.start + segment.len) as usize]
    }

    /// Hangs all of `source`'s segments behind `target`'s. The chain is the target's own, though the entries are shared.
    pub(crate) fn link(&mut self, target: ObjectId, source: ObjectId) {
        if target == source {
            return;
        }
        let mut last = self.objects[target.index()].first.next;
        while last != END && self.links[last as usize].next != END {
            last = self.links[last as usize].next;
        }
        let mut added = self.objects[source.index()].first;
        loop {
            let first = &mut self.objects[target.index()].first;
            if added.len == 0 {
                // Nothing to see there.
            } else if first.len == 0 && first.next == END {
                *first = Segment { next: END, ..added };
            } else {
                let new = index(self.links.len());
                self.links.push(Segment { next: END, ..added });
                match last {
                    END => first.next = new,
                    last => self.links[last as usize].next = new,
                }
                last = new;
            }
            if added.next == END {
                return;
            }
            added = self.links[added.next as usize];
        }
    }

    /// The fields of `source` that are objects or lists and that `target` has, too: the two values of each. They are visited while
    /// the tree changes, since entries never do.
    pub(crate) fn composites_in_both(
        &mut self,
        target: ObjectId,
        source: ObjectId,
        mut visit: impl FnMut(&mut Self, Value, Value),
    ) {
        let mut segment = self.objects[source.index()].first;
        loop {
            for at in segment.start..segment.start + segment.len {
                let entry = self.entries[at as usize];
                if matches!(entry.value, Value::Object(_) | Value::List(_))
                    && let Some(old) = self.get(target, entry.key)
                {
                    visit(self, old, entry.value);
                }
            }
            if segment.next == END {
                return;
            }
            segment = self.links[segment.next as usize];
        }
    }

    /// The elements at the same places of two lists; nothing if their lengths differ.
    pub(crate) fn pairs(&mut self, old: ListId, new: ListId, mut visit: impl FnMut(&mut Self, Value, Value)) {
        let (old, new) = (self.lists[old.0 as usize], self.lists[new.0 as usize]);
        if old.len == new.len {
            for at in 0..old.len {
                let old = self.values[(old.start + at) as usize];
                let new = self.values[(new.start + at) as usize];
                visit(self, old, new);
            }
        }
    }

    /// All entries of an object, in order; a key that several subgraphs gave comes several times.
    pub(crate) fn entries(&self, object: ObjectId) -> impl Iterator<Item = Entry> + '_ {
        self.segments(object)
            .flat_map(|segment| self.segment_entries(segment).iter().copied())
    }

    /// A copy of the value whose objects are nodes of their own; texts stay shared.
    pub(crate) fn copy(&mut self, value: Value) -> Value {
        match value {
            Value::Object(object) => Value::Object(self.copy_object(object)),
            Value::List(list) => {
                let items: Vec<Value> = self.list(list).to_vec();
                let copied: Vec<Value> = items.into_iter().map(|item| self.copy(item)).collect();
                let text = self.lists[list.0 as usize].text;
                Value::List(self.push_list(copied, text))
            }
            leaf => leaf,
        }
    }

    /// [`Tree::copy`] of an object.
    pub(crate) fn copy_object(&mut self, object: ObjectId) -> ObjectId {
        let entries: Vec<Entry> = self.entries(object).collect();
        let copied: Vec<Entry> = entries
            .into_iter()
            .map(|entry| Entry {
                key: entry.key,
                value: self.copy(entry.value),
            })
            .collect();
        self.push_entries(copied, self.objects[object.index()].text)
    }

    /// Whether any field is an object or a list, that is: something which a later merge could reach into.
    pub(crate) fn has_composites(&self, object: ObjectId) -> bool {
        self.entries(object)
            .any(|entry| matches!(entry.value, Value::Object(_) | Value::List(_)))
    }

    fn push_list(&mut self, items: impl IntoIterator<Item = Value>, text: Text) -> ListId {
        let start = self.values.len();
        self.values.extend(items);
        let id = ListId(index(self.lists.len()));
        self.lists.push(List {
            start: index(start),
            len: index(self.values.len() - start),
            text,
        });
        id
    }

    fn push_entries(&mut self, entries: impl IntoIterator<Item = Entry>, text: Text) -> ObjectId {
        let start = self.entries.len();
        self.entries.extend(entries);
        let first = Segment {
            start: index(start),
            len: index(self.entries.len() - start),
            next: END,
        };
        let id = ObjectId(index(self.objects.len()));
        self.objects.push(Object { first, text });
        id
    }
}

/// Vectors here hold at most one element for each byte of the responses, whose sizes the parser keeps below `u32::MAX`
/// altogether ([`parse::MAX_BYTES`]).
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(END)
}
