//! What directives other than join's say of an element.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Directive, IntValue, Value};
use apollo_compiler::{Name, Node, name};

use super::joins::{directive, list, string};
use crate::model::{Alternatives, Marks};

pub(super) fn directives(marks: &Marks) -> Vec<Node<Directive>> {
    let mut directives = Vec::new();
    if let Some(url) = &marks.specified_by {
        directives.push(directive(name!("specifiedBy"), [(name!("url"), string(url))]));
    }
    if marks.one_of {
        directives.push(directive(name!("oneOf"), []));
    }
    if let Some(reason) = &marks.deprecated {
        let reason = reason.as_ref().map(|reason| (name!("reason"), string(reason)));
        directives.push(directive(name!("deprecated"), reason));
    }
    if marks.inaccessible {
        directives.push(directive(name!("inaccessible"), []));
    }
    for tag in &marks.tags {
        directives.push(directive(name!("tag"), [(name!("name"), string(tag))]));
    }
    if marks.authenticated {
        directives.push(directive(name!("authenticated"), []));
    }
    if let Some(scopes) = &marks.scopes {
        directives.push(access(name!("requiresScopes"), name!("scopes"), scopes));
    }
    if let Some(policies) = &marks.policies {
        directives.push(access(name!("policy"), name!("policies"), policies));
    }
    if let Some(weight) = marks.cost {
        let weight = Node::new(Value::Int(IntValue::from(weight)));
        directives.push(directive(name!("cost"), [(name!("weight"), weight)]));
    }
    if let Some(size) = &marks.list_size {
        let names = |names: &BTreeSet<String>| list(names.iter().map(|one| string(one)));
        let arguments = [
            size.assumed.map(|assumed| {
                (
                    name!("assumedSize"),
                    Node::new(Value::Int(IntValue::from(assumed))),
                )
            }),
            size.slicing
                .as_ref()
                .map(|slicing| (name!("slicingArguments"), names(slicing))),
            size.sized
                .as_ref()
                .map(|sized| (name!("sizedFields"), names(sized))),
            size.require_one
                .filter(|one| !one)
                .map(|one| (name!("requireOneSlicingArgument"), Node::new(Value::Boolean(one)))),
        ];
        let arguments = arguments.into_iter().flatten();
        directives.push(directive(name!("listSize"), arguments));
    }
    directives.extend(marks.composed.iter().cloned());
    directives
}

fn access(name: Name, argument: Name, alternatives: &Alternatives) -> Node<Directive> {
    let any_of = alternatives
        .iter()
        .map(|all_of| list(all_of.iter().map(|one| string(one))));
    directive(name, [(argument, list(any_of))])
}
