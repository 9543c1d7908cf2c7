//! What arguments take from objects further up (`@fromContext`): whether it can be had depends on the whole way.

use lavka_supergraph::{ContextArgument, Supergraph};

/// The arguments whose values can be had, each by identity: it stands in the supergraph once.
#[derive(Clone, Debug, Default)]
pub(super) struct Contexts<'a>(Vec<&'a ContextArgument>);

/// All arguments from contexts.
pub(super) fn arguments(supergraph: &Supergraph) -> Vec<&ContextArgument> {
    let types = supergraph.schema().types.keys();
    let fields = types
        .filter_map(|name| supergraph.type_model(name))
        .flat_map(|model| model.fields.values());
    let declared = fields.flat_map(|field| field.subgraphs.values());
    declared
        .flat_map(|declared| &declared.context_arguments)
        .collect()
}

impl<'a> Contexts<'a> {
    pub fn has(&self, argument: &ContextArgument) -> bool {
        self.0.iter().any(|one| std::ptr::eq(*one, argument))
    }

    pub fn has_all(&self, others: &Self) -> bool {
        others.0.iter().all(|argument| self.has(argument))
    }

    pub fn set(&mut self, argument: &'a ContextArgument, had: bool) {
        self.0.retain(|one| !std::ptr::eq(*one, argument));
        if had {
            self.0.push(argument);
        }
    }
}
