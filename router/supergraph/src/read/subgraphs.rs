//! The subgraphs: the values of `enum join__Graph`, each with `@join__graph(name:, url:)`.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::{Name, Schema};

use super::directives::{position, string};
use super::features::Features;
use crate::SupergraphError;
use crate::model::{Subgraph, SubgraphId};

/// The subgraphs, and how the document refers to them.
pub(super) struct Graphs {
    pub subgraphs: Vec<Subgraph>,
    by_value: HashMap<Name, SubgraphId>,
}

impl Graphs {
    /// The subgraph of a `join__Graph` value.
    pub fn by_value(&self, value: &Name) -> Option<SubgraphId> {
        self.by_value.get(value).copied()
    }

    /// The subgraph of an owner's name, as `override` refers to it.
    pub fn by_name(&self, name: &str) -> Option<SubgraphId> {
        let index = self
            .subgraphs
            .iter()
            .position(|subgraph| &*subgraph.name == name)?;
        u16::try_from(index).ok().map(SubgraphId)
    }
}

pub(super) fn read(schema: &Schema, features: &Features) -> Result<Graphs, Vec<SupergraphError>> {
    let (graph_enum, graph_directive) = (features.join("Graph"), features.join("graph"));
    let Some(graphs) = schema.get_enum(&graph_enum) else {
        return Err(vec![SupergraphError::new(format!(
            "not a supergraph: no enum {graph_enum}"
        ))]);
    };
    let mut read = Graphs {
        subgraphs: Vec::new(),
        by_value: HashMap::new(),
    };
    let mut errors = Vec::new();
    for (value, definition) in &graphs.values {
        let coordinate = format!("{graph_enum}.{value}");
        let place = position(schema, &definition.node);
        let named = definition.directives.get(&graph_directive).and_then(|directive| {
            let url = string(directive, "url")
                .filter(|url| !url.is_empty())
                .map(str::to_owned);
            Some((string(directive, "name")?, url))
        });
        match (named, u16::try_from(read.subgraphs.len())) {
            (None, _) => errors.push(SupergraphError::at(
                coordinate,
                place,
                format!("no @{graph_directive}(name:)"),
            )),
            (_, Err(_)) => errors.push(SupergraphError::at(
                coordinate,
                place,
                "more subgraphs than 65535",
            )),
            (Some((name, _)), _) if read.by_name(name).is_some() => {
                errors.push(SupergraphError::at(
                    coordinate,
                    place,
                    format!("a second subgraph named {name}"),
                ));
            }
            (Some((name, url)), Ok(id)) => {
                read.subgraphs.push(Subgraph {
                    name: Arc::from(name),
                    url,
                });
                read.by_value.insert(value.clone(), SubgraphId(id));
            }
        }
    }
    if read.subgraphs.is_empty() && errors.is_empty() {
        errors.push(SupergraphError::at(graph_enum, None, "no subgraphs"));
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}
