//! Which fields `@defer` sets apart, and what becomes of them.
//!
//! # The difficulty
//! A deferred fragment is not a piece of the answer: its fields may be selected outside of it as well, or in another deferred fragment. And deferring has
//! a price (requests of its own) and a use only where the fragment needs something that the rest doesn't wait for.
//!
//! # The solution
//! As the incremental delivery proposal has it, a field belongs to the *set* of deferred fragments that select it, and to none where it is selected outside of
//! them too. Fields of equal sets are a *part* of the answer. The walk that builds a plan goes through the parts one after the other ([`part_of`]),
//! outer ones first, each taking from the requests that are there what they give: requests opened for a part are the part's own. Then it is known
//! what each fragment waits for; one that waits for nothing of its own isn't deferred at all ([`Settled`]).

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexSet;

use crate::normal::{Field, Group, Selection};
use crate::plan::{Deferral, DeferredFragment, DeferredPart, FetchId};

/// A deferred fragment at one place of the operation.
#[derive(Clone, Debug)]
pub(crate) struct Usage {
    pub label: Option<Arc<str>>,
    /// The deferred fragment around it; below this one.
    pub within: Option<usize>,
    /// How many fields are on the way to it.
    pub depth: usize,
}

/// All deferred fragments of an operation, and the sets of them that fields belong to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usages {
    usages: Vec<Usage>,
    /// Part 1 is the first of them: part 0 is in no fragment.
    parts: IndexSet<Vec<usize>>,
}

impl Usages {
    pub fn add(&mut self, usage: Usage) -> usize {
        self.usages.push(usage);
        self.usages.len() - 1
    }

    /// The part that a field belongs to which stands in these fragments.
    pub fn part(&mut self, selected_in: impl Iterator<Item = Option<usize>>) -> usize {
        let Some(all) = selected_in.collect::<Option<BTreeSet<usize>>>() else {
            return 0;
        };
        let set = self.outermost(&all);
        if set.is_empty() {
            return 0;
        }
        self.parts.insert_full(set).0 + 1
    }

    /// Without those inside of another one.
    fn outermost(&self, all: &BTreeSet<usize>) -> Vec<usize> {
        let is_inside = |usage: &usize| {
            let around = std::iter::successors(self.usages[*usage].within, |at| self.usages[*at].within);
            around.into_iter().any(|outer| all.contains(&outer))
        };
        all.iter().copied().filter(|usage| !is_inside(usage)).collect()
    }

    /// What of a selection belongs to each part, outer ones before those inside of them; nothing where nothing is deferred.
    pub fn split(&self, selection: &Selection) -> Vec<(usize, Selection)> {
        if self.parts.is_empty() {
            return Vec::new();
        }
        let mut deferred: Vec<usize> = (1..=self.parts.len()).collect();
        deferred.sort_by_key(|part| &self.parts[part - 1]);
        let all = std::iter::once(0).chain(deferred);
        all.map(|part| (part, part_of(selection, part))).collect()
    }
}

/// What of a selection belongs to a part, with the fields that lead there.
fn part_of(selection: &Selection, part: usize) -> Selection {
    with_part(selection, part).0
}

/// The same, and whether there is anything of the part.
fn with_part(selection: &Selection, part: usize) -> (Selection, bool) {
    let mut has_any = false;
    let mut groups = Vec::new();
    for group in &selection.groups {
        let mut fields: Vec<Rc<Field>> = Vec::new();
        for field in &group.fields {
            let is_own = field.part == part;
            let (field, leads_there) = match &field.inner {
                Some(inner) => {
                    let (inner, leads_there) = with_part(inner, part);
                    (field.with_inner(inner), leads_there)
                }
                None => (field.clone(), false),
            };
            has_any |= is_own || leads_there;
            // Whether objects are told apart by their types is the same for all parts.
            if is_own || leads_there || field.is_typename() {
                fields.push(field);
            }
        }
        groups.push(Group {
            types: group.types.clone(),
            fields,
            shown: Vec::new(),
        });
    }
    let selection = Selection {
        ty: selection.ty.clone(),
        place: selection.place,
        groups,
    };
    (selection, has_any)
}

/// What is deferred in the end.
pub(crate) struct Settled {
    /// By part: the part that the answer has for it. None: the first.
    parts: Vec<Option<usize>>,
    /// None: nothing is deferred.
    pub deferral: Option<Deferral>,
}

impl Settled {
    /// `needs`: by part, which fetches bring it.
    pub fn new(usages: &Usages, needs: &[BTreeSet<FetchId>]) -> Self {
        let first = needs.first().cloned().unwrap_or_default();
        let mut of_usage = vec![BTreeSet::new(); usages.usages.len()];
        for (set, needs) in usages.parts.iter().zip(needs.iter().skip(1)) {
            for usage in set {
                of_usage[*usage].extend(needs.iter().copied());
            }
        }
        // By usage: what it counts as, itself or one around it; None where it isn't deferred. Those around come first.
        let mut counts_as: Vec<Option<usize>> = Vec::new();
        for (id, usage) in usages.usages.iter().enumerate() {
            let around = usage.within.and_then(|outer| counts_as[outer]);
            let waits_anyway = |fetch: &FetchId| {
                first.contains(fetch) || around.is_some_and(|outer| of_usage[outer].contains(fetch))
            };
            let is_ready = of_usage[id].iter().all(waits_anyway);
            counts_as.push(if is_ready { around } else { Some(id) });
        }
        let kept: Vec<usize> = (0..counts_as.len())
            .filter(|id| counts_as[*id] == Some(*id))
            .collect();
        let number = |usage: usize| kept.binary_search(&usage).unwrap_or_default();
        let mut known: IndexSet<Vec<usize>> = IndexSet::new();
        let mut after: Vec<BTreeSet<FetchId>> = Vec::new();
        let mut parts = vec![None];
        for (set, needs) in usages.parts.iter().zip(needs.iter().skip(1)) {
            let counted: Option<BTreeSet<usize>> = set.iter().map(|usage| counts_as[*usage]).collect();
            let Some(counted) = counted else {
                parts.push(None);
                continue;
            };
            let set = usages.outermost(&counted).into_iter().map(number).collect();
            let (index, is_new) = known.insert_full(set);
            if is_new {
                after.push(BTreeSet::new());
            }
            after[index].extend(needs.iter().copied());
            parts.push(Some(index));
        }
        let fragments = kept.iter().map(|id| {
            let usage = &usages.usages[*id];
            DeferredFragment {
                label: usage.label.clone(),
                within: usage.within.and_then(|outer| counts_as[outer]).map(number),
                depth: usage.depth,
            }
        });
        let deferral = Deferral {
            first: first.into_iter().collect(),
            fragments: fragments.collect(),
            parts: known
                .into_iter()
                .zip(after)
                .map(|(fragments, after)| DeferredPart {
                    fragments,
                    after: after.into_iter().collect(),
                })
                .collect(),
        };
        Self {
            parts,
            deferral: (!deferral.parts.is_empty()).then_some(deferral),
        }
    }

    /// The part of the answer that a field of this part goes to.
    pub fn part(&self, part: usize) -> Option<usize> {
        self.parts.get(part).copied().flatten()
    }
}
