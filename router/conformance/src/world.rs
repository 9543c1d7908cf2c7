//! The data that all subgraphs share.
//!
//! ```json
//! {
//!   "Query":   { "products": ["@lamp", "@chair"] },
//!   "Product": [ { "@": "lamp", "id": "1", "name": "Lamp", "maker": "@ikea" },
//!                { "@": "chair", "id": "2", "name": { "@error": "no name" } } ]
//! }
//! ```
//!
//! A root type has one object, every other type a list. `"@": "lamp"` labels an object and `"@lamp"` refers to it from
//! anywhere; a root type's object is called as its type. Objects in place are allowed too; where their field's type is abstract they say their `__typename`.
//! `{"@error": "…"}` is a field that fails. A field that isn't there is null.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

/// An object of the world.
pub(crate) type Object = Map<String, Json>;

/// Data for every type.
#[derive(Clone, Debug)]
pub struct World {
    types: Object,
    /// By label: the type and the position among its objects.
    labels: HashMap<String, (String, usize)>,
}

/// Why JSON is no world.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no world: {0}")]
pub struct InvalidWorld(String);

impl World {
    /// Reads a world in the form that the module's page shows.
    pub fn new(json: Json) -> Result<Self, InvalidWorld> {
        let Json::Object(types) = json else {
            return Err(InvalidWorld("it is no object".to_owned()));
        };
        let mut labels = HashMap::new();
        for (name, objects) in &types {
            let objects = match objects {
                Json::Array(objects) => objects,
                Json::Object(_) => continue,
                _ => return Err(InvalidWorld(format!("{name} is neither an object nor a list"))),
            };
            for (at, object) in objects.iter().enumerate() {
                if !object.is_object() {
                    return Err(InvalidWorld(format!("{name} number {at} is no object")));
                }
                if let Some(label) = object["@"].as_str()
                    && labels.insert(label.to_owned(), (name.clone(), at)).is_some()
                {
                    return Err(InvalidWorld(format!("two objects are called {label:?}")));
                }
            }
        }
        Ok(Self { types, labels })
    }

    /// The one object of a root type.
    pub(crate) fn root(&self, type_name: &str) -> Option<&Object> {
        self.types.get(type_name)?.as_object()
    }

    /// All the objects of a type.
    pub(crate) fn objects(&self, type_name: &str) -> impl Iterator<Item = &Object> {
        self.types
            .get(type_name)
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_object)
    }

    /// The names of all types that have objects.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }

    /// What a value stands for: the object with its type's name, for a reference or an object in place. `declared` is the
    /// type that an object in place has unless it says another.
    pub(crate) fn object<'w>(&'w self, value: &'w Json, declared: &'w str) -> Option<(&'w str, &'w Object)> {
        match value {
            Json::String(reference) => {
                let name = reference.strip_prefix('@')?;
                if let Some((root, Json::Object(object))) = self.types.get_key_value(name) {
                    return Some((root, object));
                }
                let (type_name, at) = self.labels.get(name)?;
                Some((type_name, self.types[type_name][at].as_object()?))
            }
            Json::Object(object) => Some((
                object
                    .get("__typename")
                    .and_then(Json::as_str)
                    .unwrap_or(declared),
                object,
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_lead_to_their_objects() {
        let world = World::new(json!({"A": [{"@": "x", "n": 1}, {"@": "y", "n": 2}], "Query": {"a": "@y"}}));
        let world = world.expect("a world");
        let reference = json!("@y");
        let (name, object) = world.object(&reference, "I").expect("it is labelled");
        assert_eq!((name, &object["n"]), ("A", &json!(2)));
        assert!(world.object(&json!("@z"), "I").is_none());
    }

    #[test]
    fn what_is_no_world_is_refused_by_name() {
        for (json, why) in [
            (json!(3), "no world: it is no object"),
            (json!({"A": 3}), "no world: A is neither an object nor a list"),
            (json!({"A": [3]}), "no world: A number 0 is no object"),
            (
                json!({"A": [{"@": "x"}], "B": [{"@": "x"}]}),
                "no world: two objects are called \"x\"",
            ),
        ] {
            assert_eq!(
                World::new(json).err().map(|error| error.to_string()).as_deref(),
                Some(why)
            );
        }
    }
}
