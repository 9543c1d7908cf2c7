//! How big an operation may be. Fragments are followed but each is measured once, so that a text in which every
//! fragment spreads the next one twice (2^n fields) is measured in time proportional to its length.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, Selection};

use crate::config::Limits;
use crate::refusal::{Fault, Refusal};

/// Which limit was passed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Exceeded {
    Tokens,
    Depth,
    Aliases,
    RootFields,
    Fields,
}

pub(super) fn exceeded(limit: Exceeded, found: usize, allowed: usize) -> Refusal {
    let (code, what) = match limit {
        Exceeded::Tokens => ("MAX_TOKENS_LIMIT", "tokens"),
        Exceeded::Depth => ("MAX_DEPTH_LIMIT", "levels of nesting"),
        Exceeded::Aliases => ("MAX_ALIASES_LIMIT", "aliases"),
        Exceeded::RootFields => ("MAX_ROOT_FIELDS_LIMIT", "root fields"),
        Exceeded::Fields => ("MAX_FIELDS_LIMIT", "fields"),
    };
    // A parser that stops at its limit knows only that there is more.
    let found = if found == allowed.saturating_add(1) {
        format!("more than {allowed}")
    } else {
        found.to_string()
    };
    Refusal::faults(vec![Fault::new(
        code,
        format!("the operation has {found} {what}; at most {allowed} are allowed"),
    )])
}

/// Measures every operation of a text. Cyclic fragments count as empty: validation refuses them afterwards.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), Refusal> {
    let mut measure = Measure {
        fragments: HashMap::new(),
    };
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            measure.fragments.insert(
                fragment.name.as_str(),
                Fragment::Unmeasured(&fragment.selection_set),
            );
        }
    }
    for definition in &document.definitions {
        let Definition::OperationDefinition(operation) = definition else {
            continue;
        };
        let size = measure.selections(&operation.selection_set);
        for (limit, found, allowed) in [
            (Exceeded::Depth, size.depth, limits.depth),
            (Exceeded::Aliases, size.aliases, limits.aliases),
            (Exceeded::RootFields, size.roots, limits.root_fields),
            (Exceeded::Fields, size.fields, limits.fields),
        ] {
            if found > allowed {
                return Err(exceeded(limit, found, allowed));
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    aliases: usize,
    roots: usize,
    fields: usize,
}

enum Fragment<'a> {
    Unmeasured(&'a [Selection]),
    Measuring,
    Measured(Size),
}

struct Measure<'a> {
    fragments: HashMap<&'a str, Fragment<'a>>,
}

impl<'a> Measure<'a> {
    fn selections(&mut self, selections: &'a [Selection]) -> Size {
        let mut sum = Size::default();
        for selection in selections {
            let size = match selection {
                Selection::Field(field) => {
                    let inner = self.selections(&field.selection_set);
                    // Introspection nests deeply by nature and can't touch a subgraph; apollo-compiler bounds it.
                    let depth = if field.name.starts_with("__") {
                        1
                    } else {
                        inner.depth.saturating_add(1)
                    };
                    Size {
                        depth,
                        aliases: inner.aliases.saturating_add(usize::from(field.alias.is_some())),
                        roots: 1,
                        fields: inner.fields.saturating_add(1),
                    }
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(spread.fragment_name.as_str()),
            };
            sum = Size {
                depth: sum.depth.max(size.depth),
                aliases: sum.aliases.saturating_add(size.aliases),
                roots: sum.roots.saturating_add(size.roots),
                fields: sum.fields.saturating_add(size.fields),
            };
        }
        sum
    }

    fn fragment(&mut self, name: &'a str) -> Size {
        let Some(state) = self.fragments.get_mut(name) else {
            return Size::default();
        };
        let selections = match state {
            Fragment::Measured(size) => return *size,
            Fragment::Measuring => return Size::default(),
            Fragment::Unmeasured(selections) => *selections,
        };
        *state = Fragment::Measuring;
        let size = self.selections(selections);
        self.fragments.insert(name, Fragment::Measured(size));
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use apollo_compiler::parser::Parser;
    use std::fmt::Write;

    fn refused(text: &str) -> Option<(&'static str, String)> {
        let ast = Parser::new().parse_ast(text, "q.graphql").unwrap();
        let limits = Limits {
            depth: 3,
            aliases: 2,
            root_fields: 4,
            fields: 10,
            ..Limits::default()
        };
        check(&ast, &limits)
            .err()
            .map(|mut refusal| (refusal.code(), refusal.faults.remove(0).message))
    }

    #[test]
    fn what_is_within_limits_passes() {
        assert_eq!(refused("{ a { b { c } } x: d y: e f }"), None);
        assert_eq!(
            refused("{ __schema { types { fields { type { ofType { name } } } } } }"),
            None
        );
    }

    #[test]
    fn each_limit_counts_through_fragments() {
        assert_eq!(
            refused("{ a { ...F } } fragment F on T { b { c { d } } }"),
            Some((
                "MAX_DEPTH_LIMIT",
                "the operation has more than 3 levels of nesting; at most 3 are allowed".into()
            ))
        );
        assert_eq!(
            refused("{ ...F ...F } fragment F on Q { x: a y: b }").unwrap().0,
            "MAX_ALIASES_LIMIT"
        );
        assert_eq!(
            refused("{ ...F ...F b } fragment F on Q { a ... { b } }")
                .unwrap()
                .0,
            "MAX_ROOT_FIELDS_LIMIT"
        );
        assert_eq!(
            refused("{ a { ...F } b { ...F } } fragment F on T { a b c d e }")
                .unwrap()
                .1,
            "the operation has 12 fields; at most 10 are allowed"
        );
    }

    #[test]
    fn doubling_fragments_are_measured_in_linear_time() {
        let mut text = "{ a { ...F0 } }".to_owned();
        for n in 0..200 {
            let _ = write!(
                text,
                " fragment F{n} on T {{ a {{ ...F{m} }} b {{ ...F{m} }} }}",
                m = n + 1
            );
        }
        text.push_str(" fragment F200 on T { a }");
        assert_eq!(refused(&text).unwrap().0, "MAX_DEPTH_LIMIT");
    }

    #[test]
    fn a_cycle_ends() {
        assert_eq!(
            refused("{ ...A } fragment A on Q { a ...B } fragment B on Q { ...A }"),
            None
        );
    }
}
