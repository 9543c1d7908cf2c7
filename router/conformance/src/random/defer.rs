//! `@defer`, strewn over an operation.

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Argument, Definition, Directive, Document, InlineFragment, OperationType, Selection, Value,
};
use apollo_compiler::name;

use super::dice::Dice;

/// The operation with some of its fragments deferred, and some of its fields in deferred fragments. What it asks is the same. An operation that can't be
/// read comes back as it was.
pub fn deferring(operation: &str, seed: u64) -> String {
    let Ok(mut document) = Document::parse(operation, "operation.graphql") else {
        return operation.to_owned();
    };
    let mut strewer = Strewer {
        dice: Dice::new(seed ^ 0x6465),
        labels: 0,
        has_variable: operation.contains("$yes:"),
    };
    for definition in &mut document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let operation = operation.make_mut();
                let is_query = operation.operation_type == OperationType::Query;
                strewer.selections(&mut operation.selection_set, is_query);
            }
            Definition::FragmentDefinition(fragment) => {
                let fragment = fragment.make_mut();
                let is_root = fragment.type_condition == "Mutation";
                strewer.selections(&mut fragment.selection_set, !is_root);
            }
            _ => {}
        }
    }
    document.to_string()
}

struct Strewer {
    dice: Dice,
    labels: usize,
    has_variable: bool,
}

impl Strewer {
    fn selections(&mut self, all: &mut Vec<Selection>, may_defer: bool) {
        for selection in all.iter_mut() {
            match selection {
                Selection::Field(field) => self.selections(&mut field.make_mut().selection_set, true),
                Selection::InlineFragment(fragment) => {
                    let fragment = fragment.make_mut();
                    if may_defer && self.dice.one_in(2) {
                        fragment.directives.push(self.defer());
                    }
                    self.selections(&mut fragment.selection_set, may_defer);
                }
                Selection::FragmentSpread(spread) => {
                    if may_defer && self.dice.one_in(2) {
                        spread.make_mut().directives.push(self.defer());
                    }
                }
            }
        }
        if may_defer && !all.is_empty() && self.dice.one_in(2) {
            let from = self.dice.below(all.len());
            let to = from + 1 + self.dice.below(all.len() - from);
            let inside: Vec<Selection> = all.drain(from..to).collect();
            let mut selection_set = inside.clone();
            if self.dice.one_in(4) {
                // Some of it is selected outside as well.
                all.splice(from..from, inside.into_iter().take(1));
                selection_set.reverse();
            }
            let fragment = InlineFragment {
                type_condition: None,
                directives: [self.defer()].into_iter().collect(),
                selection_set,
            };
            all.insert(from, Selection::InlineFragment(Node::new(fragment)));
        }
    }

    fn defer(&mut self) -> Node<Directive> {
        let mut arguments = Vec::new();
        if self.dice.one_in(2) {
            self.labels += 1;
            arguments.push(Node::new(Argument {
                name: name!("label"),
                value: Node::new(Value::String(format!("d{}", self.labels))),
            }));
        }
        if self.has_variable && self.dice.one_in(4) {
            arguments.push(Node::new(Argument {
                name: name!("if"),
                value: Node::new(Value::Variable(name!("yes"))),
            }));
        }
        Node::new(Directive {
            name: name!("defer"),
            arguments,
        })
    }
}
