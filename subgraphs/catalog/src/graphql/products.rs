//! The list of products: its filter, its facets, its pages.

use async_graphql::{ComplexObject, Enum, InputObject, Result, SimpleObject};
use lavka_kit::{
    errors::{fault, invalid},
    graphql::{PageInfo, encode_cursor},
    money::{Currency, Decimal, Money},
};
use serde_json::Value;

use super::load::Key;
use super::nodes::{PriceRange, Product};
use crate::catalog::Catalog;
use crate::search::{self, AttributeSelection, Listed, PriceSelection, Selection, Sort};

const FILTERS_MAX: usize = 30;
const VALUES_MAX: usize = 100;

/// Which products. Filters of a variant (price, colour, size) must all be passed by one and the same variant.
#[derive(Default, InputObject)]
pub struct ProductFilter {
    /// A category's slug; what is below it is included.
    category: Option<String>,
    /// Any of these brands.
    brands: Option<Vec<String>>,
    price: Option<PriceFilter>,
    attributes: Option<Vec<AttributeFilter>>,
    /// false, for staff only: the products that shoppers can't see.
    #[graphql(default_with = "Some(true)")]
    is_published: Option<bool>,
}

/// In the store's currency, both ends included.
#[derive(InputObject)]
pub struct PriceFilter {
    min: Option<Decimal>,
    max: Option<Decimal>,
}

/// An attribute that has any of the values, or lies between the ends.
#[derive(InputObject)]
pub struct AttributeFilter {
    /// As the facet is named; `brand` and `category` work too.
    name: String,
    /// As the facet shows them.
    values: Option<Vec<Value>>,
    min: Option<Decimal>,
    max: Option<Decimal>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ProductSort {
    /// By how well the search matches; the newest first when nothing is searched.
    Relevance,
    /// By the cheapest variant that passes the filter.
    PriceAsc,
    PriceDesc,
    Newest,
    /// By the title in the language of the answer.
    Title,
}

impl From<ProductSort> for Sort {
    fn from(sort: ProductSort) -> Sort {
        match sort {
            ProductSort::Relevance => Sort::Relevance,
            ProductSort::PriceAsc => Sort::PriceAsc,
            ProductSort::PriceDesc => Sort::PriceDesc,
            ProductSort::Newest => Sort::Newest,
            ProductSort::Title => Sort::Title,
        }
    }
}

impl ProductFilter {
    pub fn selection(self, currency: Currency) -> Result<Selection> {
        let attributes = self.attributes.unwrap_or_default();
        if attributes.len() > FILTERS_MAX {
            return Err(invalid(format!(
                "at most {FILTERS_MAX} attributes can be filtered by at once"
            )));
        }
        let mut selection = Selection {
            category: self.category,
            brands: self.brands.filter(|brands| !brands.is_empty()),
            price: PriceSelection::default(),
            attributes: Vec::with_capacity(attributes.len()),
            published: self.is_published.unwrap_or(true),
        };
        if let Some(price) = self.price {
            let minor = |end: Option<Decimal>, name: &str| {
                let money = end.map(|end| end.to_money(currency)).transpose();
                let refused = |error| invalid(format!("`filter.price.{name}`: {error}"));
                money.map(|money| money.map(|money| money.minor)).map_err(refused)
            };
            selection.price = PriceSelection {
                min: minor(price.min, "min")?,
                max: minor(price.max, "max")?,
            };
        }
        for filter in attributes {
            let values = filter.values.filter(|values| !values.is_empty());
            if values.as_ref().is_some_and(|values| values.len() > VALUES_MAX) {
                return Err(invalid(format!(
                    "at most {VALUES_MAX} values of `{}` can be chosen",
                    filter.name
                )));
            }
            let (min, max) = (number(filter.min.as_ref()), number(filter.max.as_ref()));
            if filter.name == search::CATEGORY {
                // A shelf has one place for a category; a client that treats all facets alike sends it here.
                let chosen = values
                    .as_deref()
                    .and_then(<[Value]>::first)
                    .and_then(Value::as_str);
                selection.category = selection.category.or_else(|| chosen.map(str::to_owned));
            } else if values.is_some() || min.is_some() || max.is_some() {
                selection.attributes.push(AttributeSelection {
                    name: filter.name,
                    values,
                    min,
                    max,
                });
            }
        }
        Ok(selection)
    }
}

fn number(decimal: Option<&Decimal>) -> Option<f64> {
    decimal.and_then(|decimal| decimal.as_str().parse().ok())
}

/// A page of products, and what they could be filtered by.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ProductConnection {
    edges: Vec<ProductEdge>,
    page_info: PageInfo,
    /// How many there are on all pages together.
    total_count: i32,
    /// The choices, counted over all pages. The counts of a facet ignore what is chosen in that facet: they tell what a
    /// shopper would see who chose otherwise.
    facets: Vec<Facet>,
    /// From the cheapest to the dearest variant of the list as it would be without its price filter.
    price_range: Option<PriceRange>,
}

/// A product and its place in the list.
#[derive(SimpleObject)]
pub struct ProductEdge {
    /// Give it as `after` to get what follows.
    cursor: String,
    node: Product,
}

/// Something to filter by: `category`, `brand`, or an attribute.
#[derive(SimpleObject)]
pub struct Facet {
    /// For `AttributeFilter.name`.
    name: String,
    label: String,
    /// Of a number: "W", "cm".
    unit: Option<String>,
    values: Vec<FacetValue>,
    /// The least and the greatest value, where all are numbers.
    min: Option<Decimal>,
    max: Option<Decimal>,
}

#[derive(SimpleObject)]
pub struct FacetValue {
    /// For `AttributeFilter.values`.
    value: Value,
    /// As people read it: "40 W", "yes", a category's title.
    label: String,
    count: i32,
    selected: bool,
}

#[ComplexObject]
impl ProductConnection {
    /// The products alone.
    async fn nodes(&self) -> Vec<&Product> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }
}

impl ProductConnection {
    pub async fn of(listed: Listed, catalog: &Catalog) -> Result<ProductConnection> {
        let ids: Vec<Key> = listed.hits.iter().map(|hit| Key::Id(hit.id)).collect();
        let mut products = catalog.shown_products(&ids).await.map_err(fault)?;
        let edges = listed.hits.iter().filter_map(|hit| {
            // One that was deleted this moment on another replica is left out; one that was unpublished too.
            let product = products.remove(&Key::Id(hit.id))?;
            let cursor = encode_cursor(&hit.cursor.write());
            Some(ProductEdge {
                cursor,
                node: Product(product),
            })
        });
        let edges: Vec<ProductEdge> = edges.collect();
        let page_info = PageInfo {
            has_next_page: listed.has_next,
            has_previous_page: listed.has_previous,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        let price = |minor| Money::new(minor, catalog.currency);
        Ok(ProductConnection {
            edges,
            page_info,
            total_count: count(listed.total),
            facets: listed.facets.into_iter().map(Facet::from).collect(),
            price_range: listed.prices.map(|(min, max)| PriceRange {
                min: price(min),
                max: price(max),
            }),
        })
    }
}

impl From<search::Facet> for Facet {
    fn from(facet: search::Facet) -> Facet {
        let (min, max) = facet.range.unzip();
        Facet {
            name: facet.name,
            label: facet.label,
            unit: facet.unit,
            values: facet.values.into_iter().map(FacetValue::from).collect(),
            min: min.and_then(decimal),
            max: max.and_then(decimal),
        }
    }
}

impl From<search::FacetValue> for FacetValue {
    fn from(value: search::FacetValue) -> FacetValue {
        FacetValue {
            value: value.value,
            label: value.label,
            count: count(value.count),
            selected: value.selected,
        }
    }
}

/// Rust writes an f64 without an exponent. One that is longer than a Decimal may be is nothing to slide to.
fn decimal(number: f64) -> Option<Decimal> {
    number.to_string().parse().ok()
}

fn count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
