//! Attributes are what makes the schema flexible: a lamp has a socket, a book has pages. A value is JSON, but of
//! few shapes, because a shopper must be able to filter by it: a truth, a number, a text, a text in two languages,
//! or a list of those.

use lavka_kit::locale::{Locale, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// The longest list and the longest text that one attribute may hold.
const LIST_MAX: usize = 50;
const TEXT_MAX: usize = 500;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    pub name: String,
    #[serde(default)]
    pub label: Text,
    pub value: AttributeValue,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    One(Scalar),
    Many(Vec<Scalar>),
}

/// One thing that a facet can count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Flag(bool),
    Number(Number),
    /// The same in every language: "E27", "USB-C".
    Word(String),
    /// `{"ru": "дуб", "en": "oak"}`; a query gets the form of its own language.
    Words(Text),
}

/// Why a JSON value can't be an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRefused {
    Null,
    EmptyText,
    TextTooLong,
    UnknownForm,
    EmptyList,
    ListTooLong,
    NestedList,
}

impl AttributeValue {
    pub fn parse(value: &Value) -> Result<AttributeValue, ValueRefused> {
        let Value::Array(items) = value else {
            return Scalar::parse(value).map(AttributeValue::One);
        };
        match items.len() {
            0 => Err(ValueRefused::EmptyList),
            n if n > LIST_MAX => Err(ValueRefused::ListTooLong),
            _ => items
                .iter()
                .map(Scalar::parse)
                .collect::<Result<_, _>>()
                .map(AttributeValue::Many),
        }
    }

    pub fn scalars(&self) -> &[Scalar] {
        match self {
            AttributeValue::One(scalar) => std::slice::from_ref(scalar),
            AttributeValue::Many(scalars) => scalars,
        }
    }

    pub fn to_json(&self, locale: Locale) -> Value {
        match self {
            AttributeValue::One(scalar) => scalar.to_json(locale),
            AttributeValue::Many(scalars) => scalars.iter().map(|scalar| scalar.to_json(locale)).collect(),
        }
    }
}

impl Scalar {
    fn parse(value: &Value) -> Result<Scalar, ValueRefused> {
        match value {
            Value::Null => Err(ValueRefused::Null),
            Value::Bool(flag) => Ok(Scalar::Flag(*flag)),
            Value::Number(number) => Ok(Scalar::Number(number.clone())),
            Value::String(word) => short(word).map(Scalar::Word),
            Value::Array(_) => Err(ValueRefused::NestedList),
            Value::Object(forms) => {
                let mut text = Text::default();
                for (language, form) in forms {
                    let slot = match language.as_str() {
                        "ru" => &mut text.ru,
                        "en" => &mut text.en,
                        _ => return Err(ValueRefused::UnknownForm),
                    };
                    *slot = match form {
                        Value::String(form) => Some(short(form)?),
                        Value::Null => None,
                        _ => return Err(ValueRefused::UnknownForm),
                    };
                }
                if text.ru.is_none() && text.en.is_none() {
                    return Err(ValueRefused::EmptyText);
                }
                Ok(Scalar::Words(text))
            }
        }
    }

    pub fn to_json(&self, locale: Locale) -> Value {
        match self {
            Scalar::Flag(flag) => Value::Bool(*flag),
            Scalar::Number(number) => Value::Number(number.clone()),
            Scalar::Word(word) => Value::String(word.clone()),
            Scalar::Words(text) => Value::String(text.get(locale).to_owned()),
        }
    }

    /// The texts of this value, for the search index.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Scalar::Flag(_) | Scalar::Number(_) => (None, None),
            Scalar::Word(word) => (Some(word.as_str()), None),
            Scalar::Words(text) => (text.ru.as_deref(), text.en.as_deref()),
        };
        first.into_iter().chain(second)
    }
}

fn short(text: &str) -> Result<String, ValueRefused> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(ValueRefused::EmptyText),
        n if n > TEXT_MAX => Err(ValueRefused::TextTooLong),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(value: Value) -> (Value, Value) {
        let value = AttributeValue::parse(&value).expect("a good value");
        (value.to_json(Locale::Ru), value.to_json(Locale::En))
    }

    #[test]
    fn a_value_keeps_its_json_type() {
        assert_eq!(shown(json!(true)), (json!(true), json!(true)));
        assert_eq!(shown(json!(2700)), (json!(2700), json!(2700)));
        assert_eq!(shown(json!(1.5)), (json!(1.5), json!(1.5)));
        assert_eq!(shown(json!(" E27 ")), (json!("E27"), json!("E27")));
        assert_eq!(
            shown(json!(["USB-C", 3])),
            (json!(["USB-C", 3]), json!(["USB-C", 3]))
        );
    }

    #[test]
    fn a_text_in_two_languages_shows_the_reader_s_form_or_else_the_other() {
        assert_eq!(
            shown(json!({"ru": "дуб", "en": "oak"})),
            (json!("дуб"), json!("oak"))
        );
        assert_eq!(shown(json!({"ru": "дуб"})), (json!("дуб"), json!("дуб")));
    }

    #[test]
    fn what_nobody_could_filter_by_is_refused() {
        let refused = |value| AttributeValue::parse(&value).expect_err("a bad value");
        assert_eq!(refused(json!(null)), ValueRefused::Null);
        assert_eq!(refused(json!("  ")), ValueRefused::EmptyText);
        assert_eq!(refused(json!({})), ValueRefused::EmptyText);
        assert_eq!(refused(json!({"de": "Eiche"})), ValueRefused::UnknownForm);
        assert_eq!(refused(json!({"ru": 1})), ValueRefused::UnknownForm);
        assert_eq!(refused(json!([])), ValueRefused::EmptyList);
        assert_eq!(refused(json!([[1]])), ValueRefused::NestedList);
        assert_eq!(refused(json!([null])), ValueRefused::Null);
        assert_eq!(refused(json!("я".repeat(501))), ValueRefused::TextTooLong);
        assert_eq!(
            refused(Value::Array(vec![json!(1); 51])),
            ValueRefused::ListTooLong
        );
    }

    #[test]
    fn a_stored_value_reads_back_as_it_was() {
        for value in [
            json!(true),
            json!(7),
            json!("E27"),
            json!({"ru": "дуб", "en": "oak"}),
            json!([1, "x"]),
        ] {
            let value = AttributeValue::parse(&value).expect("a good value");
            let stored = serde_json::to_string(&value).expect("json");
            assert_eq!(
                serde_json::from_str::<AttributeValue>(&stored).expect("reads back"),
                value
            );
        }
    }
}
