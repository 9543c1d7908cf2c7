//! Layout: a directive a line on what has them on its own, so that a diff of two supergraphs shows what changed.

use apollo_compiler::ast::{Definition, DirectiveList, ScalarTypeDefinition};
use apollo_compiler::{Node, name};

const INDENT: &str = "  ";

pub(super) fn lay_out(mut definition: Definition) -> String {
    let (description, directives) = take_head(&mut definition);
    let body = serialize(&definition);
    let (head, rest) = split_head(&body);
    let mut text = description
        .map(|text| description_text(&text))
        .unwrap_or_default();
    text.push_str(head);
    for directive in &directives {
        text.push('\n');
        text.push_str(INDENT);
        text.push_str(&directive.serialize().no_indent().to_string());
    }
    let separator = if rest.is_empty() || directives.is_empty() {
        ""
    } else {
        "\n"
    };
    text.push_str(separator);
    text.push_str(if separator.is_empty() {
        rest
    } else {
        rest.trim_start()
    });
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn serialize(definition: &Definition) -> String {
    definition.serialize().indent_prefix(INDENT).to_string()
}

/// `type A implements B` and `{…}`; `union A` and `= B | C`.
fn split_head(body: &str) -> (&str, &str) {
    let line = body.lines().next().unwrap_or_default();
    let end = line
        .rfind(" {")
        .or_else(|| line.find(" = "))
        .unwrap_or(line.len());
    body.split_at(end)
}

/// As the serializer would write it: by way of a definition that has nothing else.
fn description_text(description: &Node<str>) -> String {
    let carrier = Definition::ScalarTypeDefinition(Node::new(ScalarTypeDefinition {
        description: Some(description.clone()),
        name: name!("x"),
        directives: DirectiveList::default(),
    }));
    let text = serialize(&carrier);
    text.trim_end()
        .strip_suffix("scalar x")
        .unwrap_or_default()
        .to_owned()
}

fn take_head(definition: &mut Definition) -> (Option<Node<str>>, DirectiveList) {
    macro_rules! take {
        ($definition: ident) => {{
            let definition = $definition.make_mut();
            (
                definition.description.take(),
                std::mem::take(&mut definition.directives),
            )
        }};
    }
    match definition {
        Definition::SchemaDefinition(definition) => take!(definition),
        Definition::ScalarTypeDefinition(definition) => take!(definition),
        Definition::ObjectTypeDefinition(definition) => take!(definition),
        Definition::InterfaceTypeDefinition(definition) => take!(definition),
        Definition::UnionTypeDefinition(definition) => take!(definition),
        Definition::EnumTypeDefinition(definition) => take!(definition),
        Definition::InputObjectTypeDefinition(definition) => take!(definition),
        _ => (None, DirectiveList::default()),
    }
}
