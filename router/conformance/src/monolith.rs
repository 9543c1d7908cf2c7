//! One schema over the whole world: the answer that the router must give.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value as Json};

use crate::contexts::Contexts;
use crate::resolve::View;
use crate::world::World;

/// Answers an operation from a world through an API schema, as one server would, which knows what to fill in from `contexts`. The
/// result is a GraphQL response.
pub fn monolith(
    world: &World,
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    variables: &Map<String, Json>,
    contexts: &Contexts,
) -> Json {
    let mut abstracts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, implementers) in schema.implementers_map() {
        for object in implementers.objects {
            abstracts
                .entry(object.to_string())
                .or_default()
                .insert(name.to_string());
        }
    }
    for (name, ty) in &schema.types {
        for member in ty.as_union().into_iter().flat_map(|union| &union.members) {
            abstracts
                .entry(member.to_string())
                .or_default()
                .insert(name.to_string());
        }
    }
    let view = View {
        world,
        subgraph: None,
        abstracts: &abstracts,
        lost: &HashSet::new(),
        contexts,
    };
    run(view, schema, document, None, variables)
}

/// Runs an operation on a view's root.
pub(crate) fn run(
    view: View<'_>,
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    operation: Option<&str>,
    variables: &Map<String, Json>,
) -> Json {
    let root = match document.operations.get(operation) {
        Ok(operation) => operation.object_type().to_string(),
        Err(error) => return refusal(error.message().to_string()),
    };
    let variables: JsonMap = variables
        .iter()
        .map(|(name, value)| (name.as_str().into(), value.clone().into()))
        .collect();
    let empty = Map::new();
    let execution = Execution::new(schema, document)
        .operation_name(operation)
        .map(|execution| execution.raw_variable_values(&variables))
        .and_then(|execution| execution.execute_sync(&view.root(&root, &empty)));
    match execution {
        Ok(response) => serde_json::to_value(response).unwrap_or_else(|error| refusal(error.to_string())),
        Err(error) => refusal(error.message().to_string()),
    }
}

pub(crate) fn refusal(message: String) -> Json {
    serde_json::json!({ "errors": [{ "message": message, "extensions": { "code": "MOCK_REFUSED" } }] })
}
