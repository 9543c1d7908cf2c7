//! Facets: what a shopper could filter by, with how many products each choice would show.

use std::cmp::Reverse;
use std::collections::HashMap;

use lavka_kit::{
    ids::Id,
    locale::{Locale, Text},
};
use serde_json::Value;

use super::listing::{Filters, Listing};
use super::shelf::Shelf;
use super::terms::{BRAND, Dimension, TermId};
use crate::domain::Scalar;

/// The name of the facet of categories; like `brand` it is not an attribute's.
pub const CATEGORY: &str = "category";
/// The attributes that most products of the list have come first; more than these are a catalogue, not a choice.
const FACETS_MAX: usize = 24;
const VALUES_MAX: usize = 100;

#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    pub name: String,
    pub label: String,
    pub unit: Option<String>,
    pub values: Vec<FacetValue>,
    /// The ends, where all values are numbers.
    pub range: Option<(f64, f64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FacetValue {
    pub value: Value,
    pub label: String,
    pub count: usize,
    pub selected: bool,
}

/// The counts of one list. A product counts once for a term, however many of its variants have it.
pub struct Tally {
    counts: Vec<u32>,
    /// By term: the slot that was counted last, plus one.
    last: Vec<u32>,
    categories: HashMap<Id, u32>,
    last_placed: Option<u32>,
    pub prices: Option<(i64, i64)>,
}

impl Tally {
    pub fn new(shelf: &Shelf) -> Tally {
        let terms = shelf.terms.len();
        Tally {
            counts: vec![0; terms],
            last: vec![0; terms],
            categories: HashMap::new(),
            last_placed: None,
            prices: None,
        }
    }

    pub fn terms(&mut self, slot: u32, terms: impl Iterator<Item = TermId>) {
        for term in terms {
            let at = term.0 as usize;
            if self.last[at] != slot + 1 {
                self.last[at] = slot + 1;
                self.counts[at] += 1;
            }
        }
    }

    pub fn category(&mut self, slot: u32, category: Id) {
        if self.last_placed != Some(slot) {
            self.last_placed = Some(slot);
            *self.categories.entry(category).or_default() += 1;
        }
    }

    pub fn price(&mut self, price: i64) {
        let (min, max) = self.prices.unwrap_or((price, price));
        self.prices = Some((min.min(price), max.max(price)));
    }
}

pub(super) fn from(tally: Tally, shelf: &Shelf, filters: &Filters, listing: &Listing<'_>) -> Vec<Facet> {
    let mut facets: Vec<Facet> = categories(&tally, listing).into_iter().collect();
    let mut by_dimension: HashMap<Dimension, (u32, Vec<TermId>)> = HashMap::new();
    for (id, term) in shelf.terms.iter() {
        let count = tally.counts[id.0 as usize];
        if count > 0 || filters.selected.contains(&id) {
            let (all, terms) = by_dimension.entry(term.dimension).or_default();
            *all += count;
            terms.push(id);
        }
    }
    let mut dimensions: Vec<_> = by_dimension.into_iter().collect();
    let first = |dimension: Dimension, terms: &[TermId]| {
        let brand = shelf.terms.facts(dimension).name == BRAND;
        let selected = terms.iter().any(|term| filters.selected.contains(term));
        (!brand, !selected)
    };
    dimensions.sort_by_cached_key(|(dimension, (all, terms))| {
        (first(*dimension, terms), Reverse(*all), *dimension)
    });
    dimensions.truncate(FACETS_MAX);
    // Selected ones were only first so as not to be cut off: a facet that jumps up when it is ticked is a nuisance.
    dimensions.sort_by_cached_key(|(dimension, (all, terms))| {
        (first(*dimension, terms).0, Reverse(*all), *dimension)
    });
    facets.extend(
        dimensions.into_iter().map(|(dimension, (_, terms))| {
            attribute(dimension, &terms, &tally, shelf, filters, listing.locale)
        }),
    );
    facets
}

fn attribute(
    dimension: Dimension,
    terms: &[TermId],
    tally: &Tally,
    shelf: &Shelf,
    filters: &Filters,
    locale: Locale,
) -> Facet {
    let facts = shelf.terms.facts(dimension);
    let mut values: Vec<FacetValue> = Vec::with_capacity(terms.len());
    let mut numbers: Option<(f64, f64)> = None;
    let mut only_numbers = true;
    for &id in terms {
        let term = shelf.terms.get(id);
        match term.number {
            Some(number) => {
                let (min, max) = numbers.unwrap_or((number, number));
                numbers = Some((min.min(number), max.max(number)));
            }
            None => only_numbers = false,
        }
        let value = term.value.to_json(locale);
        let (count, selected) = (
            tally.counts[id.0 as usize] as usize,
            filters.selected.contains(&id),
        );
        // "oak" and {"ru": "дуб", "en": "oak"} are two terms, and one choice to an English reader.
        let same = match &term.value {
            Scalar::Word(_) | Scalar::Words(_) => values.iter_mut().find(|known| known.value == value),
            Scalar::Flag(_) | Scalar::Number(_) => None,
        };
        match same {
            Some(known) => {
                known.count += count;
                known.selected |= selected;
            }
            None => {
                let label = label_of(&value, facts.unit.as_deref(), locale);
                values.push(FacetValue {
                    value,
                    label,
                    count,
                    selected,
                });
            }
        }
    }
    if values.len() > VALUES_MAX {
        values.sort_by_key(|value| (!value.selected, Reverse(value.count)));
        values.truncate(VALUES_MAX);
    }
    values.sort_by(|a, b| match (&a.value, &b.value) {
        (Value::Number(a), Value::Number(b)) => a
            .as_f64()
            .unwrap_or_default()
            .total_cmp(&b.as_f64().unwrap_or_default()),
        (Value::Bool(a), Value::Bool(b)) => b.cmp(a),
        _ => b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)),
    });
    Facet {
        name: facts.name.clone(),
        label: if facts.label.is_empty() {
            facts.name.clone()
        } else {
            facts.label.get(locale).to_owned()
        },
        unit: facts.unit.clone(),
        values,
        range: numbers.filter(|_| only_numbers),
    }
}

fn label_of(value: &Value, unit: Option<&str>, locale: Locale) -> String {
    match (value, unit) {
        (Value::Bool(true), _) => locale.pick("да", "yes").to_owned(),
        (Value::Bool(false), _) => locale.pick("нет", "no").to_owned(),
        (Value::String(text), _) => text.clone(),
        (number, Some(unit)) => format!("{number} {unit}"),
        (number, None) => number.to_string(),
    }
}

/// Each category with what is in it and below it, in the tree's order.
fn categories(tally: &Tally, listing: &Listing<'_>) -> Option<Facet> {
    let mut counts: HashMap<Id, u32> = HashMap::new();
    for (&category, &count) in &tally.categories {
        for above in listing.categories.lineage(category) {
            *counts.entry(above.id).or_default() += count;
        }
    }
    let asked = listing.selection.category.as_deref();
    let mut values = Vec::new();
    let mut next: Vec<_> = listing.categories.roots().collect();
    next.reverse();
    while let Some(category) = next.pop() {
        let count = counts.get(&category.id).copied().unwrap_or_default();
        let selected = asked == Some(category.slug.as_str());
        if count > 0 || selected {
            values.push(FacetValue {
                value: Value::String(category.slug.clone()),
                label: category.title.get(listing.locale).to_owned(),
                count: count as usize,
                selected,
            });
        }
        let children: Vec<_> = listing.categories.children(category.id).collect();
        next.extend(children.into_iter().rev());
    }
    let label = Text::new("Категория", "Category").get(listing.locale).to_owned();
    (!values.is_empty()).then(|| Facet {
        name: CATEGORY.to_owned(),
        label,
        unit: None,
        values,
        range: None,
    })
}
