//! Finding products: full-text search, filters, facets, sorts and pages over everything that is for sale.
//!
//! The difficulty is that one page asks all of these at once. "лампа под 5000, латунь, cheapest first" needs the text
//! matches, and of them those that pass every filter, and for each filter the counts as they would be *without that
//! filter* (so that a shopper who ticked "brass" still sees how many "steel" there are), and of the result a small piece
//! that continues exactly after the last one. A text engine alone answers the first part only; a database answers the rest
//! badly.
//!
//! So there are two structures side by side, both in memory, both rebuilt from the store at the start:
//!
//! - [`text_index`]: tantivy in a RAM directory. It answers one question: which products match these words, how well.
//!   In RAM, because the store is the truth and the index is worth a few seconds of reading it: no second thing on the
//!   disk that can be stale, corrupt or of an older version, and every replica has its own.
//! - [`shelf`]: for each product a compact row (prices, interned attribute values, sort keys; no texts), enough to
//!   filter, count and sort a hundred thousand products in some milliseconds. The documents themselves stay in the store
//!   and are read by id for the page that is shown, so prices are always the store's.
//!
//! A save changes the store first, then this module ([`Finder::put`]); other replicas hear of it by
//! `lavka.catalog` events and do the same (`follow.rs`).

mod analysis;
mod cursor;
mod facets;
mod finder;
mod listing;
mod shelf;
mod suggest;
mod terms;
mod text_index;
mod text_query;

pub use cursor::Cursor;
pub use facets::{CATEGORY, Facet, FacetValue};
pub use finder::{Finder, SearchError};
pub use listing::{AttributeSelection, Listed, Listing, PriceSelection, Selection, Sort};
