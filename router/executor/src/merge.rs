//! Putting what a subgraph answered into the tree, by linking.
//!
//! Only what both sides have as objects or lists needs work: those merge key by key and element by element. Everything
//! else comes with the segment. Answers are fresh trees and hang below older nodes, never the other way, so that no
//! cycle can come about.

use crate::arena::{ObjectId, Tree, Value};

/// Gives `target` everything that `source` has.
pub(crate) fn merge(tree: &mut Tree, target: ObjectId, source: ObjectId) {
    if target == source {
        return;
    }
    tree.composites_in_both(target, source, merge_values);
    tree.link(target, source);
}

fn merge_values(tree: &mut Tree, old: Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => merge(tree, old, new),
        // Lists of unequal lengths aren't the same list; the first answer stands.
        (Value::List(old), Value::List(new)) => tree.pairs(old, new, merge_values),
        // The first answer stands; if it is null, `Tree::get` looks on to the second by itself.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::arena::{Keys, read_answer};

    fn keys() -> Keys {
        let mut keys = Keys::default();
        for name in ["a", "b", "c", "id", "list"] {
            keys.intern(name);
        }
        keys
    }

    fn read(tree: &mut Tree, keys: &Keys, data: &str) -> ObjectId {
        let body = Bytes::from(format!("{{\"data\":{data}}}"));
        read_answer(tree, keys, &body)
            .ok()
            .and_then(|answer| answer.data)
            .expect(data)
    }

    /// The object as the tree now has it.
    fn show(tree: &Tree, keys: &Keys, value: Value) -> String {
        match value {
            Value::Object(object) => {
                let mut seen = Vec::new();
                for entry in tree.entries(object) {
                    if !seen.contains(&entry.key) {
                        seen.push(entry.key);
                    }
                }
                let fields: Vec<String> = seen
                    .into_iter()
                    .map(|key| {
                        let value = tree
                            .get(object, key)
                            .map_or("?".to_owned(), |value| show(tree, keys, value));
                        format!("{}:{value}", keys.name(key))
                    })
                    .collect();
                format!("{{{}}}", fields.join(" "))
            }
            Value::List(list) => {
                let items: Vec<String> = tree
                    .list(list)
                    .iter()
                    .map(|item| show(tree, keys, *item))
                    .collect();
                format!("[{}]", items.join(" "))
            }
            leaf => String::from_utf8_lossy(tree.raw(leaf)).into_owned(),
        }
    }

    fn merged(old: &str, new: &str) -> String {
        let (mut tree, keys) = (Tree::default(), keys());
        let old = read(&mut tree, &keys, old);
        let new = read(&mut tree, &keys, new);
        merge(&mut tree, old, new);
        show(&tree, &keys, Value::Object(old))
    }

    #[test]
    fn objects_merge_key_by_key_and_lists_element_by_element() {
        assert_eq!(
            merged(
                r#"{"id":1,"a":{"b":1},"list":[{"a":1},null,{"a":3}]}"#,
                r#"{"id":1,"a":{"c":2},"list":[{"b":1},{"b":2},{"b":3}],"c":"x"}"#
            ),
            r#"{id:1 a:{b:1 c:2} list:[{a:1 b:1} null {a:3 b:3}] c:"x"}"#
        );
    }

    #[test]
    fn an_object_wins_over_null_from_either_side() {
        assert_eq!(merged(r#"{"a":null}"#, r#"{"a":{"b":1}}"#), "{a:{b:1}}");
        assert_eq!(merged(r#"{"a":{"b":1}}"#, r#"{"a":null}"#), "{a:{b:1}}");
    }

    #[test]
    fn lists_of_other_lengths_and_other_shapes_leave_the_first_answer() {
        assert_eq!(
            merged(r#"{"list":[{"a":1}]}"#, r#"{"list":[{"b":1},{"b":2}]}"#),
            "{list:[{a:1}]}"
        );
        assert_eq!(merged(r#"{"a":{"b":1}}"#, r#"{"a":[1]}"#), "{a:{b:1}}");
        assert_eq!(merged(r#"{"a":1}"#, r#"{"a":2}"#), "{a:1}");
    }

    #[test]
    fn linking_to_one_object_does_not_show_in_another() {
        let (mut tree, keys) = (Tree::default(), keys());
        let one = read(&mut tree, &keys, r#"{"id":1}"#);
        let two = read(&mut tree, &keys, r#"{}"#);
        let entity = read(&mut tree, &keys, r#"{"a":1}"#);
        let later = read(&mut tree, &keys, r#"{"b":2}"#);
        merge(&mut tree, one, entity);
        merge(&mut tree, two, entity);
        merge(&mut tree, one, later);
        assert_eq!(show(&tree, &keys, Value::Object(one)), "{id:1 a:1 b:2}");
        assert_eq!(show(&tree, &keys, Value::Object(two)), "{a:1}");
        assert_eq!(show(&tree, &keys, Value::Object(entity)), "{a:1}");
    }

    #[test]
    fn a_copy_takes_later_merges_for_itself() {
        let (mut tree, keys) = (Tree::default(), keys());
        let entity = read(&mut tree, &keys, r#"{"a":{"b":1},"list":[[{"id":"x"}]]}"#);
        let copy = tree.copy_object(entity);
        let more = read(&mut tree, &keys, r#"{"a":{"c":2},"list":[[{"c":3}]]}"#);
        merge(&mut tree, copy, more);
        assert_eq!(
            show(&tree, &keys, Value::Object(copy)),
            r#"{a:{b:1 c:2} list:[[{id:"x" c:3}]]}"#
        );
        assert_eq!(
            show(&tree, &keys, Value::Object(entity)),
            r#"{a:{b:1} list:[[{id:"x"}]]}"#
        );
    }
}
