//! How two answers differ.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// How much of two answers is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Data to the letter, in the client's order; errors at the same paths.
    Strictly,
    /// Data without the order of its fields; the same places are null because of an error. Left open is what the specification leaves open:
    /// when a non-null field failed, whether a server tells of the fields beside it.
    Loosely,
}

/// Why the answers aren't the same; None when they are.
pub fn difference(ours: &Json, theirs: &Json, compare: Compare) -> Option<String> {
    let is_equal = match compare {
        // As text: maps compare without their order.
        Compare::Strictly => {
            let [ours, theirs] = [ours, theirs].map(|it| it["data"].to_string());
            ours == theirs
        }
        Compare::Loosely => ours["data"] == theirs["data"],
    };
    if !is_equal {
        let mut place = String::new();
        return Some(
            match first_difference(&mut place, &ours["data"], &theirs["data"]) {
                Some(what) => format!("data{place}: {what}"),
                None => "the fields stand in another order".to_owned(),
            },
        );
    }
    let (ours, theirs) = match compare {
        Compare::Strictly => (paths(ours), paths(theirs)),
        Compare::Loosely => (nulled(ours), nulled(theirs)),
    };
    let only = |some: &[String], others: &[String]| -> Vec<String> {
        let missing = some.iter().filter(|path| !others.contains(path));
        missing.cloned().collect()
    };
    (ours != theirs).then(|| {
        format!(
            "errors: only the router's {:?}, only one server's {:?}",
            only(&ours, &theirs),
            only(&theirs, &ours)
        )
    })
}

fn first_difference(place: &mut String, ours: &Json, theirs: &Json) -> Option<String> {
    match (ours, theirs) {
        (Json::Object(ours), Json::Object(theirs)) => {
            let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
            for name in names {
                let before = place.len();
                place.push('.');
                place.push_str(name);
                let found = match (ours.get(name), theirs.get(name)) {
                    (Some(ours), Some(theirs)) => first_difference(place, ours, theirs),
                    (Some(_), None) => Some("should not be there".to_owned()),
                    _ => Some("is missing".to_owned()),
                };
                if found.is_some() {
                    return found;
                }
                place.truncate(before);
            }
            None
        }
        (Json::Array(ours), Json::Array(theirs)) if ours.len() == theirs.len() => {
            for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                let before = place.len();
                place.push_str(&format!("[{at}]"));
                let found = first_difference(place, ours, theirs);
                if found.is_some() {
                    return found;
                }
                place.truncate(before);
            }
            None
        }
        (ours, theirs) => (ours != theirs).then(|| format!("is {ours}, should be {theirs}")),
    }
}

fn errors(answer: &Json) -> impl Iterator<Item = &Json> {
    answer["errors"].as_array().into_iter().flatten()
}

fn paths(answer: &Json) -> Vec<String> {
    let mut paths: Vec<String> = errors(answer).map(|error| error["path"].to_string()).collect();
    paths.sort();
    paths
}

/// The places that are null because of an error: its path, or the object above it that went with it.
fn nulled(answer: &Json) -> Vec<String> {
    let mut places: BTreeSet<String> = BTreeSet::new();
    for error in errors(answer) {
        let Some(path) = error["path"].as_array() else {
            places.insert(format!("without a path: {}", error["message"]));
            continue;
        };
        let mut at = &answer["data"];
        let mut place = String::new();
        for step in path {
            if at.is_null() {
                break;
            }
            at = match (
                step.as_str(),
                step.as_u64().and_then(|index| usize::try_from(index).ok()),
            ) {
                (Some(name), _) => &at[name],
                (None, Some(index)) => &at[index],
                (None, None) => &Json::Null,
            };
            place.push_str(&format!(
                "/{}",
                step.as_str().map_or(step.to_string(), str::to_owned)
            ));
        }
        if !at.is_null() {
            place.push_str(" although it is there");
        }
        places.insert(place);
    }
    places.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_named_by_its_place() {
        let ours = json!({"data": {"a": [{"b": 1}, {"b": 2}]}});
        let theirs = json!({"data": {"a": [{"b": 1}, {"b": 3}]}});
        let found = difference(&ours, &theirs, Compare::Loosely);
        assert_eq!(found.as_deref(), Some("data.a[1].b: is 2, should be 3"));
    }

    #[test]
    fn errors_below_the_same_null_are_the_same() {
        let ours = json!({"data": {"a": null}, "errors": [{"message": "x", "path": ["a", "b"]}]});
        let theirs = json!({"data": {"a": null}, "errors": [{"message": "y", "path": ["a", "c"]}]});
        assert_eq!(difference(&ours, &theirs, Compare::Loosely), None);
        assert!(difference(&ours, &theirs, Compare::Strictly).is_some());
    }

    #[test]
    fn a_null_without_an_error_is_not_one_with() {
        let ours = json!({"data": {"a": null}});
        let theirs = json!({"data": {"a": null}, "errors": [{"message": "y", "path": ["a"]}]});
        let found = difference(&ours, &theirs, Compare::Loosely);
        assert_eq!(
            found.as_deref(),
            Some("errors: only the router's [], only one server's [\"/a\"]")
        );
    }

    #[test]
    fn the_order_of_fields_counts_strictly() {
        let ours: Json = serde_json::from_str(r#"{"data":{"a":1,"b":2}}"#).expect("JSON");
        let theirs: Json = serde_json::from_str(r#"{"data":{"b":2,"a":1}}"#).expect("JSON");
        assert_eq!(difference(&ours, &theirs, Compare::Loosely), None);
        let found = difference(&ours, &theirs, Compare::Strictly);
        assert_eq!(found.as_deref(), Some("the fields stand in another order"));
    }
}
