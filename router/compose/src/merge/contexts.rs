//! Contexts: values from further up, filled in by the router, so that clients never see the arguments.

use std::collections::BTreeSet;

use super::{Merger, Part};
use crate::error::{Code, CompositionError, Hint, HintCode};
use crate::merged::{ContextArgument, Graph};
use crate::model::{Field, InputValue, TypeModel};

impl Merger<'_> {
    /// Each subgraph has contexts of its own.
    fn context_name(&self, graph: Graph, context: &str) -> String {
        format!("{}__{context}", self.subgraphs[graph].name)
    }

    pub(super) fn context_names(&self, parts: &[Part<'_, TypeModel>]) -> BTreeSet<String> {
        let of_part = |(graph, ty): &Part<'_, TypeModel>| {
            let names = ty.contexts.iter();
            let names = names.map(|context| self.context_name(*graph, context));
            names.collect::<Vec<_>>()
        };
        parts.iter().flat_map(of_part).collect()
    }

    pub(super) fn context_arguments(&self, (graph, field): Part<'_, Field>) -> Vec<ContextArgument> {
        let arguments = field.arguments.values().filter_map(|argument| {
            let from = argument.context.as_ref()?;
            Some(ContextArgument {
                name: argument.name.clone(),
                ty: argument.ty.clone(),
                context: self.context_name(graph, from.context.as_ref()?),
                selection: from.selection.clone(),
            })
        });
        arguments.collect()
    }

    /// Where it is from a context in some subgraphs only, the others must do without: clients can't give it.
    pub(super) fn contextual(&mut self, argument: &str, parts: &[Part<'_, InputValue>]) {
        let plain = parts.iter().filter(|(_, part)| part.context.is_none());
        let plain: Vec<Part<'_, InputValue>> = plain.copied().collect();
        if plain.is_empty() {
            return;
        }
        let names = self.names(plain.iter().map(|(graph, _)| *graph));
        let places = self.places(argument, parts);
        if plain.iter().any(|(_, part)| part.is_required()) {
            let message = format!("{argument} is from a context, but required of clients in {names}");
            let hint = format!("make it optional in {names}, or take it from a context there too");
            self.error(
                CompositionError::new(Code::ContextualArgument, message)
                    .at_all(places)
                    .hint(hint),
            );
        } else {
            self.hints.push(Hint {
                code: HintCode::ContextualArgumentNotContextualInAllSubgraphs,
                message: format!("{argument} is from a context, so that nobody gives it in {names}"),
                places,
            });
        }
    }
}
