//! Operations made up from a schema and a seed: the same seed, the same operation.

use std::fmt::Write;

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use serde_json::{Value as Json, json};

use super::dice::Dice;

const DEEPEST: usize = 5;
/// A query grows by its depth; this many fields are enough to show a mistake.
const MOST_FIELDS: usize = 40;

/// An operation with conditions, aliases, arguments and fragments, and values for its variables. Two fields may stand in each other's way:
/// whether it is valid, validation says.
pub fn operation(schema: &Valid<Schema>, seed: u64) -> (String, Json) {
    let mut maker = Maker {
        schema,
        dice: Dice::new(seed ^ 0x6f70),
        fields: 0,
        fragments: String::new(),
        fragment_count: 0,
        uses_language: false,
    };
    let mutation = schema
        .schema_definition
        .mutation
        .as_ref()
        .filter(|_| maker.dice.one_in(4));
    let (kind, root) = match (mutation, &schema.schema_definition.query) {
        (Some(mutation), _) => ("mutation", mutation.to_string()),
        (None, Some(query)) => ("query", query.to_string()),
        (None, None) => panic!("a schema has a query type"),
    };
    let selection = maker.selection(&root, 0);
    let mut declared = String::new();
    let mut variables = json!({});
    let all = format!("{selection}{}", maker.fragments);
    for name in ["yes", "no"] {
        if all.contains(&format!("${name})")) {
            let _ = write!(declared, "${name}: Boolean! ");
            variables[name] = maker.dice.one_in(2).into();
        }
    }
    if maker.uses_language {
        // Given, left out, or left to its default.
        declared.push_str(match maker.dice.below(3) {
            0 => "$lang: String = \"ru\"",
            _ => "$lang: String",
        });
        if maker.dice.one_in(2) {
            variables["lang"] = "en".into();
        }
    }
    let declared = match declared.trim() {
        "" => String::new(),
        some => format!("({some}) "),
    };
    (
        format!("{kind} {declared}{{ {selection} }}{}", maker.fragments),
        variables,
    )
}

struct Maker<'s> {
    schema: &'s Valid<Schema>,
    dice: Dice,
    fields: usize,
    fragments: String,
    fragment_count: usize,
    uses_language: bool,
}

impl Maker<'_> {
    fn selection(&mut self, type_name: &str, depth: usize) -> String {
        let mut parts = Vec::new();
        let fields: Vec<FieldDefinition> = match self.schema.types.get(type_name) {
            Some(ExtendedType::Object(object)) => {
                object.fields.values().map(|field| (***field).clone()).collect()
            }
            Some(ExtendedType::Interface(interface)) => interface
                .fields
                .values()
                .map(|field| (***field).clone())
                .collect(),
            _ => Vec::new(),
        };
        for _ in 0..=self.dice.below(4) {
            if let Some(field) = self.dice.pick(fields.iter())
                && let Some(text) = self.field(field, depth)
            {
                parts.push(text);
            }
        }
        for member in self.members(type_name) {
            if depth < DEEPEST && self.dice.one_in(2) {
                let condition = self.condition();
                let inside = self.selection(&member, depth + 1);
                if self.dice.one_in(4) {
                    let name = format!("F{}", self.fragment_count);
                    self.fragment_count += 1;
                    let _ = write!(self.fragments, " fragment {name} on {member} {{ {inside} }}");
                    parts.push(format!("...{name}{condition}"));
                } else {
                    parts.push(format!("... on {member}{condition} {{ {inside} }}"));
                }
            }
        }
        if parts.is_empty() || self.dice.one_in(5) {
            parts.push("__typename".to_owned());
        }
        parts.join(" ")
    }

    /// The types that a fragment may name: those below an abstract type, sometimes the type itself or an interface of it.
    fn members(&mut self, type_name: &str) -> Vec<String> {
        let mut members: Vec<String> = match self.schema.types.get(type_name) {
            Some(ExtendedType::Union(union)) => {
                union.members.iter().map(|member| member.to_string()).collect()
            }
            Some(ExtendedType::Interface(_)) => {
                let map = self.schema.implementers_map();
                map.get(type_name)
                    .map(|all| all.objects.iter().map(|name| name.to_string()).collect())
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        };
        members.sort();
        if self.dice.one_in(6) {
            members.push(type_name.to_owned());
        }
        if self.dice.one_in(5) {
            let possible = if members.is_empty() {
                vec![type_name.to_owned()]
            } else {
                members.clone()
            };
            let interfaces = possible
                .iter()
                .filter_map(|name| match self.schema.types.get(name.as_str()) {
                    Some(ExtendedType::Object(object)) => Some(&object.implements_interfaces),
                    _ => None,
                });
            let mut interfaces: Vec<String> = interfaces.flatten().map(|name| name.to_string()).collect();
            interfaces.sort();
            members.extend(self.dice.pick(interfaces));
        }
        members
    }

    fn field(&mut self, field: &FieldDefinition, depth: usize) -> Option<String> {
        let inner = field.ty.inner_named_type().to_string();
        let is_composite = matches!(
            self.schema.types.get(inner.as_str()),
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
        );
        self.fields += 1;
        if self.fields > MOST_FIELDS || (is_composite && depth >= DEEPEST) {
            return None;
        }
        let alias = match self.dice.below(5) {
            0 => format!(
                "{}: ",
                self.dice.pick(["x", "y", "z", "id", "name"]).unwrap_or("x")
            ),
            1 => format!("f{}: ", self.fields),
            _ => String::new(),
        };
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            if argument.is_required() || self.dice.one_in(2) {
                let value = self.value(&argument.ty, 0);
                arguments.push(format!("{}: {value}", argument.name));
            }
        }
        let arguments = match arguments.is_empty() {
            true => String::new(),
            false => format!("({})", arguments.join(", ")),
        };
        let condition = self.condition();
        let inside = match is_composite {
            true => format!(" {{ {} }}", self.selection(&inner, depth + 1)),
            false => String::new(),
        };
        Some(format!("{alias}{}{arguments}{condition}{inside}", field.name))
    }

    fn condition(&mut self) -> &'static str {
        match self.dice.below(14) {
            0 => " @include(if: $yes)",
            1 => " @skip(if: $no)",
            2 => " @skip(if: $yes) @include(if: $no)",
            3 => " @include(if: true)",
            _ => "",
        }
    }

    fn value(&mut self, ty: &Type, depth: usize) -> String {
        match ty {
            Type::List(item) | Type::NonNullList(item) => return format!("[{}]", self.value(item, depth)),
            Type::Named(name) if name == "String" && self.dice.one_in(3) => {
                self.uses_language = true;
                return "$lang".to_owned();
            }
            _ => {}
        }
        let number = self.dice.below(3);
        match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::Enum(values)) => {
                let names = values.values.keys().map(|name| name.to_string());
                self.dice.pick(names).unwrap_or_default()
            }
            Some(ExtendedType::InputObject(input)) => {
                let mut fields = Vec::new();
                for field in input.fields.values() {
                    if field.is_required() || (depth < 2 && self.dice.one_in(2)) {
                        fields.push(format!("{}: {}", field.name, self.value(&field.ty, depth + 1)));
                    }
                }
                format!("{{{}}}", fields.join(", "))
            }
            _ => match ty.inner_named_type().as_str() {
                "Int" | "Float" => number.to_string(),
                "Boolean" => (number == 0).to_string(),
                _ => format!("\"{}\"", ["ru", "en", ""][number]),
            },
        }
    }
}
