//! Conditions while planning: an OR of ANDs that may also be "always".

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::plan::{Condition, Literal};

/// More alternatives than this are not told apart any more.
pub(crate) const MOST_ALTERNATIVES: usize = 32;

/// An OR of ANDs in canonical form: sorted, no alternative implied by another. Always: one empty alternative. Never: no alternative.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cond(Rc<Alternatives>);

type Alternatives = BTreeSet<BTreeSet<(Arc<str>, bool)>>;

impl Cond {
    pub fn always() -> Self {
        Self::from(BTreeSet::from([BTreeSet::new()]))
    }

    pub fn never() -> Self {
        Self::from(BTreeSet::new())
    }

    pub fn variable(name: &str, value: bool) -> Self {
        Self::from(BTreeSet::from([BTreeSet::from([(Arc::from(name), value)])]))
    }

    pub fn is_always(&self) -> bool {
        self.0.iter().any(BTreeSet::is_empty)
    }

    pub fn is_never(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_too_large(&self) -> bool {
        self.0.len() > MOST_ALTERNATIVES
    }

    pub fn and(&self, other: &Self) -> Self {
        if other.is_always() {
            return self.clone();
        }
        let mut all = BTreeSet::new();
        for left in &*self.0 {
            for right in &*other.0 {
                let both: BTreeSet<_> = left.union(right).cloned().collect();
                let contradiction = both
                    .iter()
                    .any(|(name, value)| both.contains(&(name.clone(), !value)));
                if !contradiction {
                    all.insert(both);
                }
            }
        }
        simplified(all)
    }

    pub fn or(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        simplified(self.0.union(&other.0).cloned().collect())
    }

    /// The opposite; None where it takes too many alternatives.
    pub fn negated(&self) -> Option<Self> {
        let mut negated = Self::always();
        for all in &*self.0 {
            let any = all
                .iter()
                .map(|(name, value)| BTreeSet::from([(name.clone(), !value)]));
            negated = negated.and(&Self::from(any.collect::<Alternatives>()));
            if negated.is_too_large() {
                return None;
            }
        }
        Some(negated)
    }

    /// `or` for what may be fetched needlessly but must not be missed.
    pub fn or_roughly(&self, other: &Self) -> Self {
        let either = self.or(other);
        if either.is_too_large() {
            Self::always()
        } else {
            either
        }
    }

    /// Whether `other` holds wherever this does.
    pub fn implies(&self, other: &Self) -> bool {
        self.0
            .iter()
            .all(|known| other.0.iter().any(|asked| asked.is_subset(known)))
    }

    /// What is left to ask where `outer` is known to hold.
    pub fn given(&self, outer: &Self) -> Self {
        if !outer.is_never() && outer.implies(self) {
            return Self::always();
        }
        let mut known = outer.0.iter();
        match (known.next(), known.next()) {
            (Some(only), None) => simplified(
                self.0
                    .iter()
                    .map(|asked| asked.difference(only).cloned().collect())
                    .collect(),
            ),
            _ => self.clone(),
        }
    }

    /// As the plan writes it; None for always.
    pub fn to_plan(&self) -> Option<Condition> {
        if self.is_always() {
            return None;
        }
        let literal = |(variable, value): &(Arc<str>, bool)| Literal {
            variable: variable.clone(),
            value: *value,
        };
        Some(Condition {
            any_of: self
                .0
                .iter()
                .map(|all| all.iter().map(literal).collect())
                .collect(),
        })
    }

    /// The alternatives.
    pub fn alternatives(&self) -> impl Iterator<Item = &BTreeSet<(Arc<str>, bool)>> {
        self.0.iter()
    }
}

impl From<Alternatives> for Cond {
    fn from(alternatives: Alternatives) -> Self {
        Self(Rc::new(alternatives))
    }
}

/// Drops what another alternative implies or makes needless, until nothing changes.
fn simplified(mut alternatives: Alternatives) -> Cond {
    loop {
        let all: Vec<_> = alternatives.iter().cloned().collect();
        if all.len() > MOST_ALTERNATIVES {
            return alternatives.into();
        }
        let mut next: BTreeSet<BTreeSet<(Arc<str>, bool)>> = BTreeSet::new();
        for (index, one) in all.iter().enumerate() {
            let implied = all
                .iter()
                .enumerate()
                .any(|(at, other)| at != index && other.is_subset(one));
            if !implied {
                next.insert(one.clone());
            }
        }
        // `x` may be left out of `x and rest` where another alternative is `not x` and no more than `rest`.
        let shorter = next.iter().find_map(|one| {
            one.iter().find_map(|literal| {
                let (name, value) = literal;
                let mut without = one.clone();
                without.remove(literal);
                let opposite = (name.clone(), !value);
                let covered = next.iter().any(|other| {
                    other.contains(&opposite)
                        && other.iter().all(|own| *own == opposite || without.contains(own))
                });
                covered.then(|| (one.clone(), without))
            })
        });
        match shorter {
            Some((one, without)) => {
                next.remove(&one);
                next.insert(without);
                alternatives = next;
            }
            None => return next.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yes(name: &str) -> Cond {
        Cond::variable(name, true)
    }

    fn no(name: &str) -> Cond {
        Cond::variable(name, false)
    }

    #[test]
    fn opposites_joined_are_always() {
        assert_eq!(yes("a").or(&no("a")), Cond::always());
        assert_eq!(yes("a").and(&no("a")), Cond::never());
        assert_eq!(yes("a").or(&no("a").and(&yes("b"))), yes("a").or(&yes("b")));
    }

    #[test]
    fn what_is_implied_is_dropped() {
        assert_eq!(yes("a").or(&yes("a").and(&yes("b"))), yes("a"));
        assert_eq!(yes("a").and(&yes("b")).or(&yes("a").and(&no("b"))), yes("a"));
    }

    #[test]
    fn negation_swaps_and_for_or() {
        let either = yes("a").or(&no("b"));
        assert_eq!(either.negated(), Some(no("a").and(&yes("b"))));
        assert_eq!(Cond::always().negated(), Some(Cond::never()));
        assert_eq!(Cond::never().negated(), Some(Cond::always()));
    }

    #[test]
    fn inside_a_condition_only_the_rest_is_asked() {
        assert_eq!(yes("a").and(&no("b")).given(&yes("a")), no("b"));
        assert_eq!(yes("a").or(&yes("b")).given(&yes("b")), Cond::always());
        assert_eq!(yes("a").given(&yes("a").or(&yes("b"))), yes("a"));
    }
}
