//! What mutations answer.

use async_graphql::{ID, SimpleObject};
use lavka_kit::locale::Locale;

use super::nodes::{Category, Product};
use crate::edit::{self, CategoryErrorCode, ImportReport, ProductErrorCode, Refusal};

#[derive(SimpleObject)]
pub struct ProductPayload {
    /// As it is saved; null when it was refused.
    pub product: Option<Product>,
    pub user_errors: Vec<ProductError>,
}

#[derive(SimpleObject)]
pub struct DeleteProductPayload {
    /// The id of the product that is gone.
    pub deleted_id: Option<ID>,
    pub user_errors: Vec<ProductError>,
}

#[derive(SimpleObject)]
pub struct CategoryPayload {
    /// As it is saved; null when it was refused.
    pub category: Option<Category>,
    pub user_errors: Vec<CategoryError>,
}

#[derive(SimpleObject)]
pub struct ImportProductsPayload {
    /// How many products were saved.
    imported: i32,
    /// The lines that were not, and why.
    failed: Vec<ImportFailure>,
    user_errors: Vec<ProductError>,
}

#[derive(SimpleObject)]
pub struct ImportFailure {
    /// Counted from 1.
    line: i32,
    message: String,
}

#[derive(SimpleObject)]
pub struct ProductError {
    code: ProductErrorCode,
    message: String,
    /// The input's field: `["variants", "0", "price"]`.
    field: Option<Vec<String>>,
}

#[derive(SimpleObject)]
pub struct CategoryError {
    code: CategoryErrorCode,
    message: String,
    /// The input's field.
    field: Option<Vec<String>>,
}

impl ProductError {
    pub fn all(refusals: Vec<Refusal<ProductErrorCode>>, locale: Locale) -> Vec<ProductError> {
        let errors = refusals.into_iter().map(|refusal| ProductError {
            code: refusal.code,
            message: refusal.message.get(locale).to_owned(),
            field: Some(refusal.field),
        });
        errors.collect()
    }
}

impl CategoryError {
    pub fn all(refusals: Vec<Refusal<CategoryErrorCode>>, locale: Locale) -> Vec<CategoryError> {
        let errors = refusals.into_iter().map(|refusal| CategoryError {
            code: refusal.code,
            message: refusal.message.get(locale).to_owned(),
            field: Some(refusal.field),
        });
        errors.collect()
    }
}

impl From<ImportReport> for ImportProductsPayload {
    fn from(report: ImportReport) -> ImportProductsPayload {
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        ImportProductsPayload {
            imported: count(report.imported),
            failed: report.failed.into_iter().map(ImportFailure::from).collect(),
            user_errors: Vec::new(),
        }
    }
}

impl From<edit::ImportFailure> for ImportFailure {
    fn from(failure: edit::ImportFailure) -> ImportFailure {
        ImportFailure {
            line: i32::try_from(failure.line).unwrap_or(i32::MAX),
            message: failure.message,
        }
    }
}
