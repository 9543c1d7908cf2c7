//! What a supergraph says, as a set of sentences: two that say the same have the same facts, whatever their order and spelling.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::ast::{Directive, DirectiveList, InputValueDefinition};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use lavka_supergraph::{SubgraphId, Supergraph};

pub type Facts = BTreeSet<String>;

/// The facts of a supergraph, as our router reads it.
pub fn facts(sdl: &str) -> Result<Facts, String> {
    let supergraph = Supergraph::parse(sdl).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("\n")
    })?;
    let mut facts = Facts::new();
    joins(&supergraph, &mut facts);
    elements(supergraph.schema(), &mut facts);
    Ok(facts)
}

/// Who gives what, and how.
fn joins(supergraph: &Supergraph, facts: &mut Facts) {
    let name = |id: &SubgraphId| supergraph.subgraph(*id).name.to_string();
    for subgraph in supergraph.subgraphs() {
        facts.insert(format!("subgraph {} at {:?}", subgraph.name, subgraph.url));
    }
    for ty in supergraph.schema().types.keys() {
        let Some(model) = supergraph.type_model(ty) else {
            continue;
        };
        for (id, known) in &model.subgraphs {
            let head = format!("{ty} in {}", name(id));
            let kind = if known.interface_object {
                " as interface object"
            } else {
                ""
            };
            facts.insert(format!("{head}{kind}"));
            for key in &known.keys {
                facts.insert(format!(
                    "{head}: key {} resolvable {}",
                    text(&key.fields),
                    key.resolvable
                ));
            }
            for interface in &known.implements {
                facts.insert(format!("{head}: implements {interface}"));
            }
            for possible in &known.possible {
                facts.insert(format!("{head}: can be {possible}"));
            }
        }
        for (field, model) in &model.fields {
            for (id, declared) in &model.subgraphs {
                let mut fact = format!("{ty}.{field} in {}: {}", name(id), declared.ty);
                for (said, what) in [
                    (declared.external, " external"),
                    (declared.overridden, " overridden"),
                ] {
                    fact.push_str(if said { what } else { "" });
                }
                for (what, set) in [("requires", &declared.requires), ("provides", &declared.provides)] {
                    if let Some(set) = set {
                        fact.push_str(&format!(" {what} {}", text(set)));
                    }
                }
                for argument in &declared.context_arguments {
                    let taken: std::collections::BTreeSet<String> = argument
                        .selections
                        .iter()
                        .map(|(ty, set)| format!("{ty}{}", text(set)))
                        .collect();
                    fact.push_str(&format!(
                        " {}: {} from {} {taken:?}",
                        argument.name, argument.ty, argument.context
                    ));
                }
                if let Some(taken) = &declared.overrides {
                    let from = taken.from.as_ref().map(name);
                    fact.push_str(&format!(" overrides {from:?} {:?}", taken.label));
                }
                facts.insert(fact);
            }
        }
    }
}

/// A field set with its parts in the order of their text: their order means nothing.
fn text(set: &SelectionSet) -> String {
    let mut parts: Vec<String> = set
        .selections
        .iter()
        .map(|selection| match selection {
            Selection::Field(field) => {
                let arguments: Vec<String> = field
                    .arguments
                    .iter()
                    .map(|one| format!("{}: {}", one.name, one.value))
                    .collect();
                let below = match field.selection_set.selections.is_empty() {
                    true => String::new(),
                    false => format!(" {}", text(&field.selection_set)),
                };
                format!("{}({}){below}", field.name, arguments.join(","))
            }
            Selection::InlineFragment(fragment) => {
                let on = fragment.type_condition.as_ref().map(ToString::to_string);
                format!("... {on:?} {}", text(&fragment.selection_set))
            }
            Selection::FragmentSpread(spread) => spread.to_string(),
        })
        .collect();
    parts.sort();
    format!("{{{}}}", parts.join(" "))
}

/// The schema and what directives other than join's say of it.
fn elements(schema: &Schema, facts: &mut Facts) {
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        let is_machinery = name.contains("__");
        if is_machinery {
            continue;
        }
        let kind = match ty {
            ExtendedType::Scalar(_) => "scalar",
            ExtendedType::Object(_) => "object",
            ExtendedType::Interface(_) => "interface",
            ExtendedType::Union(_) => "union",
            ExtendedType::Enum(_) => "enum",
            ExtendedType::InputObject(_) => "input",
        };
        facts.insert(format!("{kind} {name}"));
        let directives = ty.directives().iter().map(|one| &*one.node);
        directives.for_each(|one| directive(name, one, facts));
        let description = match ty {
            ExtendedType::Scalar(ty) => &ty.description,
            ExtendedType::Object(ty) => &ty.description,
            ExtendedType::Interface(ty) => &ty.description,
            ExtendedType::Union(ty) => &ty.description,
            ExtendedType::Enum(ty) => &ty.description,
            ExtendedType::InputObject(ty) => &ty.description,
        };
        described(name, description, facts);
        let implements = match ty {
            ExtendedType::Object(ty) => ty.implements_interfaces.iter().collect(),
            ExtendedType::Interface(ty) => ty.implements_interfaces.iter().collect(),
            _ => Vec::new(),
        };
        for interface in implements {
            facts.insert(format!("{name} implements {interface}"));
        }
        let fields = match ty {
            ExtendedType::Object(ty) => ty.fields.values().collect(),
            ExtendedType::Interface(ty) => ty.fields.values().collect(),
            _ => Vec::new(),
        };
        for field in fields {
            let coordinate = format!("{name}.{}", field.name);
            facts.insert(format!("{coordinate}: {}", field.ty));
            described(&coordinate, &field.description, facts);
            applied(&coordinate, &field.directives, facts);
            for argument in &field.arguments {
                input_value(&format!("{coordinate}({}:)", argument.name), argument, facts);
            }
        }
        match ty {
            ExtendedType::Union(union) => {
                for member in &union.members {
                    facts.insert(format!("{name} has {member}"));
                }
            }
            ExtendedType::Enum(values) => {
                for value in values.values.values() {
                    let coordinate = format!("{name}.{}", value.value);
                    facts.insert(coordinate.clone());
                    described(&coordinate, &value.description, facts);
                    applied(&coordinate, &value.directives, facts);
                    for join in value.directives.get_all("join__enumValue") {
                        let graph = join
                            .specified_argument_by_name("graph")
                            .and_then(|graph| graph.as_enum());
                        facts.insert(format!("{coordinate} in {:?}", graph.map(|graph| graph.as_str())));
                    }
                }
            }
            ExtendedType::InputObject(input) => {
                for field in input.fields.values() {
                    input_value(&format!("{name}.{}", field.name), field, facts);
                }
            }
            _ => {}
        }
    }
}

fn input_value(coordinate: &str, value: &InputValueDefinition, facts: &mut Facts) {
    let default = value.default_value.as_ref().map(ToString::to_string);
    facts.insert(format!("{coordinate}: {} = {default:?}", value.ty));
    described(coordinate, &value.description, facts);
    applied(coordinate, &value.directives, facts);
}

fn described(coordinate: &str, description: &Option<apollo_compiler::Node<str>>, facts: &mut Facts) {
    if let Some(description) = description {
        facts.insert(format!("{coordinate} is described as {:?}", &**description));
    }
}

fn applied(coordinate: &str, directives: &DirectiveList, facts: &mut Facts) {
    directives
        .iter()
        .for_each(|one| directive(coordinate, one, facts));
}

fn directive(coordinate: &str, directive: &Directive, facts: &mut Facts) {
    if directive.name.starts_with("join__") {
        return;
    }
    let mut arguments: Vec<String> = directive
        .arguments
        .iter()
        .map(|one| format!("{}: {}", one.name, one.value))
        .collect();
    arguments.sort();
    facts.insert(format!(
        "{coordinate} @{}({})",
        directive.name,
        arguments.join(", ")
    ));
}
