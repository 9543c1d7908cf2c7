//! Subgraphs' models to one supergraph.
//!
//! The rules differ by where a type stands: what goes *out* to clients may be joined from anything that any subgraph knows (union), what comes
//! *in* must be understood by all that will see it (intersection), and what does both must be the same. So the uses of types are counted first;
//! then every type name is merged by the rules of its kind, one file a kind. Errors are collected, never the end: one run names them all.

mod arguments;
mod composed;
mod consistency;
mod contexts;
mod descriptions;
mod directives;
mod enums;
mod fields;
mod graphs;
mod inputs;
mod interface_objects;
mod marks;
mod names;
mod objects;
mod overrides;
mod sharing;
mod type_refs;
mod types;
mod unions;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Name;

use crate::error::{CompositionError, Hint, Place};
use crate::merged::{Graph, Merged};
use crate::model::{SubgraphModel, TypeModel};
use uses::TypeUses;

/// What merging found.
pub(crate) struct Outcome {
    pub merged: Merged,
    pub errors: Vec<CompositionError>,
    pub hints: Vec<Hint>,
}

/// What all passes share.
struct Merger<'a> {
    subgraphs: &'a [SubgraphModel],
    uses: TypeUses,
    /// Abstract type -> what it can stand for, in any subgraph.
    subtypes: BTreeMap<Name, BTreeSet<Name>>,
    errors: Vec<CompositionError>,
    hints: Vec<Hint>,
}

/// One subgraph's part of something.
type Part<'a, T> = (Graph, &'a T);

/// The subgraphs must be in the order of their names.
pub(crate) fn merge(subgraphs: &[SubgraphModel]) -> Outcome {
    let mut merger = Merger {
        subgraphs,
        uses: uses::count(subgraphs),
        subtypes: type_refs::subtypes(subgraphs),
        errors: Vec::new(),
        hints: Vec::new(),
    };
    merger.same_names();
    let graphs = graphs::name(subgraphs);
    let mut types = merger.types();
    merger.interface_objects(&mut types);
    let executable_directives = merger.executable_directives();
    let composed = merger.composed_directives();
    let merged = Merged {
        graphs,
        types,
        executable_directives,
        composed,
    };
    Outcome {
        merged,
        errors: merger.errors,
        hints: merger.hints,
    }
}

impl<'a> Merger<'a> {
    /// Every subgraph's part of a type.
    fn parts(&self, ty: &str) -> Vec<Part<'a, TypeModel>> {
        let subgraphs = self.subgraphs.iter().enumerate();
        subgraphs
            .filter_map(|(graph, subgraph)| Some((graph, subgraph.types.get(ty)?)))
            .collect()
    }

    fn place(
        &self,
        graph: Graph,
        coordinate: impl Into<String>,
        position: Option<crate::error::Position>,
    ) -> Place {
        self.subgraphs[graph].place(coordinate, position)
    }

    fn error(&mut self, error: CompositionError) {
        self.errors.push(error);
    }

    /// `a`, `b` and `c`: the names of subgraphs for a message.
    fn names(&self, graphs: impl IntoIterator<Item = Graph>) -> String {
        let names: Vec<String> = graphs
            .into_iter()
            .map(|graph| format!("\"{}\"", self.subgraphs[graph].name))
            .collect();
        match names.split_last() {
            None => "none".into(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        }
    }
}
