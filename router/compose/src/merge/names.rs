//! Names of directives that reach the supergraph: a supergraph has one for each.

use std::collections::{BTreeMap, BTreeSet};

use super::Merger;
use crate::error::{Code, CompositionError};

impl Merger<'_> {
    /// A directive that two subgraphs use under different names. Ours could be read all the same, since it is written with the published names; but
    /// the rules say that it doesn't compose, and with another composer it wouldn't.
    pub(super) fn same_names(&mut self) {
        let mut names: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        for (graph, subgraph) in self.subgraphs.iter().enumerate() {
            for (published, (local, _)) in &subgraph.called {
                let called = names.entry(published).or_default();
                called.entry(local).or_default().push(graph);
            }
        }
        for (published, called) in names.into_iter().filter(|(_, called)| called.len() > 1) {
            let said: Vec<String> = called
                .iter()
                .map(|(local, graphs)| format!("@{local} in {}", self.names(graphs.iter().copied())))
                .collect();
            let graphs: BTreeSet<usize> = called.values().flatten().copied().collect();
            let message = format!(
                "@{published} is imported by different names: it is {}",
                said.join(", and ")
            );
            let places = graphs.into_iter().map(|graph| {
                let linked_at = self.subgraphs[graph].called.get(published);
                self.place(graph, "schema", linked_at.and_then(|(_, position)| *position))
            });
            let error = CompositionError::new(Code::LinkImportNameMismatch, message)
                .at_all(places.collect::<Vec<_>>())
                .hint("import it by the same name in all subgraphs that use it");
            self.error(error);
        }
    }
}
