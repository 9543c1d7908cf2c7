//! Makes a failing scenario small enough to read.
//!
//! Greedy: one thing is taken away at a time, the larger things first, and stays away when the rest still fails. Three kinds of things go: what is
//! asked ([`operation`]), what the subgraphs say ([`schema`]), and the data ([`data`]).

mod data;
mod operation;
mod schema;

use crate::random::Scenario;

/// Counts down to the edit that is wanted.
struct Cursor(usize);

impl Cursor {
    /// Whether this is the one.
    fn hit(&mut self) -> bool {
        match self.0.checked_sub(1) {
            Some(left) => {
                self.0 = left;
                false
            }
            None => true,
        }
    }
}

/// Takes away what can be taken away while `fails` holds, trying no more than `tries` times.
pub fn shrink(scenario: &Scenario, mut tries: usize, mut fails: impl FnMut(&Scenario) -> bool) -> Scenario {
    type Edit = fn(&Scenario, usize) -> Option<Scenario>;
    const EDITS: [Edit; 3] = [operation::edit, schema::edit, data::edit];
    let mut best = scenario.clone();
    loop {
        let before = best.clone();
        for edit in EDITS {
            let mut number = 0;
            while let Some(smaller) = edit(&best, number) {
                if tries == 0 {
                    return best;
                }
                tries -= 1;
                if smaller != best && fails(&smaller) {
                    best = smaller;
                } else {
                    number += 1;
                }
            }
        }
        if best == before {
            return best;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    /// Whatever asks for `b` of a `T` that somebody gives by a key is to fail.
    #[test]
    fn what_does_not_matter_goes() {
        let scenario = Scenario {
            subgraphs: BTreeMap::from([
                ("one".to_owned(), "type Query { t: T other: Int } type T @key(fields: \"id\") { id: ID! a: Int }".to_owned()),
                ("two".to_owned(), "type T @key(fields: \"id\") { id: ID! b: Int c(x: Int): Int } type U { u: Int }".to_owned()),
            ]),
            world: json!({"Query": {"t": "@t", "other": 1}, "T": [{"@": "t", "id": "1", "a": 1, "b": 2}, {"@": "u", "id": "2"}]}),
            labels: Vec::new(),
            operation: "query ($yes: Boolean!) { other ... on Query { t { x: a ...F } } } fragment F on T { y: b @include(if: $yes) c }".to_owned(),
            variables: json!({"yes": true}),
        };
        let fails = |candidate: &Scenario| {
            let two = candidate
                .subgraphs
                .get("two")
                .is_some_and(|sdl| sdl.contains("@key"));
            let is_asked = candidate.operation.contains("b") && candidate.operation.contains("t {");
            two && is_asked
        };
        let small = shrink(&scenario, 10_000, fails);
        let operation = small.operation.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(operation, "{ t { b } }");
        assert_eq!(small.variables, json!({}));
        assert_eq!(small.subgraphs.keys().collect::<Vec<_>>(), ["two"]);
        assert!(
            !small.subgraphs["two"].contains("U"),
            "{}",
            small.subgraphs["two"]
        );
    }
}
