//! One page of products: matched, filtered, counted, sorted, cut.
//!
//! Filters that a variant answers (price, colour, size) must be answered by *one* variant: a red bag for 9000 and a black one
//! for 5000 is not "red, under 6000". So each variant gets a mask with a bit for each filter that it fails. A product is in the list
//! when one of its variants fails none; it counts in a facet when one of its variants fails none but that facet's own filter.

use std::cmp::Ordering;
use std::collections::HashSet;

use lavka_kit::{ids::Id, locale::Locale};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cursor::{Cursor, Key};
use super::facets::{self, Facet, Tally};
use super::shelf::{Row, Shelf};
use super::terms::{BRAND, TermId};
use crate::domain::CategoryTree;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Sort {
    /// By how well the search matches; without a search, as `Newest`.
    Relevance,
    /// By the price of the cheapest variant that passes the filters, the one that a list shows as "from".
    PriceAsc,
    PriceDesc,
    Newest,
    /// By the title in the reader's language.
    Title,
}

/// What a list is asked for.
pub struct Listing<'a> {
    pub search: Option<&'a str>,
    pub selection: &'a Selection,
    pub sort: Sort,
    pub first: usize,
    pub after: Option<&'a Cursor>,
    pub locale: Locale,
    pub categories: &'a CategoryTree,
    /// Whether somebody wants the facets: counting costs more than the rest.
    pub facets: bool,
}

#[derive(Clone, Debug)]
pub struct Selection {
    /// Category by slug; one that there isn't holds no products.
    pub category: Option<String>,
    pub brands: Option<Vec<String>>,
    pub price: PriceSelection,
    pub attributes: Vec<AttributeSelection>,
    pub published: bool,
}

impl Default for Selection {
    fn default() -> Selection {
        Selection {
            category: None,
            brands: None,
            price: PriceSelection::default(),
            attributes: Vec::new(),
            published: true,
        }
    }
}

/// Minor units, both ends included.
#[derive(Clone, Copy, Debug, Default)]
pub struct PriceSelection {
    pub min: Option<i64>,
    pub max: Option<i64>,
}

/// Any of the values, and, for a number, between the ends.
#[derive(Clone, Debug, Default)]
pub struct AttributeSelection {
    pub name: String,
    pub values: Option<Vec<Value>>,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

pub struct Listed {
    pub hits: Vec<Hit>,
    pub has_next: bool,
    pub has_previous: bool,
    pub total: usize,
    pub facets: Vec<Facet>,
    /// The cheapest and dearest variant of the list as it would be without its price filter.
    pub prices: Option<(i64, i64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: Id,
    pub cursor: Cursor,
}

const PRICE: u64 = 1;
const CATEGORY: u64 = 2;
const FIRST_DIMENSION: u32 = 2;
/// Filters on attributes that one list may have: the bits that are left.
pub const ATTRIBUTES_MAX: usize = 60;

/// The filters, made ready: what each term satisfies, and which bit belongs to which dimension.
pub(super) struct Filters {
    all: u64,
    /// By term: the bit of the filter that it satisfies, if any.
    satisfies: Vec<u64>,
    /// By term: whether the shopper named it.
    pub selected: HashSet<TermId>,
    /// By term: the bits of all filters on its dimension, satisfied by it or not.
    concerns: Vec<u64>,
    family: Option<HashSet<Id>>,
    price: PriceSelection,
}

struct Match<'a> {
    row: &'a Row,
    score: f32,
    price: i64,
}

pub(super) fn list(shelf: &Shelf, found: Option<Vec<(u32, f32)>>, listing: &Listing<'_>) -> Listed {
    let filters = Filters::new(shelf, listing.selection, listing.categories);
    let mut tally = listing.facets.then(|| Tally::new(shelf));
    let mut matches = Vec::new();
    let mut look_at = |slot: u32, row, score| {
        matches.extend(judge(
            row,
            slot,
            score,
            &filters,
            listing.selection.published,
            tally.as_mut(),
        ));
    };
    let searched = found.is_some();
    match found {
        Some(found) => {
            for (slot, score) in found {
                if let Some(row) = shelf.get(slot) {
                    look_at(slot, row, score);
                }
            }
        }
        None => shelf.rows().for_each(|(slot, row)| look_at(slot, row, 0.0)),
    }

    let order = Order {
        sort: listing.sort,
        searched,
        locale: listing.locale,
    };
    let total = matches.len();
    let place = listing.after.map(|after| order.place(after, &matches));
    if let Some((key, id)) = &place {
        matches.retain(|found| {
            order.compare((&order.key(found), found.row.id), (key, *id)) == Ordering::Greater
        });
    }
    let has_previous = matches.len() < total;
    let by_order =
        |a: &Match<'_>, b: &Match<'_>| order.compare((&order.key(a), a.row.id), (&order.key(b), b.row.id));
    let has_next = matches.len() > listing.first;
    if has_next && listing.first > 0 {
        matches.select_nth_unstable_by(listing.first - 1, by_order);
    }
    matches.truncate(listing.first);
    matches.sort_unstable_by(by_order);

    let hits = matches.iter().map(|found| Hit {
        id: found.row.id,
        cursor: Cursor {
            sort: listing.sort,
            key: order.key(found),
            id: found.row.id,
        },
    });
    let hits = hits.collect();
    let prices = tally.as_ref().and_then(|tally| tally.prices);
    let facets = tally
        .map(|tally| facets::from(tally, shelf, &filters, listing))
        .unwrap_or_default();
    Listed {
        hits,
        has_next,
        has_previous,
        total,
        facets,
        prices,
    }
}

fn judge<'a>(
    row: &'a Row,
    slot: u32,
    score: f32,
    filters: &Filters,
    published: bool,
    mut tally: Option<&mut Tally>,
) -> Option<Match<'a>> {
    if row.published != published {
        return None;
    }
    let satisfied = |terms: &[TermId]| {
        terms
            .iter()
            .fold(0, |bits, term| bits | filters.satisfies[term.0 as usize])
    };
    let everywhere = satisfied(&row.terms);
    let misplaced = match &filters.family {
        Some(family) if !family.contains(&row.category) => CATEGORY,
        _ => 0,
    };
    let mut price: Option<i64> = None;
    for variant in &row.variants {
        let mut failed = filters.all & !(everywhere | satisfied(&variant.terms)) | misplaced;
        if filters.price.min.is_some_and(|min| variant.price < min)
            || filters.price.max.is_some_and(|max| variant.price > max)
        {
            failed |= PRICE;
        }
        if failed == 0 {
            price = Some(price.map_or(variant.price, |lowest| lowest.min(variant.price)));
        }
        let Some(tally) = tally.as_deref_mut() else {
            continue;
        };
        if failed & !PRICE == 0 {
            tally.price(variant.price);
        }
        if failed & !CATEGORY == 0 {
            tally.category(slot, row.category);
        }
        if failed == 0 {
            tally.terms(slot, row.terms.iter().chain(&variant.terms).copied());
        } else if failed.is_power_of_two() && failed & (PRICE | CATEGORY) == 0 {
            let own = |term: &TermId| filters.concerns[term.0 as usize] == failed;
            tally.terms(slot, row.terms.iter().chain(&variant.terms).copied().filter(own));
        }
    }
    price.map(|price| Match { row, score, price })
}

impl Filters {
    fn new(shelf: &Shelf, selection: &Selection, categories: &CategoryTree) -> Filters {
        let mut filters = Filters {
            all: 0,
            satisfies: vec![0; shelf.terms.len()],
            selected: HashSet::new(),
            concerns: vec![0; shelf.terms.len()],
            family: selection.category.as_ref().map(|slug| {
                categories
                    .by_slug(slug)
                    .map(|category| categories.family(category.id))
                    .unwrap_or_default()
            }),
            price: selection.price,
        };
        let brands = selection.brands.as_ref().map(|brands| AttributeSelection {
            name: BRAND.to_owned(),
            values: Some(brands.iter().cloned().map(Value::String).collect()),
            ..AttributeSelection::default()
        });
        let attributes = brands
            .iter()
            .chain(&selection.attributes)
            .take(ATTRIBUTES_MAX + 1);
        for (at, attribute) in attributes.enumerate() {
            let bit = 1 << (FIRST_DIMENSION + at as u32);
            // A filter on what no product has is satisfied by none.
            filters.all |= bit;
            let Some(dimension) = shelf.terms.dimension(&attribute.name) else {
                continue;
            };
            for (id, term) in shelf.terms.iter().filter(|(_, term)| term.dimension == dimension) {
                filters.concerns[id.0 as usize] |= bit;
                let named = attribute
                    .values
                    .as_ref()
                    .map(|values| values.iter().any(|value| term.is(value)));
                if named == Some(true) {
                    filters.selected.insert(id);
                }
                let ranged = attribute.min.is_some() || attribute.max.is_some();
                let in_range = !ranged
                    || term.number.is_some_and(|number| {
                        attribute.min.is_none_or(|min| number >= min)
                            && attribute.max.is_none_or(|max| number <= max)
                    });
                if named.unwrap_or(true) && in_range {
                    filters.satisfies[id.0 as usize] |= bit;
                }
            }
        }
        filters
    }
}

/// The total order of a list: by key, then by id.
struct Order {
    sort: Sort,
    searched: bool,
    locale: Locale,
}

impl Order {
    fn key(&self, found: &Match<'_>) -> Key {
        match self.sort {
            Sort::Relevance if self.searched => Key::Score(found.score),
            Sort::PriceAsc | Sort::PriceDesc => Key::Number(found.price),
            Sort::Title => {
                let [ru, en] = &found.row.title_keys;
                Key::Text(self.locale.pick(ru, en).to_owned())
            }
            Sort::Relevance | Sort::Newest => Key::Number(found.row.created),
        }
    }

    /// Where the page before ended. Scores shift with every product that is saved anywhere, so by relevance the place is
    /// where the last product stands *now*; its old score only serves when it is gone.
    fn place(&self, after: &Cursor, matches: &[Match<'_>]) -> (Key, Id) {
        let mut key = after.key.clone();
        if let Key::Score(_) = key
            && let Some(found) = matches.iter().find(|found| found.row.id == after.id)
        {
            key = self.key(found);
        }
        (key, after.id)
    }

    fn compare(&self, a: (&Key, Id), b: (&Key, Id)) -> Ordering {
        let by_key = match (a.0, b.0) {
            (Key::Number(a), Key::Number(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Score(a), Key::Score(b)) => a.total_cmp(b),
            // A cursor of a search for a list without one, or the other way round: the id alone decides.
            _ => Ordering::Equal,
        };
        match self.sort {
            Sort::PriceAsc | Sort::Title => by_key.then(a.1.cmp(&b.1)),
            Sort::PriceDesc => by_key.reverse().then(a.1.cmp(&b.1)),
            Sort::Relevance | Sort::Newest => by_key.then(a.1.cmp(&b.1)).reverse(),
        }
    }
}
