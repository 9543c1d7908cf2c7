//! The subgraphs' names as values of `join__Graph`.

use std::collections::HashMap;

use apollo_compiler::{Name, name};

use crate::merged::GraphModel;
use crate::model::SubgraphModel;

/// `user-accounts` becomes `USER_ACCOUNTS`. Names that fall together are numbered, all of them, so that a value doesn't depend on the order.
pub(super) fn name(subgraphs: &[SubgraphModel]) -> Vec<GraphModel> {
    let values: Vec<String> = subgraphs.iter().map(|subgraph| value(&subgraph.name)).collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for value in &values {
        *seen.entry(value).or_default() += 1;
    }
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    subgraphs
        .iter()
        .zip(&values)
        .map(|(subgraph, value)| {
            let number = numbers.entry(value).or_default();
            *number += 1;
            let unique = if seen[value.as_str()] > 1 {
                format!("{value}_{number}")
            } else {
                value.clone()
            };
            GraphModel {
                name: subgraph.name.clone(),
                url: subgraph.url.clone(),
                value: Name::new(&unique).unwrap_or(name!("_")),
            }
        })
        .collect()
}

/// A trailing `_1` of a name's own becomes `_1_`, so that it is never taken for a number given here.
fn value(name: &str) -> String {
    let mut value: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if value.starts_with(|c: char| c.is_ascii_digit()) {
        value.insert(0, '_');
    }
    let numbered = value
        .rsplit_once('_')
        .is_some_and(|(_, end)| !end.is_empty() && end.chars().all(|c| c.is_ascii_digit()));
    if numbered {
        value.push('_');
    }
    value
}
