//! Directives of the join specification, as values.

use apollo_compiler::ast::{Argument, Directive, Value};
use apollo_compiler::{Name, Node, name};

use crate::merged::{Graph, JoinField, JoinType, Merged};

pub(super) fn directive(
    name: Name,
    arguments: impl IntoIterator<Item = (Name, Node<Value>)>,
) -> Node<Directive> {
    let arguments = arguments
        .into_iter()
        .map(|(name, value)| Node::new(Argument { name, value }))
        .collect();
    Node::new(Directive { name, arguments })
}

pub(super) fn string(text: &str) -> Node<Value> {
    Node::new(Value::String(text.to_owned()))
}

pub(super) fn enum_value(name: &Name) -> Node<Value> {
    Node::new(Value::Enum(name.clone()))
}

pub(super) fn list(items: impl IntoIterator<Item = Node<Value>>) -> Node<Value> {
    Node::new(Value::List(items.into_iter().collect()))
}

fn yes() -> Node<Value> {
    Node::new(Value::Boolean(true))
}

impl Merged {
    fn graph(&self, graph: Graph) -> (Name, Node<Value>) {
        (name!("graph"), enum_value(&self.graphs[graph].value))
    }

    pub(super) fn join_type(&self, join: &JoinType) -> Node<Directive> {
        let mut arguments = vec![self.graph(join.graph)];
        if let Some(key) = &join.key {
            arguments.push((name!("key"), string(key)));
        }
        if join.extension {
            arguments.push((name!("extension"), yes()));
        }
        if !join.resolvable {
            arguments.push((name!("resolvable"), Node::new(Value::Boolean(false))));
        }
        if join.interface_object {
            arguments.push((name!("isInterfaceObject"), yes()));
        }
        directive(name!("join__type"), arguments)
    }

    pub(super) fn join_field(&self, join: &JoinField) -> Node<Directive> {
        let mut arguments: Vec<_> = join.graph.map(|graph| self.graph(graph)).into_iter().collect();
        let texts = [
            (name!("requires"), &join.requires),
            (name!("provides"), &join.provides),
            (name!("type"), &join.ty),
        ];
        arguments.extend(
            texts
                .into_iter()
                .filter_map(|(name, text)| Some((name, string(text.as_ref()?)))),
        );
        if join.external {
            arguments.push((name!("external"), yes()));
        }
        if let Some(from) = &join.overrides {
            arguments.push((name!("override"), string(from)));
        }
        if join.used_overridden {
            arguments.push((name!("usedOverridden"), yes()));
        }
        if let Some(label) = &join.override_label {
            arguments.push((name!("overrideLabel"), string(label)));
        }
        if !join.context_arguments.is_empty() {
            let contexts = join.context_arguments.iter().map(|argument| {
                Node::new(Value::Object(vec![
                    (name!("context"), string(&argument.context)),
                    (name!("name"), string(&argument.name)),
                    (name!("type"), string(&argument.ty.to_string())),
                    (name!("selection"), string(&argument.selection)),
                ]))
            });
            arguments.push((name!("contextArguments"), list(contexts)));
        }
        directive(name!("join__field"), arguments)
    }

    pub(super) fn join_implements(&self, graph: Graph, interface: &Name) -> Node<Directive> {
        directive(
            name!("join__implements"),
            [self.graph(graph), (name!("interface"), string(interface))],
        )
    }

    pub(super) fn join_member(&self, graph: Graph, member: &Name) -> Node<Directive> {
        directive(
            name!("join__unionMember"),
            [self.graph(graph), (name!("member"), string(member))],
        )
    }

    pub(super) fn join_enum_value(&self, graph: Graph) -> Node<Directive> {
        directive(name!("join__enumValue"), [self.graph(graph)])
    }
}
