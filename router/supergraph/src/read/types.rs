//! `@join__type`, `@join__implements`, `@join__unionMember`: which subgraph knows which type, and how.

use apollo_compiler::ast::Directive;
use apollo_compiler::collections::{HashMap, IndexMap};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use super::Reader;
use super::directives::{boolean, enum_value, position, string};
use super::subgraphs::Graphs;
use crate::SupergraphError;
use crate::access::Access;
use crate::model::{Key, SubgraphId, TypeInSubgraph, TypeModel};

impl Reader<'_> {
    pub(super) fn type_model(&mut self, name: &Name, ty: &ExtendedType) -> TypeModel {
        let directives: Vec<&Node<Directive>> =
            ty.directives().iter().map(|directive| &directive.node).collect();
        let mut subgraphs = IndexMap::default();
        for directive in self.applied(&directives, "type") {
            let Some(graph) = self.graph(name, directive) else {
                continue;
            };
            let known: &mut TypeInSubgraph = subgraphs.entry(graph).or_default();
            known.interface_object |= boolean(directive, "isInterfaceObject", false);
            if let Some(text) = string(directive, "key") {
                let resolvable = boolean(directive, "resolvable", true);
                if let Some(fields) = self.field_set(name.as_str(), directive, name, text) {
                    known.keys.push(Key { fields, resolvable });
                }
            }
        }
        if subgraphs.is_empty() {
            let message = format!("no @{}: no subgraph knows it", self.features.join("type"));
            self.errors
                .push(SupergraphError::at(name.as_str(), None, message));
        }
        for directive in self.applied(&directives, "implements") {
            let Some(graph) = self.graph(name, directive) else {
                continue;
            };
            let interface = string(directive, "interface").and_then(|interface| Name::new(interface).ok());
            if let (Some(known), Some(interface)) = (subgraphs.get_mut(&graph), interface) {
                known.implements.push(interface);
            }
        }
        for directive in self.applied(&directives, "unionMember") {
            let Some(graph) = self.graph(name, directive) else {
                continue;
            };
            let member = string(directive, "member").and_then(|member| Name::new(member).ok());
            if let (Some(known), Some(member)) = (subgraphs.get_mut(&graph), member) {
                known.possible.push(member);
            }
        }
        let fields = match ty {
            ExtendedType::Object(object) => self.fields(name, &subgraphs, &object.fields),
            ExtendedType::Interface(interface) => self.fields(name, &subgraphs, &interface.fields),
            _ => IndexMap::default(),
        };
        TypeModel {
            access: Access::read(
                &self.features.access,
                directives.iter().map(|directive| &***directive),
            ),
            inaccessible: self
                .features
                .inaccessible
                .as_ref()
                .is_some_and(|own| ty.directives().has(own)),
            subgraphs,
            fields,
        }
    }

    /// The applications of one of join's directives.
    pub(super) fn applied<'d>(
        &self,
        directives: &[&'d Node<Directive>],
        name: &str,
    ) -> Vec<&'d Node<Directive>> {
        let name = self.features.join(name);
        directives
            .iter()
            .filter(|directive| *directive.name == *name)
            .copied()
            .collect()
    }

    /// The `graph:` of an application; an error and None when it isn't one.
    fn graph(&mut self, coordinate: &Name, directive: &Node<Directive>) -> Option<SubgraphId> {
        let graph = enum_value(directive, "graph").and_then(|value| self.graphs.by_value(value));
        if graph.is_none() {
            let message = format!("@{} names no known graph", directive.name);
            let place = position(self.schema, directive);
            self.errors
                .push(SupergraphError::at(coordinate.as_str(), place, message));
        }
        graph
    }
}

/// What values a type can have in each subgraph. A union's members are known already.
pub(super) fn fill_possible_types(schema: &Schema, graphs: &Graphs, models: &mut IndexMap<Name, TypeModel>) {
    let mut implementers: HashMap<(Name, SubgraphId), Vec<Name>> = HashMap::default();
    for (name, model) in &*models {
        if !schema.types.get(name).is_some_and(ExtendedType::is_object) {
            continue;
        }
        for (graph, known) in &model.subgraphs {
            for interface in &known.implements {
                implementers
                    .entry((interface.clone(), *graph))
                    .or_default()
                    .push(name.clone());
            }
        }
    }
    debug_assert!(!graphs.subgraphs.is_empty());
    for (name, model) in models.iter_mut() {
        let kind = schema.types.get(name);
        for (graph, known) in &mut model.subgraphs {
            if kind.is_some_and(ExtendedType::is_object) {
                known.possible = vec![name.clone()];
            } else if kind.is_some_and(ExtendedType::is_interface) && !known.interface_object {
                known.possible = implementers.remove(&(name.clone(), *graph)).unwrap_or_default();
            }
            known.possible.sort();
        }
    }
}

/// What values a type can have over all subgraphs.
pub(super) fn possible_types(
    schema: &Schema,
    models: &IndexMap<Name, TypeModel>,
) -> HashMap<Name, Vec<Name>> {
    let implementers = schema.implementers_map();
    models
        .keys()
        .map(|name| {
            let mut possible: Vec<Name> = match schema.types.get(name) {
                Some(ExtendedType::Union(union)) => {
                    union.members.iter().map(|member| member.name.clone()).collect()
                }
                Some(ExtendedType::Interface(_)) => implementers
                    .get(name)
                    .map(|all| all.objects.iter().cloned().collect())
                    .unwrap_or_default(),
                _ => vec![name.clone()],
            };
            possible.sort();
            (name.clone(), possible)
        })
        .collect()
}
