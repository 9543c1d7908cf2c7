//! Merging of what directives say of an element.

use std::collections::BTreeSet;

use crate::model::{Alternatives, ListSize, Marks};

/// What one subgraph hides, tags or guards is hidden, tagged and guarded in the supergraph.
pub(super) fn merge<'a>(parts: impl IntoIterator<Item = &'a Marks>) -> Marks {
    let mut merged = Marks::default();
    for part in parts {
        merged.inaccessible |= part.inaccessible;
        merged.authenticated |= part.authenticated;
        merged.one_of |= part.one_of;
        merged.tags.extend(part.tags.iter().cloned());
        merged.cost = merged.cost.max(part.cost);
        if merged.deprecated.as_ref().is_none_or(|reason| reason.is_none()) && part.deprecated.is_some() {
            merged.deprecated.clone_from(&part.deprecated);
        }
        if merged.specified_by.is_none() {
            merged.specified_by.clone_from(&part.specified_by);
        }
        merged.list_size = larger(merged.list_size.take(), part.list_size.as_ref());
        merged.scopes = both(merged.scopes.take(), part.scopes.as_ref());
        merged.policies = both(merged.policies.take(), part.policies.as_ref());
        for directive in &part.composed {
            if !merged.composed.contains(directive) {
                merged.composed.push(directive.clone());
            }
        }
    }
    merged
}

/// The larger guess, all arguments and fields that any subgraph names, and one argument demanded only where all demand it.
fn larger(left: Option<ListSize>, right: Option<&ListSize>) -> Option<ListSize> {
    let (Some(left), Some(right)) = (&left, right) else {
        return left.or_else(|| right.cloned());
    };
    let all = |left: &Option<BTreeSet<String>>, right: &Option<BTreeSet<String>>| match (left, right) {
        (Some(left), Some(right)) => Some(left | right),
        (left, right) => left.clone().or_else(|| right.clone()),
    };
    let demanded = |size: &ListSize| size.require_one.unwrap_or(true);
    Some(ListSize {
        assumed: left.assumed.max(right.assumed),
        slicing: all(&left.slicing, &right.slicing),
        sized: all(&left.sized, &right.sized),
        require_one: Some(demanded(left) && demanded(right)),
    })
}

/// Who passes must pass in every subgraph: of two lists of alternatives, every pair together; of those only the ones that ask no more than another.
fn both(left: Option<Alternatives>, right: Option<&Alternatives>) -> Option<Alternatives> {
    let (left, right) = match (left, right) {
        (left, None) => return left,
        (None, Some(right)) => return Some(least(right.clone())),
        (Some(left), Some(right)) => (left, right),
    };
    let pairs = left
        .iter()
        .flat_map(|left| right.iter().map(move |right| left | right));
    Some(least(pairs.collect()))
}

/// Without the alternatives that ask for all that another asks for, and more.
fn least(alternatives: Alternatives) -> Alternatives {
    let asks_more = |one: &BTreeSet<String>| {
        alternatives
            .iter()
            .any(|other| other != one && other.is_subset(one))
    };
    alternatives
        .iter()
        .filter(|one| !asks_more(one))
        .cloned()
        .collect()
}
