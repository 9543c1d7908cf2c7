//! Operations made up from a schema and a seed: the same seed, the same operation.

use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use serde_json::{Value as Json, json};

const DEEPEST: usize = 5;
/// A query grows by its depth; this many fields are enough to show a mistake.
const MOST_FIELDS: usize = 60;

/// An operation with conditions, aliases and fragments, and values for its variables.
pub fn operation(schema: &Valid<Schema>, seed: u64) -> (String, Json) {
    let mut maker = Maker {
        schema,
        state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        fields: 0,
    };
    let mutation = schema
        .schema_definition
        .mutation
        .as_ref()
        .filter(|_| maker.one_in(4));
    let (kind, root) = match (mutation, &schema.schema_definition.query) {
        (Some(mutation), _) => ("mutation", mutation.to_string()),
        (None, Some(query)) => ("query", query.to_string()),
        (None, None) => panic!("a schema has a query type"),
    };
    let selection = maker.selection(&root, 0);
    let variables = json!({"yes": maker.one_in(2), "no": maker.one_in(2)});
    // Both are used, or validation refuses the operation.
    let uses = "a_: __typename @include(if: $yes) b_: __typename @skip(if: $no)";
    (
        format!("{kind}($yes: Boolean!, $no: Boolean!) {{ {uses} {selection} }}"),
        variables,
    )
}

struct Maker<'s> {
    schema: &'s Valid<Schema>,
    state: u64,
    fields: usize,
}

impl Maker<'_> {
    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

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
        for _ in 0..=self.below(4) {
            if fields.is_empty() {
                break;
            }
            let field = &fields[self.below(fields.len())];
            if let Some(text) = self.field(field, depth) {
                parts.push(text);
            }
        }
        let members = self.members(type_name);
        for member in members {
            if depth < DEEPEST && self.one_in(2) {
                let inside = self.selection(&member, depth + 1);
                let condition = self.condition();
                parts.push(format!("... on {member}{condition} {{ {inside} }}"));
            }
        }
        if parts.is_empty() || self.one_in(5) {
            parts.push("__typename".to_owned());
        }
        parts.join(" ")
    }

    /// The types that a fragment may name: those below an abstract type, sometimes the type itself.
    fn members(&mut self, type_name: &str) -> Vec<String> {
        let mut members = match self.schema.types.get(type_name) {
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
        if self.one_in(6) {
            members.push(type_name.to_owned());
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
        let alias = match self.below(4) {
            0 => format!("{}: ", ["x", "y", "z", "id", "name"][self.below(5)]),
            1 => format!("f{}: ", self.fields),
            _ => String::new(),
        };
        let arguments: Vec<String> = field
            .arguments
            .iter()
            .filter_map(|argument| {
                let value = self.value(&argument.ty)?;
                (argument.is_required() || self.one_in(2)).then(|| format!("{}: {value}", argument.name))
            })
            .collect();
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
        match self.below(12) {
            0 => " @include(if: $yes)",
            1 => " @skip(if: $no)",
            2 => " @skip(if: $yes) @include(if: $no)",
            _ => "",
        }
    }

    fn value(&mut self, ty: &Type) -> Option<String> {
        match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::Enum(values)) => values.values.keys().next().map(|name| name.to_string()),
            _ => Some(format!("\"{}\"", ["ru", "en"][self.below(2)])),
        }
    }
}
