//! `__schema`, `__type` and a query's own `__typename` are answered here, over the public schema, by apollo-compiler.
//! A query that also asks subgraphs gets both answers woven together in the order in which it asked.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::Operation;
use apollo_compiler::introspection::{check_max_depth, partial_execute};
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// Which root fields an operation has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roots {
    /// `__schema` or `__type`.
    pub schema: bool,
    /// Fields that subgraphs answer.
    pub data: bool,
}

impl Roots {
    pub fn of(document: &ExecutableDocument, operation: &Operation) -> Self {
        let mut roots = Self::default();
        for field in operation.root_fields(document) {
            match field.name.as_str() {
                "__schema" | "__type" => roots.schema = true,
                "__typename" => {}
                _ => roots.data = true,
            }
        }
        roots
    }
}

/// Answers introspection over one schema.
pub(super) struct Introspector {
    enabled: bool,
    implementers: HashMap<Name, Implementers>,
}

impl Introspector {
    pub fn new(schema: &Valid<Schema>, enabled: bool) -> Self {
        Self {
            enabled,
            implementers: schema.implementers_map(),
        }
    }

    /// Checked before anything runs, so that a refused query has no effect and no `data`.
    pub fn admit(&self, document: &Valid<ExecutableDocument>, operation: &Operation) -> Result<(), Refusal> {
        if !self.enabled {
            return Err(Refusal::graphql(
                "INTROSPECTION_DISABLED",
                "introspection is switched off on this server",
            ));
        }
        check_max_depth(document, operation)
            .map_err(|error| Refusal::graphql("MAX_INTROSPECTION_DEPTH", error.message().to_string()))
    }

    /// The introspection part of the answer: a whole GraphQL response.
    pub fn answer(
        &self,
        schema: &Valid<Schema>,
        document: &Valid<ExecutableDocument>,
        operation: &Operation,
        variables: &Map<String, Value>,
    ) -> Result<Bytes, Refusal> {
        let variables: JsonMap = variables
            .iter()
            .map(|(name, value)| (name.as_str().into(), value.clone().into()))
            .collect();
        let variables = Valid::assume_valid(variables);
        let response = partial_execute(schema, &self.implementers, document, operation, &variables)
            .map_err(|error| Refusal::graphql("BAD_USER_INPUT", error.message().to_string()))?;
        serde_json::to_vec(&response)
            .map(Bytes::from)
            .map_err(|_| Refusal::internal())
    }
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    data: Option<Fields<'a>>,
    #[serde(borrow, default)]
    errors: Vec<&'a RawValue>,
}

type Fields<'a> = indexmap::IndexMap<String, &'a RawValue>;

/// Puts the two parts of an answer together, in the order of `keys`. Null data of the subgraphs' part (null reached the
/// root) makes the whole data null, as it would have in one piece.
pub(super) fn weave(introspected: &[u8], fetched: &[u8], keys: &[&str]) -> Option<Bytes> {
    let mut introspected: Part<'_> = serde_json::from_slice(introspected).ok()?;
    let fetched: Part<'_> = serde_json::from_slice(fetched).ok()?;
    let data = match (introspected.data.take(), fetched.data) {
        (Some(mut ours), Some(theirs)) => {
            for (key, value) in theirs {
                ours.entry(key).or_insert(value);
            }
            ours.sort_by_key(|key, _| keys.iter().position(|wanted| wanted == key).unwrap_or(usize::MAX));
            Some(ours)
        }
        _ => None,
    };
    #[derive(serde::Serialize)]
    struct Whole<'a> {
        data: Option<Fields<'a>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        errors: Vec<&'a RawValue>,
    }
    let errors = introspected.errors.into_iter().chain(fetched.errors).collect();
    serde_json::to_vec(&Whole { data, errors }).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaving_keeps_the_clients_order() {
        let ours = br#"{"data":{"__typename":"Query","__schema":{"a":1}}}"#;
        let theirs = br#"{"data":{"me":{"id":"1"},"top":[1.50]},"errors":[{"message":"x"}]}"#;
        let whole = weave(ours, theirs, &["me", "__schema", "top", "__typename"]).unwrap();
        assert_eq!(
            whole,
            r#"{"data":{"me":{"id":"1"},"__schema":{"a":1},"top":[1.50],"__typename":"Query"},"errors":[{"message":"x"}]}"#
        );
    }

    #[test]
    fn null_at_the_root_wins() {
        let whole = weave(
            br#"{"data":{"__typename":"Query"}}"#,
            br#"{"data":null,"errors":[{"message":"x"}]}"#,
            &[],
        );
        assert_eq!(whole.unwrap(), r#"{"data":null,"errors":[{"message":"x"}]}"#);
    }
}
