//! The catalogue: products with free attributes, their variants and categories; finding them; and the staff's work on them.
//!
//! - [`domain`]: what a product is;
//! - [`store`]: where products are kept: a port, and SQLite below it;
//! - [`recent`]: what was read a moment ago; [`readable`]: what can be read at all;
//! - [`search`]: how they are found: the text index, facets, filters, sorts, pages;
//! - [`edit`]: how they come to be: save, delete, import;
//! - [`catalog`], [`follow`]: the service, and how its replicas keep in step;
//! - [`graphql`]: the schema; [`media`]: the pictures that the program draws itself;
//! - [`start`]: all of it put together.

mod catalog;
mod config;
mod domain;
mod edit;
mod follow;
mod graphql;
mod media;
mod readable;
mod recent;
mod search;
mod start;
mod store;
#[cfg(test)]
mod testing;

pub use config::Config;
pub use edit::{Existing, ImportFailure, ImportReport};
pub use start::{import_categories, import_file, import_file as import_products, start};
