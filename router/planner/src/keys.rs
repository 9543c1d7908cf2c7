//! Internal keys: the names under which values stand in the merged tree.
//!
//! A place in the tree (a way of keys from the root, whatever types the objects on it have) has one table. A key there stands for one field with
//! one set of arguments and one response shape, so that no two fetches can mean different things by it, and no subgraph can find
//! that two selections of it don't merge. Who comes second gets another key.

use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::collections::HashMap;

/// A place in the merged tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place(u32);

/// What a key stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Meaning {
    pub field: String,
    pub arguments: String,
    /// What any subgraph may answer: a leaf's type or that it is an object, with lists and non-nulls.
    pub shape: String,
}

/// The tables of all places. Every plan that is tried has a copy, to which it adds little: the tables are shared until they are written to.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    tables: Vec<Rc<Table>>,
}

#[derive(Clone, Debug, Default)]
struct Table {
    meanings: HashMap<Arc<str>, Meaning>,
    keys: HashMap<Meaning, Arc<str>>,
    places: HashMap<Arc<str>, Place>,
}

impl Keys {
    pub const ROOT: Place = Place(0);

    pub fn new() -> Self {
        Self {
            tables: vec![Rc::default()],
        }
    }

    /// The key for a field that the client asked for as `response_key`. Two aliases of the same field stay two: it may be a mutation.
    pub fn for_client(&mut self, at: Place, response_key: &str, meaning: Meaning) -> Arc<str> {
        match self.table(at).meanings.get_key_value(response_key) {
            Some((key, known)) if *known == meaning => key.clone(),
            _ => self.table_mut(at).enter(response_key, meaning),
        }
    }

    /// The key for a field that a subgraph needs; any selection of it will do.
    pub fn for_need(&mut self, at: Place, meaning: Meaning) -> Arc<str> {
        match self.table(at).keys.get(&meaning) {
            Some(key) => key.clone(),
            None => {
                let name = meaning.field.clone();
                self.table_mut(at).enter(&name, meaning)
            }
        }
    }

    /// The place of a key's objects.
    pub fn below(&mut self, at: Place, key: &Arc<str>) -> Place {
        if let Some(place) = self.table(at).places.get(key) {
            return *place;
        }
        let place = Place(u32::try_from(self.tables.len()).unwrap_or(u32::MAX));
        self.tables.push(Rc::default());
        self.table_mut(at).places.insert(key.clone(), place);
        place
    }

    fn table(&self, at: Place) -> &Table {
        &self.tables[at.0 as usize]
    }

    fn table_mut(&mut self, at: Place) -> &mut Table {
        Rc::make_mut(&mut self.tables[at.0 as usize])
    }
}

impl Table {
    fn enter(&mut self, wish: &str, meaning: Meaning) -> Arc<str> {
        let free = |name: &str| name != "__typename" && !self.meanings.contains_key(name);
        let key: Arc<str> = if free(wish) {
            Arc::from(wish)
        } else {
            // A name that starts with two underscores is GraphQL's own.
            let stem = wish.trim_start_matches('_');
            let numbered = (1..)
                .map(|number: u32| format!("{stem}_{number}"))
                .find(|name| free(name));
            Arc::from(numbered.unwrap_or_default())
        };
        self.meanings.insert(key.clone(), meaning.clone());
        self.keys.entry(meaning).or_insert_with(|| key.clone());
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(field: &str) -> Meaning {
        Meaning {
            field: field.into(),
            arguments: String::new(),
            shape: "String".into(),
        }
    }

    #[test]
    fn a_key_field_finds_what_the_client_selects_under_another_name() {
        let mut keys = Keys::new();
        assert_eq!(&*keys.for_client(Keys::ROOT, "name", meaning("id")), "name");
        assert_eq!(&*keys.for_need(Keys::ROOT, meaning("id")), "name");
    }

    #[test]
    fn a_key_field_makes_way_for_a_clients_alias() {
        let mut keys = Keys::new();
        assert_eq!(&*keys.for_client(Keys::ROOT, "id", meaning("name")), "id");
        assert_eq!(&*keys.for_need(Keys::ROOT, meaning("id")), "id_1");
    }

    #[test]
    fn nobody_takes_typename() {
        let mut keys = Keys::new();
        assert_eq!(
            &*keys.for_client(Keys::ROOT, "__typename", meaning("name")),
            "typename_1"
        );
    }

    #[test]
    fn two_aliases_of_one_mutation_stay_two() {
        let mut keys = Keys::new();
        keys.for_client(Keys::ROOT, "a", meaning("add"));
        assert_eq!(&*keys.for_client(Keys::ROOT, "b", meaning("add")), "b");
    }
}
