//! Interned names of fields.
//!
//! A plan knows every name that anything will ever ask the tree for. They are numbered once per plan; the parser drops
//! fields with any other name, so that what a subgraph sends beyond the question costs nothing.

use std::collections::HashMap;
use std::sync::Arc;

/// A field's name in the merged tree, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u32);

/// The names of one plan. The map's hasher is seeded at random: clients choose aliases.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Key>,
}

impl Keys {
    pub(crate) fn intern(&mut self, name: &str) -> Key {
        if let Some(key) = self.numbers.get(name) {
            return *key;
        }
        let name: Arc<str> = name.into();
        let key = Key(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name.clone());
        self.numbers.insert(name, key);
        key
    }

    pub(crate) fn find(&self, name: &str) -> Option<Key> {
        self.numbers.get(name).copied()
    }

    pub(crate) fn name(&self, key: Key) -> &Arc<str> {
        &self.names[key.0 as usize]
    }
}
