//! `@defer`, which every router of ours understands, whatever the subgraphs say.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation, InputValueDefinition, Type, Value};
use apollo_compiler::{Name, Node, name, ty};

/// As the incremental delivery proposal defines it.
pub(super) fn definition() -> Node<DirectiveDefinition> {
    let argument = |name: Name, ty: Type, default: Option<Value>, what: &str| {
        Node::new(InputValueDefinition {
            description: Some(what.into()),
            name,
            ty: Node::new(ty),
            default_value: default.map(Node::new),
            directives: Default::default(),
        })
    };
    Node::new(DirectiveDefinition {
        description: Some("This fragment may be answered later than what stands around it.".into()),
        name: name!("defer"),
        arguments: vec![
            argument(
                name!("if"),
                ty!(Boolean!),
                Some(Value::Boolean(true)),
                "False: answer it with the rest.",
            ),
            argument(
                name!("label"),
                ty!(String),
                None,
                "How the answer names this fragment; unique in the document.",
            ),
        ],
        repeatable: false,
        locations: vec![
            DirectiveLocation::FragmentSpread,
            DirectiveLocation::InlineFragment,
        ],
    })
}
