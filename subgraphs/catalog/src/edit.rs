//! What staff do with the catalogue: one operation a file.

mod delete_product;
mod draft;
mod import;
mod refusal;
mod save_category;
mod save_product;

pub use draft::SaveProductInput;
pub use import::{Existing, ImportFailure, ImportReport};
pub use refusal::{CategoryErrorCode, ProductErrorCode, Refusal};
pub use save_category::SaveCategoryInput;
