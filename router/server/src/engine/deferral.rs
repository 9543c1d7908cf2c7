//! `@defer` in a document: what decides whether an operation's answer comes in pieces. That it stands where it may, and that labels are unique,
//! apollo-compiler has checked.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use apollo_compiler::Name;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::{
    DirectiveList, ExecutableDocument, Operation, OperationType, Selection, SelectionSet,
};
use serde_json::{Map, Value as Json};

/// Of an operation whose answer comes in pieces to clients that take them: the values of the variables that decide what is deferred, as
/// [`PlanOptions::deferral`](lavka_planner::PlanOptions::deferral) wants them. None: it comes in one.
pub fn deferral(
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &Map<String, Json>,
) -> Option<BTreeMap<String, bool>> {
    Deferrals::of(document).under(operation, variables)
}

/// What is deferred in a document, by the operations' names. Operations without `@defer` aren't among them.
#[derive(Default)]
pub(super) struct Deferrals(BTreeMap<Option<Name>, Deferring>);

/// What decides what an operation defers.
#[derive(Default)]
struct Deferring {
    /// Some `@defer` has no condition that could be false.
    is_always: bool,
    /// The variables in the conditions of `@defer`.
    deferred_if: BTreeSet<Name>,
    /// Those and the ones in `@skip` and `@include`.
    conditions: BTreeSet<Name>,
}

impl Deferrals {
    pub fn of(document: &ExecutableDocument) -> Self {
        let operations = document.operations.iter();
        // In a subscription a variable may still turn `@defer` on; then it is as if it weren't there.
        let answered = operations.filter(|operation| operation.operation_type != OperationType::Subscription);
        let mut all = BTreeMap::new();
        for operation in answered {
            let mut walk = Walk {
                document,
                seen: HashSet::new(),
                found: Deferring::default(),
            };
            walk.selections(&operation.selection_set);
            if walk.found.is_always || !walk.found.deferred_if.is_empty() {
                all.insert(operation.name.clone(), walk.found);
            }
        }
        Self(all)
    }

    /// Of an operation that defers something: the values of the variables that decide what.
    pub fn under(
        &self,
        operation: &Operation,
        variables: &Map<String, Json>,
    ) -> Option<BTreeMap<String, bool>> {
        let deferring = self.0.get(&operation.name)?;
        let holds = |name: &Name| variables.get(name.as_str()).and_then(Json::as_bool) == Some(true);
        if !deferring.is_always && !deferring.deferred_if.iter().any(holds) {
            return None;
        }
        let conditions = deferring.conditions.iter();
        Some(conditions.map(|name| (name.to_string(), holds(name))).collect())
    }
}

/// Goes through an operation and the fragments that it uses, each once.
struct Walk<'d> {
    document: &'d ExecutableDocument,
    seen: HashSet<&'d Name>,
    found: Deferring,
}

impl<'d> Walk<'d> {
    fn selections(&mut self, set: &'d SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => self.selections(&field.selection_set),
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    if self.seen.insert(&spread.fragment_name)
                        && let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                    {
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'d DirectiveList) {
        for directive in directives.iter() {
            let is_defer = directive.name == "defer";
            if !is_defer && directive.name != "skip" && directive.name != "include" {
                continue;
            }
            match directive.specified_argument_by_name("if").map(|value| &**value) {
                Some(Value::Variable(name)) => {
                    self.found.conditions.insert(name.clone());
                    if is_defer {
                        self.found.deferred_if.insert(name.clone());
                    }
                }
                Some(Value::Boolean(false)) => {}
                _ => self.found.is_always |= is_defer,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;
    use serde_json::json;

    use super::*;

    const SCHEMA: &str =
        "directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        type Query { a: Int q: Query } type Subscription { s: Query }";

    fn under(text: &str, variables: Json) -> Option<BTreeMap<String, bool>> {
        let schema = Schema::parse_and_validate(SCHEMA, "s.graphql").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, text, "q.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
        let operation = document.operations.iter().next().unwrap();
        Deferrals::of(&document).under(operation, variables.as_object().unwrap())
    }

    #[test]
    fn variables_decide_whether_anything_is_deferred() {
        let text = "query($d: Boolean!, $s: Boolean!) { ...F @defer(if: $d) } fragment F on Query { a @skip(if: $s) }";
        assert_eq!(under(text, json!({"d": false, "s": true})), None);
        let all = BTreeMap::from([("d".to_owned(), true), ("s".to_owned(), false)]);
        assert_eq!(under(text, json!({"d": true, "s": false})), Some(all));
        assert_eq!(under("{ a }", json!({})), None);
        assert_eq!(under("{ ... @defer { a } }", json!({})), Some(BTreeMap::new()));
        assert_eq!(under("{ ... @defer(if: false) { a } }", json!({})), None);
    }

    #[test]
    fn a_subscription_defers_nothing() {
        let text = "subscription($d: Boolean!) { s { ... @defer(if: $d) { a } } }";
        assert_eq!(under(text, json!({"d": true})), None);
    }
}
