//! Products, categories, search.
