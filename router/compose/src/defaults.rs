//! Default values that aren't values of their types: GraphQL forbids them, and the library that checks schemas leaves them alone.
//!
//! A subgraph can be wrong by itself; or be right, while merging takes away an enum's value or an input's field that a default is made of.

use apollo_compiler::ast::{InputValueDefinition, Type, Value};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};

/// A default that is wrong.
pub(crate) struct WrongDefault {
    /// Of the argument or input field that has it.
    pub coordinate: String,
    pub value: String,
    pub ty: String,
    /// What is wrong with it.
    pub reason: String,
    pub location: Option<SourceSpan>,
}

/// Those of all arguments and input fields of a schema.
pub(crate) fn wrong(schema: &Schema) -> Vec<WrongDefault> {
    let mut found = Vec::new();
    let mut look = |coordinate: String, of: &Node<InputValueDefinition>| {
        let Some(default) = &of.default_value else { return };
        if let Some(reason) = problem(schema, &of.ty, default) {
            found.push(WrongDefault {
                coordinate,
                value: default.serialize().no_indent().to_string(),
                ty: of.ty.to_string(),
                reason,
                location: default.location().or_else(|| of.location()),
            });
        }
    };
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        let fields: Vec<_> = match ty {
            ExtendedType::Object(object) => object.fields.values().collect(),
            ExtendedType::Interface(interface) => interface.fields.values().collect(),
            ExtendedType::InputObject(input) => {
                for field in input.fields.values() {
                    look(format!("{name}.{}", field.name), field);
                }
                continue;
            }
            _ => continue,
        };
        for field in fields {
            for argument in &field.arguments {
                look(format!("{name}.{}({}:)", field.name, argument.name), argument);
            }
        }
    }
    for directive in schema.directive_definitions.values() {
        for argument in &directive.arguments {
            look(format!("@{}({}:)", directive.name, argument.name), argument);
        }
    }
    found
}

/// Why a value is none of a type; None where it is one.
fn problem(schema: &Schema, ty: &Type, value: &Value) -> Option<String> {
    if value.is_null() {
        return ty.is_non_null().then(|| "null isn't allowed".to_owned());
    }
    if ty.is_list() {
        let item = ty.item_type();
        return match value {
            Value::List(items) => items.iter().find_map(|one| problem(schema, item, one)),
            // One value is taken for a list of one.
            one => problem(schema, item, one),
        };
    }
    let name = ty.inner_named_type();
    let is_no = || Some(format!("{} is no {name}", value.serialize().no_indent()));
    match schema.types.get(name)? {
        ExtendedType::Scalar(_) => {
            let fits = match (name.as_str(), value) {
                (_, Value::Variable(_)) => false,
                ("Int", value) => value.to_i32().is_some(),
                ("Float", Value::Int(_) | Value::Float(_)) => value.to_f64().is_some_and(f64::is_finite),
                ("String", value) => value.as_str().is_some(),
                ("ID", value) => value.as_str().is_some() || matches!(value, Value::Int(_)),
                ("Boolean", value) => value.to_bool().is_some(),
                ("Float", _) => false,
                _ => true,
            };
            if fits { None } else { is_no() }
        }
        ExtendedType::Enum(values) => match value {
            Value::Enum(one) if values.values.contains_key(one) => None,
            Value::Enum(one) => Some(format!("{name} has no value {one}")),
            _ => is_no(),
        },
        ExtendedType::InputObject(input) => {
            let Value::Object(entries) = value else {
                return is_no();
            };
            if let Some((unknown, _)) = entries.iter().find(|(key, _)| !input.fields.contains_key(key)) {
                return Some(format!("{name} has no field {unknown}"));
            }
            if input.directives.has("oneOf") && (entries.len() != 1 || entries[0].1.is_null()) {
                return Some(format!("{name} takes exactly one field that isn't null"));
            }
            input.fields.values().find_map(|field| {
                let given = entries.iter().find(|(key, _)| *key == field.name);
                match given {
                    Some((_, value)) => problem(schema, &field.ty, value),
                    None if field.is_required() => Some(format!("{name}.{} is required", field.name)),
                    None => None,
                }
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(arguments: &str) -> Vec<String> {
        let sdl = format!(
            "type Query {{ f({arguments}): Int }} enum E {{ A B }} scalar Any directive @oneOf on INPUT_OBJECT
             input I {{ z: Int! e: [E!] i: I d: Int! = 1 }} input One @oneOf {{ a: Int b: E }}"
        );
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").expect("a schema");
        let reason = |wrong: WrongDefault| format!("{} of {}: {}", wrong.value, wrong.ty, wrong.reason);
        wrong(&schema).into_iter().map(reason).collect()
    }

    #[test]
    fn values_of_their_types() {
        let right = r#"a: Int = 1, b: Float = 1, c: Float = 1.5, d: ID = 1, e: ID = "x", f: [[Int]] = 1, g: E = A, h: [E!] = [A, B], i: I = {z: 1},
            j: I = {z: 1, e: A, i: {z: 2}}, k: One = {b: B}, l: Any = {x: [1, "a"]}, m: Int = null, n: [Int] = [null], o: Boolean = true"#;
        assert_eq!(reasons(right), Vec::<String>::new());
    }

    #[test]
    fn values_of_other_types() {
        insta::assert_snapshot!(reasons(
            r#"a: Int = "x", b: Int! = null, c: E = C, d: E = "A", e: I = {q: 1}, f: I = {e: A}, g: [E!] = [A, null], h: Int = 3000000000, i: Boolean = 1,
            j: String = A, k: One = {a: 1, b: A}, l: One = {a: null}, m: I = {z: 1, i: {z: A}}, n: Int = [1], o: Float = "1", p: ID = 1.5, q: I = 1, r: I = {z: 1, d: null}"#
        )
        .join("\n"));
    }
}
