//! Whether everything that clients may ask can be answered.
//!
//! # The difficulty
//! A field may be in the schema and yet out of reach for a client who comes from elsewhere: the subgraph that he comes from can't tell the
//! key by which the next one finds the object, the next one has no key, or it must first be told a field that nobody can get. Whether it is so
//! depends on the whole way, and there are endlessly many ways through a schema with cycles.
//!
//! # The solution
//! What matters of a way is only where it ends: the concrete type of the object, and which subgraphs *hold* it (with what they `@provide` there). From
//! a hold, keys lead to other subgraphs; all that can be reached from one hold is its [`reach`]. Two ways that end in the same reaches have the same
//! future, so a state is a type and the reaches of its holds, and each state is walked once ([`walk`]). Where fields take values from
//! contexts, it matters as well which of these can be had on the way ([`contexts`]). Several holds of one object come
//! from shared fields: any of them may answer, so a state that holds more than one that was found good is good as well.
//!
//! 1. [`holds`]: who gives which field at a hold, and what is held below it;
//! 2. [`reach`]: where keys lead from a hold, and whether what a field `@requires` can be had on the way;
//! 3. [`walk`]: all states, the nearest to the root first, so that the example in an error is the shortest;
//! 4. [`explain`]: an operation as an example, and why no subgraph can answer it.
//!
//! The check reads the supergraph that was composed, as a router will, not what it was composed from: both see the same.
//! A planner that knows these moves plans everything that passes here.

mod contexts;
mod example;
mod explain;
mod holds;
mod objects;
mod reach;
mod walk;

use std::collections::BTreeSet;

use lavka_supergraph::Supergraph;

use crate::error::{Code, CompositionError, Place};
use crate::model::{SubgraphModel, places};
use holds::Holds;
use reach::TooMany;
use walk::Walk;

/// More labels than this aren't tried in all combinations, but each by itself.
const MOST_LABELS_TOGETHER: usize = 3;
/// More labels than this aren't tried one by one either: all off, all on.
const MOST_LABELS: usize = 32;

pub(crate) fn check(supergraph: &Supergraph, subgraphs: &[SubgraphModel]) -> Vec<CompositionError> {
    let mut errors: Vec<CompositionError> = Vec::new();
    let mut seen = BTreeSet::new();
    for on in situations(&supergraph.labels()) {
        let holds = Holds::new(supergraph, &on);
        match Walk::new(&holds).run() {
            Ok(found) => errors.extend(found.into_iter().filter_map(|mut unreached| {
                locate(&mut unreached.error, &unreached.coordinate, subgraphs);
                seen.insert(unreached.coordinate).then_some(unreached.error)
            })),
            Err(too_many) => {
                let at = match &too_many {
                    TooMany::Nested(ty) => places(subgraphs, ty),
                    TooMany::Steps => Vec::new(),
                };
                errors.push(
                    CompositionError::new(Code::TooManyPaths, too_many.to_string())
                        .at_all(at)
                        .hint(
                            "make the keys, @requires and @provides simpler: fewer of them, and less nested",
                        ),
                );
                break;
            }
        }
    }
    errors
}

/// The supergraph doesn't say where in a subgraph's text a field stands. One that an interface object brings stands there, by the interface's name.
fn locate(error: &mut CompositionError, coordinate: &str, subgraphs: &[SubgraphModel]) {
    let named: Vec<&str> = error.places.iter().map(|place| place.subgraph.as_str()).collect();
    let mut found: Vec<Place> = places(subgraphs, coordinate);
    found.retain(|place| named.is_empty() || named.contains(&place.subgraph.as_str()));
    if let (true, Some((_, field))) = (named.is_empty(), coordinate.split_once('.')) {
        let brought = subgraphs.iter().flat_map(|subgraph| {
            let objects = subgraph.types.values().filter(|ty| ty.interface_object);
            objects.filter_map(move |ty| {
                let position = ty.field(field)?.position;
                Some(subgraph.place(format!("{}.{field}", ty.name), position))
            })
        });
        found.extend(brought);
    }
    error.places = found;
}

/// Which labels may be on at once: every combination of a few; of many, none, all, each alone and all but each.
fn situations<'l>(labels: &BTreeSet<&'l str>) -> BTreeSet<BTreeSet<&'l str>> {
    if labels.len() <= MOST_LABELS_TOGETHER {
        return labels
            .iter()
            .fold(BTreeSet::from([BTreeSet::new()]), |known, label| {
                let with = known.iter().cloned().map(|mut on| {
                    on.insert(*label);
                    on
                });
                known.iter().cloned().chain(with).collect()
            });
    }
    let mut situations = BTreeSet::from([BTreeSet::new(), labels.clone()]);
    if labels.len() <= MOST_LABELS {
        for label in labels {
            situations.insert(BTreeSet::from([*label]));
            let but_this = labels.iter().filter(|one| *one != label);
            situations.insert(but_this.copied().collect());
        }
    }
    situations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_labels_are_tried_in_every_combination_and_many_one_by_one() {
        assert_eq!(situations(&BTreeSet::from([])).len(), 1);
        assert_eq!(situations(&BTreeSet::from(["a", "b", "c"])).len(), 8);
        assert_eq!(situations(&BTreeSet::from(["a", "b", "c", "d"])).len(), 10);
        let names: Vec<String> = (0..40).map(|number| number.to_string()).collect();
        assert_eq!(situations(&names.iter().map(String::as_str).collect()).len(), 2);
    }
}
