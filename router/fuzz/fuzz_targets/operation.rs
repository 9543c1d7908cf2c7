//! An operation on the supergraph of one of the conformance cases, which the first byte chooses: what is valid is planned, and answered as
//! one server over the same data answers it; or it is refused for going beyond a bound.
#![no_main]

use std::sync::LazyLock;

use apollo_compiler::ExecutableDocument;
use lavka_conformance::{Case, CaseOperation, Compare, Federation, FederationError, difference};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value as Json;
use tokio::runtime::Runtime;

static FEDERATIONS: LazyLock<Vec<(String, Federation)>> = LazyLock::new(|| {
    let cases = Case::all().expect("the cases are valid");
    cases
        .iter()
        .filter(|case| !case.operations.iter().any(CaseOperation::has_its_own_answer))
        .map(|case| (case.name.clone(), case.federation().expect("it composes")))
        .collect()
});

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().build().expect("a runtime")
});

fuzz_target!(|input: (u8, &str)| -> Corpus {
    let (case, operation) = input;
    let (name, federation) = &FEDERATIONS[usize::from(case) % FEDERATIONS.len()];
    if !can_be_asked(federation, operation) {
        return Corpus::Reject;
    }
    match RUNTIME.block_on(federation.ask(operation, Json::Null)) {
        Ok(answers) => {
            let what = difference(&answers.federated, &answers.whole, Compare::Loosely);
            assert!(
                what.is_none(),
                "{name}: {what:?}\n{operation}\nrouter:     {}\none server: {}",
                answers.federated,
                answers.whole
            );
        }
        Err(FederationError::Plan(why)) => assert!(is_bound(&why), "{name}: {why}\n{operation}"),
        Err(FederationError::Operation(_)) => return Corpus::Reject,
        Err(error) => panic!("{name}: {error}\n{operation}"),
    }
    Corpus::Keep
});

/// Valid, a query alone in its document, and with no variable that somebody must give.
fn can_be_asked(federation: &Federation, text: &str) -> bool {
    let api = federation.supergraph.api_schema();
    let Ok(document) = ExecutableDocument::parse_and_validate(api, text, "operation.graphql") else {
        return false;
    };
    let mut operations = document.operations.iter();
    let (Some(operation), None) = (operations.next(), operations.next()) else {
        return false;
    };
    operation.is_query()
        && !text.contains("__schema")
        && !text.contains("__type(")
        && operation.variables.iter().all(|variable| {
            let default = variable.default_value.as_ref();
            default.is_some_and(|default| default.to_bool().is_some())
        })
}

/// The refusals that an operation may meet because of its size.
fn is_bound(why: &str) -> bool {
    ["nested deeper", "too large", "different combinations"]
        .iter()
        .any(|bound| why.contains(bound))
}
