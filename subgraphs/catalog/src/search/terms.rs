//! Attribute values as small numbers. "Латунь" on ten thousand lamps is one *term*; a row of the shelf holds its
//! number, and counting a facet is adding one in an array.

use std::collections::HashMap;

use lavka_kit::locale::Text;

use crate::domain::{Attribute, Scalar};

/// The facet of brands: not an attribute, but a shopper filters by it as by one.
pub const BRAND: &str = "brand";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dimension(pub u32);

pub struct Term {
    pub dimension: Dimension,
    pub value: Scalar,
    /// The value, if it is a number: for ranges.
    pub number: Option<f64>,
}

/// What all attributes of one name have in common.
pub struct DimensionFacts {
    pub name: String,
    pub label: Text,
    pub unit: Option<String>,
}

/// Grows only: a value that no product has any more costs its few bytes until the next start.
#[derive(Default)]
pub struct Terms {
    dimensions: Vec<DimensionFacts>,
    by_name: HashMap<String, Dimension>,
    terms: Vec<Term>,
    by_value: HashMap<(Dimension, Key), TermId>,
}

/// A scalar that can be a key: 1 and 1.0 are one number.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Flag(bool),
    Number(u64),
    Word(String),
    Words(Text),
}

impl Terms {
    /// The terms of an attribute; new ones are remembered, and so is its latest label.
    pub fn intern(&mut self, attribute: &Attribute) -> impl Iterator<Item = TermId> {
        let dimension = self.dimension_of(&attribute.name, &attribute.label, attribute.unit.as_deref());
        attribute
            .value
            .scalars()
            .iter()
            .map(move |value| self.term(dimension, value))
    }

    pub fn intern_brand(&mut self, brand: &str) -> TermId {
        let dimension = self.dimension_of(BRAND, &Text::new("Бренд", "Brand"), None);
        self.term(dimension, &Scalar::Word(brand.to_owned()))
    }

    fn dimension_of(&mut self, name: &str, label: &Text, unit: Option<&str>) -> Dimension {
        if let Some(&dimension) = self.by_name.get(name) {
            let facts = &mut self.dimensions[dimension.0 as usize];
            if !label.is_empty() && facts.label != *label {
                facts.label = label.clone();
            }
            if unit.is_some() && facts.unit.as_deref() != unit {
                facts.unit = unit.map(str::to_owned);
            }
            return dimension;
        }
        let dimension = Dimension(self.dimensions.len() as u32);
        self.dimensions.push(DimensionFacts {
            name: name.to_owned(),
            label: label.clone(),
            unit: unit.map(str::to_owned),
        });
        self.by_name.insert(name.to_owned(), dimension);
        dimension
    }

    fn term(&mut self, dimension: Dimension, value: &Scalar) -> TermId {
        let number = match value {
            Scalar::Number(number) => number.as_f64(),
            _ => None,
        };
        let key = match value {
            Scalar::Flag(flag) => Key::Flag(*flag),
            // Adding zero makes -0 the 0 that it equals.
            Scalar::Number(_) => Key::Number((number.unwrap_or(f64::NAN) + 0.0).to_bits()),
            Scalar::Word(word) => Key::Word(word.clone()),
            Scalar::Words(text) => Key::Words(text.clone()),
        };
        *self.by_value.entry((dimension, key)).or_insert_with(|| {
            self.terms.push(Term {
                dimension,
                value: value.clone(),
                number,
            });
            TermId(self.terms.len() as u32 - 1)
        })
    }

    pub fn dimension(&self, name: &str) -> Option<Dimension> {
        self.by_name.get(name).copied()
    }

    pub fn facts(&self, dimension: Dimension) -> &DimensionFacts {
        &self.dimensions[dimension.0 as usize]
    }

    pub fn get(&self, term: TermId) -> &Term {
        &self.terms[term.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (TermId, &Term)> {
        self.terms
            .iter()
            .enumerate()
            .map(|(at, term)| (TermId(at as u32), term))
    }

    pub fn len(&self) -> usize {
        self.terms.len()
    }
}

impl Term {
    /// Whether a client that sent this JSON value meant this term: either language's form does.
    pub fn is(&self, value: &serde_json::Value) -> bool {
        match (&self.value, value) {
            (Scalar::Flag(flag), serde_json::Value::Bool(asked)) => flag == asked,
            (Scalar::Number(_), serde_json::Value::Number(asked)) => self.number == asked.as_f64(),
            (Scalar::Word(_) | Scalar::Words(_), serde_json::Value::String(asked)) => {
                self.value.words().any(|word| word == asked)
            }
            _ => false,
        }
    }
}
