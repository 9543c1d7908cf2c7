//! Why a field can't be reached, subgraph by subgraph.

use std::collections::BTreeSet;

use apollo_compiler::schema::FieldDefinition;
use lavka_supergraph::{ContextArgument, FieldModel, SubgraphId};

use super::holds::{Hold, Vertex};
use super::reach::{Checked, Reached};
use super::walk::Walk;
use crate::error::{Code, CompositionError, Place};
use crate::read::Spelt;

/// A field that can't be reached on some way.
pub(super) struct Unreached {
    pub coordinate: String,
    pub error: CompositionError,
}

impl<'a> Walk<'a, '_> {
    pub fn explain(&mut self, at: usize, field: &'a FieldDefinition) -> Checked<Unreached> {
        let ty = self.states[at].ty;
        let coordinate = format!("{ty}.{}", field.name);
        let reached = self.reached(at);
        let mut reasons = Vec::new();
        let mut holding: BTreeSet<SubgraphId> = BTreeSet::new();
        let mut lacking = None;
        for (index, reach) in reached.iter().enumerate() {
            for hold in reach.iter() {
                if !holding.insert(hold.subgraph) && index > 0 {
                    continue;
                }
                let reason = match self.lacking_context(at, hold, field) {
                    Some(argument) => {
                        lacking.get_or_insert(argument);
                        lacking_text(ty, field, argument)
                    }
                    None => self.why_not_here(ty, reach, hold, field)?,
                };
                reasons.push(format!(
                    "from subgraph \"{}\": {reason}",
                    self.holds.name(hold.subgraph)
                ));
            }
        }
        for vertex in self.holds.vertices(ty).iter().copied() {
            if !holding.contains(&vertex.0)
                && let Some(reason) = self.why_not_there(ty, &reached, vertex, field, &holding)?
            {
                reasons.push(reason);
            }
        }
        let message = format!(
            "{coordinate} can't be reached{}: no subgraphs can answer together\n{}\n{}",
            self.holds.situation(),
            indented(&self.example(at, field)),
            reasons
                .iter()
                .map(|reason| format!("- {reason}"))
                .collect::<Vec<_>>()
                .join("\n"),
        );
        let model = self.holds.supergraph.field(ty, &field.name);
        let givers = model.into_iter().flat_map(|model| model.subgraphs.keys());
        let places = givers.map(|subgraph| Place {
            subgraph: self.holds.name(*subgraph).to_owned(),
            coordinate: coordinate.clone(),
            position: None,
        });
        let error = CompositionError::new(Code::SatisfiabilityError, message)
            .at_all(places)
            .hint(match lacking {
                Some(argument) => format!(
                    "let a type on every way to {ty} set the context \"{}\", of which the value can be had",
                    argument.context.rsplit("__").next().unwrap_or_default()
                ),
                None => self.remedy(ty, field, &holding),
            });
        Ok(Unreached { coordinate, error })
    }

    /// An argument whose value can't be had on the way, of a field that the subgraph would give.
    fn lacking_context(
        &self,
        at: usize,
        hold: &Hold<'a>,
        field: &FieldDefinition,
    ) -> Option<&'a ContextArgument> {
        let given = self.holds.given(hold, &field.name)?;
        let contexts = &self.states[at].contexts;
        given
            .context_arguments
            .iter()
            .find(|argument| !contexts.has(argument))
    }

    /// Why a subgraph that has the object in hand doesn't give the field.
    fn why_not_here(
        &mut self,
        ty: &'a str,
        reached: &Reached<'a>,
        hold: &Hold<'a>,
        field: &'a FieldDefinition,
    ) -> Checked<String> {
        let coordinate = format!("{}.{}", hold.ty, field.name);
        let Some(model) = self.holds.supergraph.field(hold.ty, &field.name) else {
            return Ok(format!("it doesn't have {coordinate}"));
        };
        let Some(declared) = model.subgraphs.get(&hold.subgraph) else {
            return Ok(format!("it doesn't have {coordinate}"));
        };
        let Some(given) = self.holds.given(hold, &field.name) else {
            return Ok(if declared.external {
                format!("{coordinate} is @external there, and not provided on this way")
            } else {
                format!("{coordinate} is overridden, another subgraph gives it")
            });
        };
        if given.requires.is_none() && !given.context_arguments.is_empty() {
            return Ok(format!(
                "{coordinate} takes a value from a context, and {ty} has no @key there by which it could be asked again once it is known"
            ));
        }
        let Some(requires) = &given.requires else {
            return Ok(format!(
                "nobody who can be reached tells which type of {} it is",
                field.ty.inner_named_type()
            ));
        };
        let mut missing = Vec::new();
        for selection in &requires.selections {
            if !self.reach.has(ty, reached, selection)? {
                let one = apollo_compiler::executable::SelectionSet {
                    ty: requires.ty.clone(),
                    selections: vec![selection.clone()],
                };
                missing.push(Spelt(&one).to_string());
            }
        }
        let why = if missing.is_empty() {
            format!("{ty} has no @key there by which it could be asked again once they are known")
        } else {
            format!("\"{}\" can't be had", missing.join(" "))
        };
        Ok(format!(
            "{coordinate} @requires(fields: \"{}\"), and {why}",
            Spelt(requires)
        ))
    }

    /// Why nobody comes to a subgraph that would give the field.
    fn why_not_there(
        &mut self,
        ty: &'a str,
        reached: &[Reached<'a>],
        vertex: Vertex<'a>,
        field: &'a FieldDefinition,
        holding: &BTreeSet<SubgraphId>,
    ) -> Checked<Option<String>> {
        let there = Hold::plain(vertex);
        let gives = self.holds.given(&there, &field.name).is_some();
        let is_declared = |model: &FieldModel| model.subgraphs.contains_key(&vertex.0);
        let known = self.holds.supergraph.field(vertex.1, &field.name);
        if !gives || !known.is_some_and(is_declared) {
            return Ok(None);
        }
        let name = self.holds.name(vertex.0);
        let keys: Vec<_> = self.holds.keys(vertex).collect();
        let head = format!("subgraph \"{name}\" has it, but can't be come to");
        if keys.is_empty() {
            return Ok(Some(format!("{head}: {} has no @key there", vertex.1)));
        }
        let from: Vec<String> = holding
            .iter()
            .map(|subgraph| format!("\"{}\"", self.holds.name(*subgraph)))
            .collect();
        let mut reasons = Vec::new();
        for key in keys {
            let text = Spelt(&key.fields);
            if !key.resolvable {
                reasons.push(format!("its @key(fields: \"{text}\") is resolvable: false"));
                continue;
            }
            let mut lacking = Vec::new();
            for selection in &key.fields.selections {
                let mut had = false;
                for reach in reached {
                    had |= self.reach.has(ty, reach, selection)?;
                }
                if !had {
                    let one = apollo_compiler::executable::SelectionSet {
                        ty: key.fields.ty.clone(),
                        selections: vec![selection.clone()],
                    };
                    lacking.push(Spelt(&one).to_string());
                }
            }
            let lacking = if lacking.is_empty() {
                "not all of it".to_owned()
            } else {
                format!("not \"{}\"", lacking.join(" "))
            };
            reasons.push(format!(
                "of its @key(fields: \"{text}\") {lacking} can be had from {}",
                from.join(", ")
            ));
        }
        Ok(Some(format!("{head}: {}", reasons.join("; "))))
    }

    fn remedy(&self, ty: &str, field: &FieldDefinition, holding: &BTreeSet<SubgraphId>) -> String {
        let inner = field.ty.inner_named_type();
        if self.reach.is_query_root(ty) {
            return format!(
                "give {inner} a @key that a subgraph with the interface {inner} resolves: it knows the types behind it"
            );
        }
        let from = holding.first().map_or("the subgraph", |id| self.holds.name(*id));
        format!(
            "give {ty} a resolvable @key where {} is given, of fields that \"{from}\" has; or give the field in \"{from}\" as well, as @shareable",
            field.name
        )
    }
}

fn lacking_text(ty: &str, field: &FieldDefinition, argument: &ContextArgument) -> String {
    let ContextArgument { name, context, .. } = argument;
    format!(
        "{ty}.{}({name}:) is from the context {context}, and on this way nothing sets it, or the value can't be had",
        field.name
    )
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
