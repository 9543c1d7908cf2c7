//! Which variables decide what of an operation is answered, and when.

use std::collections::HashSet;

use apollo_compiler::ast::{DirectiveList, Value};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};

/// Whether the variable stands in a `@skip`, an `@include` or a `@defer` of the operation.
pub(super) fn decide(document: &ExecutableDocument, operation: &Operation, variable: &str) -> bool {
    let mut search = Search {
        document,
        variable,
        seen: HashSet::new(),
    };
    search.below(&operation.selection_set)
}

struct Search<'d> {
    document: &'d ExecutableDocument,
    variable: &'d str,
    seen: HashSet<&'d Name>,
}

impl<'d> Search<'d> {
    fn below(&mut self, set: &'d SelectionSet) -> bool {
        set.selections.iter().any(|selection| match selection {
            Selection::Field(field) => self.is_in(&field.directives) || self.below(&field.selection_set),
            Selection::InlineFragment(fragment) => {
                self.is_in(&fragment.directives) || self.below(&fragment.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.fragment_name;
                let fragment = self.document.fragments.get(name);
                self.is_in(&spread.directives)
                    || fragment
                        .is_some_and(|fragment| self.seen.insert(name) && self.below(&fragment.selection_set))
            }
        })
    }

    fn is_in(&self, directives: &DirectiveList) -> bool {
        let conditions = directives
            .iter()
            .filter(|directive| matches!(&*directive.name, "skip" | "include" | "defer"));
        conditions
            .filter_map(|condition| condition.specified_argument_by_name("if"))
            .any(|value| matches!(&**value, Value::Variable(name) if name == self.variable))
    }
}
