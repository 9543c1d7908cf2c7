//! Variables become what the operation declares, or an error that names the variable and the place in it.
//! (<https://spec.graphql.org/October2021/#CoerceVariableValues()>; apollo-compiler has the algorithm as well, but its
//! errors don't say where in a nested input they are.)

use std::fmt::{self, Write};

use apollo_compiler::ast::{self, Type};
use apollo_compiler::executable::Operation;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Number, Value};

use crate::refusal::{Fault, Refusal};
use crate::request::kind;

mod conditions;

const MOST_FAULTS: usize = 20;

/// The operation's variables with their values: given ones checked, absent ones from their defaults, others left out.
pub(super) fn coerce(
    schema: &Valid<Schema>,
    document: &ExecutableDocument,
    operation: &Operation,
    mut given: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let mut coerced = Map::new();
    let mut coercion = Coercion {
        schema,
        faults: Vec::new(),
    };
    for definition in &operation.variables {
        let name = definition.name.as_str();
        let path = Path::Variable(name);
        if let Some(value) = given.remove(name) {
            // Only a variable with a default may be nullable where null may not be; then null is an error of the request (section 6.4.1).
            if value.is_null()
                && !definition.ty.is_non_null()
                && conditions::decide(document, operation, name)
            {
                coercion.fault(&path, format_args!("it decides a condition, got null"));
            }
            let value = coercion.value(&path, &definition.ty, value);
            coerced.insert(name.to_owned(), value);
        } else if let Some(default) = &definition.default_value {
            coerced.insert(name.to_owned(), literal(default));
        } else if definition.ty.is_non_null() {
            coercion.fault(
                &path,
                format_args!("a value of type {} is required", definition.ty),
            );
        }
    }
    if coercion.faults.is_empty() {
        Ok(coerced)
    } else {
        Err(Refusal::faults(coercion.faults))
    }
}

struct Coercion<'a> {
    schema: &'a Schema,
    faults: Vec<Fault>,
}

/// Where in the variables we are; written only when something is wrong.
enum Path<'a> {
    Variable(&'a str),
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(out, "${name}"),
            Self::Field(parent, name) => write!(out, "{parent}.{name}"),
            Self::Item(parent, index) => write!(out, "{parent}[{index}]"),
        }
    }
}

impl Coercion<'_> {
    fn fault(&mut self, path: &Path<'_>, what: fmt::Arguments<'_>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults
                .push(Fault::new("BAD_USER_INPUT", format!("variable `{path}`: {what}")));
        }
    }

    fn value(&mut self, path: &Path<'_>, ty: &Type, value: Value) -> Value {
        if value.is_null() {
            if ty.is_non_null() {
                self.fault(path, format_args!("expected {ty}, got null"));
            }
            return Value::Null;
        }
        match ty {
            Type::List(inner) | Type::NonNullList(inner) => match value {
                Value::Array(items) => items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| self.value(&Path::Item(path, index), inner, item))
                    .collect(),
                // A single value stands for a list of one.
                single => Value::Array(vec![self.value(path, inner, single)]),
            },
            Type::Named(name) | Type::NonNullNamed(name) => match self.schema.types.get(name) {
                Some(ExtendedType::Scalar(_)) => self.scalar(path, name, value),
                Some(ExtendedType::Enum(definition)) => {
                    if !value
                        .as_str()
                        .is_some_and(|text| definition.values.contains_key(text))
                    {
                        let got = if value.is_string() {
                            value.to_string()
                        } else {
                            kind(&value).to_owned()
                        };
                        self.fault(
                            path,
                            format_args!("expected a value of enum {name}, got {}", shortened(&got)),
                        );
                    }
                    value
                }
                Some(ExtendedType::InputObject(definition)) => self.object(path, definition, value),
                // Validation has refused such an operation.
                _ => {
                    self.fault(path, format_args!("{name} is not an input type"));
                    value
                }
            },
        }
    }

    fn scalar(&mut self, path: &Path<'_>, name: &str, value: Value) -> Value {
        let coerced = match (name, &value) {
            ("Int", Value::Number(number)) => int(number),
            ("Float", Value::Number(_)) | ("String", Value::String(_)) | ("Boolean", Value::Bool(_)) => {
                return value;
            }
            ("ID", Value::String(_)) => return value,
            ("ID", Value::Number(number)) if !number.is_f64() => Some(Value::String(number.to_string())),
            ("Int" | "Float" | "String" | "Boolean" | "ID", _) => None,
            // The subgraph that owns a scalar knows what it takes.
            _ => return value,
        };
        coerced.unwrap_or_else(|| {
            let got = match &value {
                Value::Number(number) => number.to_string(),
                other => kind(other).to_owned(),
            };
            self.fault(path, format_args!("expected {name}, got {got}"));
            Value::Null
        })
    }

    fn object(&mut self, path: &Path<'_>, definition: &InputObjectType, value: Value) -> Value {
        let name = &definition.name;
        let Value::Object(mut given) = value else {
            self.fault(
                path,
                format_args!("expected an object of type {name}, got {}", kind(&value)),
            );
            return value;
        };
        let mut coerced = Map::new();
        for (field, declared) in &definition.fields {
            let path = Path::Field(path, field);
            if let Some(value) = given.remove(field.as_str()) {
                let value = self.value(&path, &declared.ty, value);
                coerced.insert(field.to_string(), value);
            } else if declared.is_required() {
                self.fault(&path, format_args!("a value of type {} is required", declared.ty));
            }
            // Defaults of input fields are left to the subgraph, which declares the same ones.
        }
        for unknown in given.keys() {
            self.fault(
                path,
                format_args!("type {name} has no field {}", shortened(&format!("`{unknown}`"))),
            );
        }
        if definition.directives.has("oneOf") && (coerced.len() != 1 || coerced.values().any(Value::is_null))
        {
            self.fault(
                path,
                format_args!("exactly one field of {name} must be given, and not null"),
            );
        }
        Value::Object(coerced)
    }
}

/// 32 bits; a whole number that is written with a fraction of zero counts.
fn int(number: &Number) -> Option<Value> {
    let whole = match number.as_i64() {
        Some(whole) => whole,
        #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
        None => number
            .as_f64()
            .filter(|float| float.fract() == 0.0 && float.abs() <= f64::from(i32::MAX))
            .map(|float| float as i64)?,
    };
    i32::try_from(whole).ok().map(Value::from)
}

/// A default value, which validation has checked against its type.
fn literal(value: &ast::Value) -> Value {
    match value {
        ast::Value::Null | ast::Value::Variable(_) => Value::Null,
        ast::Value::Enum(name) => Value::String(name.to_string()),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Boolean(truth) => Value::Bool(*truth),
        ast::Value::Int(number) => number.as_str().parse().map_or(Value::Null, Value::Number),
        ast::Value::Float(number) => number.as_str().parse().map_or(Value::Null, Value::Number),
        ast::Value::List(items) => items.iter().map(|item| literal(item)).collect(),
        ast::Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.to_string(), literal(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

/// Enough of a client's text to recognise it.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        let _ = short.write_str("…");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use apollo_compiler::ExecutableDocument;
    use serde_json::json;

    const SCHEMA: &str = "
        directive @oneOf on INPUT_OBJECT
        scalar Any
        enum Colour { RED GREEN }
        input Line { sku: String!, quantity: Int! = 1, note: String }
        input Order { lines: [Line!]!, colour: Colour, id: ID, any: Any, price: Float }
        input Choice @oneOf { a: Int b: Int }
        type Query { order(o: Order, n: [[Int]], c: Choice, b: Boolean): Int }";

    fn run(variables: &str, given: Value) -> Result<Value, Vec<String>> {
        let schema = Schema::parse_and_validate(SCHEMA, "s.graphql").unwrap();
        let text = format!("query ({variables}) {{ __typename }}");
        // Unused variables are a validation error of no interest here.
        let document = ExecutableDocument::parse(&schema, text, "q.graphql").unwrap();
        let Value::Object(given) = given else {
            panic!("an object")
        };
        coerce(&schema, &document, document.operations.get(None).unwrap(), given)
            .map(Value::Object)
            .map_err(|refusal| refusal.faults.into_iter().map(|fault| fault.message).collect())
    }

    fn faults(variables: &str, given: Value) -> Vec<String> {
        run(variables, given).unwrap_err()
    }

    #[test]
    fn good_values_pass_and_are_put_in_order() {
        let given = json!({
            "extra": 1, "n": 5,
            "o": {"any": {"x": [1]}, "price": 3, "id": 7, "colour": "RED", "lines": {"sku": "a", "quantity": 2.0}},
        });
        assert_eq!(
            run("$o: Order!, $n: [[Int]], $absent: Int, $d: Colour = GREEN", given)
                .unwrap()
                .to_string(),
            r#"{"o":{"lines":[{"sku":"a","quantity":2}],"colour":"RED","id":"7","any":{"x":[1]},"price":3},"n":[[5]],"d":"GREEN"}"#
        );
        assert_eq!(
            run("$b: Boolean", json!({"b": null})).unwrap(),
            json!({"b": null})
        );
    }

    #[test]
    fn every_fault_names_its_place() {
        let given = json!({"o": {
            "lines": [{"sku": "a", "quantity": 1}, {"quantity": "two", "extra": 1}, null],
            "colour": "BLUE", "id": 1.5, "price": "3",
        }});
        assert_eq!(
            faults("$o: Order!, $x: Int!", given),
            [
                "variable `$o.lines[1].sku`: a value of type String! is required",
                "variable `$o.lines[1].quantity`: expected Int, got a string",
                "variable `$o.lines[1]`: type Line has no field `extra`",
                "variable `$o.lines[2]`: expected Line!, got null",
                "variable `$o.colour`: expected a value of enum Colour, got \"BLUE\"",
                "variable `$o.id`: expected ID, got 1.5",
                "variable `$o.price`: expected Float, got a string",
                "variable `$x`: a value of type Int! is required",
            ]
        );
    }

    #[test]
    fn whole_numbers_have_32_bits() {
        assert_eq!(
            faults("$n: Int", json!({"n": 2_147_483_648_i64})),
            ["variable `$n`: expected Int, got 2147483648"]
        );
        assert_eq!(
            faults("$n: Int", json!({"n": 1.5})),
            ["variable `$n`: expected Int, got 1.5"]
        );
        assert_eq!(
            faults("$n: Int", json!({"n": true})),
            ["variable `$n`: expected Int, got a boolean"]
        );
    }

    #[test]
    fn one_of_takes_exactly_one() {
        assert_eq!(
            run("$c: Choice", json!({"c": {"a": 1}})).unwrap(),
            json!({"c": {"a": 1}})
        );
        let said = ["variable `$c`: exactly one field of Choice must be given, and not null"];
        assert_eq!(faults("$c: Choice", json!({"c": {"a": 1, "b": 2}})), said);
        assert_eq!(faults("$c: Choice", json!({"c": {"a": null}})), said);
    }

    #[test]
    fn a_flood_of_faults_is_cut() {
        let given = json!({"n": vec![json!("x"); 5_000]});
        assert_eq!(faults("$n: [Int]", given).len(), MOST_FAULTS);
    }
}
