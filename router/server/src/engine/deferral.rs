//! `@defer` in a document: the rules of the incremental delivery proposal, and what decides whether an operation's answer comes in pieces.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use apollo_compiler::ast::Value;
use apollo_compiler::executable::{
    Directive, DirectiveList, ExecutableDocument, Operation, OperationType, Selection, SelectionSet,
};
use apollo_compiler::{Name, Node};
use serde_json::{Map, Value as Json};

use crate::refusal::{Fault, Location, Refusal};

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
    /// # Errors
    /// Where `@defer` stands where it mustn't.
    pub fn of(document: &ExecutableDocument) -> Result<Self, Refusal> {
        let mut rules = Rules {
            document,
            labels: HashSet::new(),
            is_used: false,
            faults: Vec::new(),
        };
        for operation in document.operations.iter() {
            rules.check(&operation.selection_set);
        }
        for fragment in document.fragments.values() {
            rules.check(&fragment.selection_set);
        }
        if !rules.is_used {
            return Ok(Self::default());
        }
        let mut all = BTreeMap::new();
        for operation in document.operations.iter() {
            let mut walk = Walk {
                document,
                seen: HashSet::new(),
                found: Deferring::default(),
                always: Vec::new(),
            };
            walk.selections(&operation.selection_set);
            if operation.operation_type == OperationType::Subscription {
                for defer in walk.always {
                    rules.refuse(defer, "@defer can't be used in a subscription");
                }
                // A variable may still say so; then it is as if it weren't there.
                continue;
            }
            if walk.found.is_always || !walk.found.deferred_if.is_empty() {
                all.insert(operation.name.clone(), walk.found);
            }
        }
        match rules.faults.is_empty() {
            true => Ok(Self(all)),
            false => Err(Refusal::faults(rules.faults)),
        }
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
        Some(
            conditions
                .map(|name| (name.to_string(), holds(name)))
                .collect(),
        )
    }
}

/// What stands after `if`.
enum If<'d> {
    Always,
    Never,
    Variable(&'d Name),
}

fn condition(directive: &Directive) -> If<'_> {
    match directive.specified_argument_by_name("if").map(|value| &**value) {
        Some(Value::Variable(name)) => If::Variable(name),
        Some(Value::Boolean(false)) => If::Never,
        _ => If::Always,
    }
}

struct Rules<'d> {
    document: &'d ExecutableDocument,
    labels: HashSet<&'d str>,
    is_used: bool,
    faults: Vec<Fault>,
}

impl<'d> Rules<'d> {
    fn check(&mut self, set: &'d SelectionSet) {
        for selection in &set.selections {
            if let Some(defer) = selection.directives().get("defer") {
                self.is_used = true;
                self.defer(set, defer);
            }
            match selection {
                Selection::Field(field) => self.check(&field.selection_set),
                Selection::InlineFragment(fragment) => self.check(&fragment.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn defer(&mut self, set: &'d SelectionSet, defer: &'d Node<Directive>) {
        let roots = [OperationType::Mutation, OperationType::Subscription];
        for root in roots {
            let is_root = self.document.operations.iter().any(|operation| {
                operation.operation_type == root && *operation.object_type() == set.ty
            });
            if is_root {
                self.refuse(defer, &format!("@defer can't be used on the fields of the root type `{}`", set.ty));
            }
        }
        match defer.specified_argument_by_name("label").map(|value| &**value) {
            None => {}
            Some(Value::String(label)) => {
                if !self.labels.insert(label) {
                    self.refuse(defer, &format!("the label {label:?} of @defer is used more than once"));
                }
            }
            Some(_) => self.refuse(defer, "the label of @defer must be a string in the document"),
        }
    }

    fn refuse(&mut self, defer: &Node<Directive>, message: &str) {
        let range = defer
            .location()
            .and_then(|span| span.line_column_range(&self.document.sources));
        let locations = range.map(|range| Location {
            line: range.start.line,
            column: range.start.column,
        });
        let fault = Fault::new("GRAPHQL_VALIDATION_FAILED", message);
        self.faults.push(fault.at(locations.into_iter().collect()));
    }
}

/// Goes through an operation and the fragments that it uses, each once.
struct Walk<'d> {
    document: &'d ExecutableDocument,
    seen: HashSet<&'d Name>,
    found: Deferring,
    /// Every `@defer` that is on whatever the variables say.
    always: Vec<&'d Node<Directive>>,
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
            match condition(directive) {
                If::Variable(name) => {
                    self.found.conditions.insert(name.clone());
                    if is_defer {
                        self.found.deferred_if.insert(name.clone());
                    }
                }
                If::Always if is_defer => {
                    self.found.is_always = true;
                    self.always.push(directive);
                }
                If::Always | If::Never => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;
    use serde_json::json;

    use super::*;

    const SCHEMA: &str = "directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        type Query { a: Int q: Query } type Mutation { m: Query } type Subscription { s: Query }";

    fn read(text: &str) -> (ExecutableDocument, Result<Deferrals, Vec<String>>) {
        let schema = Schema::parse_and_validate(SCHEMA, "s.graphql").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, text, "q.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
        let deferrals = Deferrals::of(&document);
        let deferrals = deferrals
            .map_err(|refusal| refusal.faults.into_iter().map(|fault| fault.message).collect());
        (document.into_inner(), deferrals)
    }

    fn faults(text: &str) -> Vec<String> {
        read(text).1.err().unwrap_or_default()
    }

    fn under(text: &str, variables: Json) -> Option<BTreeMap<String, bool>> {
        let (document, deferrals) = read(text);
        let operation = document.operations.get(None).unwrap();
        deferrals.unwrap().under(operation, variables.as_object().unwrap())
    }

    #[test]
    fn labels_are_strings_and_unique() {
        assert_eq!(
            faults(r#"{ ... @defer(label: "x") { a } q { ... @defer(label: "x") { a } } }"#),
            [r#"the label "x" of @defer is used more than once"#]
        );
        assert_eq!(
            faults("query($l: String) { ... @defer(label: $l) { a } }"),
            ["the label of @defer must be a string in the document"]
        );
        assert_eq!(faults(r#"{ ... @defer(label: "x") { a } ... @defer(label: "y") { a } }"#), [""; 0]);
    }

    #[test]
    fn not_at_the_root_of_mutations_and_subscriptions() {
        let root = |ty: &str| [format!("@defer can't be used on the fields of the root type `{ty}`")];
        assert_eq!(faults("mutation { ... @defer { m { a } } }"), root("Mutation"));
        assert_eq!(
            faults("mutation { ...F } fragment F on Mutation { ... @defer { m { a } } }"),
            root("Mutation")
        );
        assert_eq!(faults("mutation { m { ... @defer { a } } }"), [""; 0]);
        assert_eq!(
            faults("subscription { s { ...F } } fragment F on Query { ... @defer { a } }"),
            ["@defer can't be used in a subscription"]
        );
        assert_eq!(faults("subscription { s { ... @defer(if: false) { a } } }"), [""; 0]);
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
}
