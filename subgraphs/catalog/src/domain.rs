//! What a catalogue is made of, said without a database, a search engine or GraphQL.

mod attribute;
mod category;
mod product;
mod slug;

pub use attribute::{Attribute, AttributeValue, Scalar, ValueRefused};
pub use category::{Category, CategoryTree, DEPTH_MAX};
pub use product::{Image, Product, Variant};
pub use slug::{is_slug, slug_from};
