//! Turns an operation over a supergraph into a query plan. Pure: no input or output, no clock.
//!
//! # The difficulty
//! A client asks for a tree. Each of its fields is given by one or by several subgraphs, each under its own conditions: only of objects that it can
//! find by a key; only when told other fields first (`@requires`); only on this way through the graph (`@provides`); of an interface instead of
//! its types (`@interfaceObject`). A jump from one subgraph to another costs a request and, if it has to wait, a round trip. Which subgraph to ask for a field
//! can't be decided at the field: its price is what it adds to the whole. And what comes back must fit together: two subgraphs write
//! into the same objects, under names that must not clash although clients may name things as they like.
//!
//! # The solution
//! 1. [`normalise`]: the operation becomes a tree without fragments in which each group of concrete types has its own list of fields, so that everything
//!    after it is about objects whose type is known. Every field gets an *internal key* ([`keys`]), unique in its place of the merged answer, that all
//!    requests use as their response key. Conditions (@skip, @include) are kept as small boolean expressions ([`cond`]).
//! 2. [`build`]: one walk over that tree builds one plan, given what to prefer where several subgraphs could be asked. Its result is a [`draft`]: steps
//!    (a root request, or a jump to entities at a path) that depend on each other.
//!    Where `@defer` splits the answer ([`deferral`]), it goes through one part after the other.
//! 3. [`search`]: many plans are built, each with other preferences, and the cheapest wins. The search is bounded, and says so when it stopped early.
//! 4. [`assemble`]: steps to the same subgraph in the same wave become one request, and [`document`] writes its text.
//! 5. [`output`]: the projection from merged tree to answer is compiled.
//!
//! What is asked of the supergraph on the way stands in [`graph`]. The plan itself is plain data: [`QueryPlan`].
#![warn(missing_docs)]

mod assemble;
mod build;
mod cond;
mod deferral;
mod document;
mod draft;
mod error;
mod graph;
mod keys;
mod normal;
mod normalise;
mod options;
mod output;
mod plan;
mod search;
mod write;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::OperationType;
use apollo_compiler::executable::{FragmentMap, Operation};
use apollo_compiler::validation::Valid;
use lavka_supergraph::Supergraph;

pub use error::PlanError;
pub use options::{PlanOptions, Viewer};
pub use plan::{
    Condition, ContextVariable, Deferral, DeferredFragment, DeferredPart, Denied, EntityBatch, Fetch,
    FetchId, Literal, OperationKind, OutputCase, OutputField, OutputPart, OutputSelection, OutputShape, Path,
    PathStep, QueryPlan, RepresentationCase, RepresentationField, RepresentationObject, Scalar, Target,
    Typename, Wrapping,
};

use deferral::{Settled, Usages};
use graph::Graph;
use keys::Keys;
use normal::Selection;
use normalise::Normaliser;
use search::Search;

/// Plans one operation of a document that was validated against [`Supergraph::api_schema`]. The same input always gives the same plan.
///
/// Introspection fields (`__schema`, `__type`) are left out: whoever serves the schema answers them; everything else of such an operation is planned.
///
/// # Errors
/// When there is no such operation, when it goes beyond the bounds in `options`, or when the supergraph gives no way to a field.
pub fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    name: Option<&str>,
    options: &PlanOptions,
) -> Result<QueryPlan, PlanError> {
    let operation = find(document, name)?;
    let kind = kind(operation);
    let graph = Graph::new(supergraph, &options.labels);
    let mut keys = Keys::new();
    let (selection, usages) = normalise(&graph, options, &mut keys, operation, &document.fragments)?;
    let parts = usages.split(&selection);
    let search = Search {
        graph: &graph,
        options,
        keys: &keys,
        kind,
        operation,
        selection: &selection,
        parts: &parts,
    };
    let (assembled, notes) = search.run()?;
    let settled = Settled::new(&usages, &assembled.needs);
    let output = output::compile(&graph, &selection, &settled, options.max_fields);
    Ok(QueryPlan {
        kind,
        fetches: assembled.fetches,
        output,
        deferral: settled.deferral,
        notes,
    })
}

fn find<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Result<&'d Operation, PlanError> {
    match document.operations.get(name) {
        Ok(operation) => Ok(operation),
        Err(_) => Err(PlanError::UnknownOperation(
            name.unwrap_or("(no name given)").to_owned(),
        )),
    }
}

fn kind(operation: &Operation) -> OperationKind {
    match operation.operation_type {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => OperationKind::Subscription,
    }
}

fn normalise(
    graph: &Graph<'_>,
    options: &PlanOptions,
    keys: &mut Keys,
    operation: &Operation,
    fragments: &FragmentMap,
) -> Result<(Selection, Usages), PlanError> {
    let left = options.max_fields;
    let mut normaliser = Normaliser {
        graph,
        options,
        keys,
        fragments: Some(fragments),
        left,
        usages: Usages::default(),
        path: Vec::new(),
    };
    let set = &operation.selection_set;
    let selection = normaliser.selection(&set.ty, Keys::ROOT, &vec![(set, cond::Cond::always(), None)])?;
    Ok((selection, normaliser.usages))
}
