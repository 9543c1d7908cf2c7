//! Take a product out of the catalogue for good. Orders keep what they have written down of it.

use lavka_kit::{events::catalog::ProductDeleted, ids::Id};

use super::refusal::Refused;
use super::save_product::not_found;
use crate::catalog::{Catalog, CatalogError};

impl Catalog {
    pub async fn delete_product(&self, id: Option<Id>) -> Result<Refused<Id>, CatalogError> {
        let Some(id) = id else {
            return Ok(Err(vec![not_found()]));
        };
        let event = self.event(id, &ProductDeleted { product_id: id })?;
        if !self.store.delete_product(id, &event).await? {
            return Ok(Err(vec![not_found()]));
        }
        if let Err(error) = self.find(move |finder| finder.remove(&[id])).await {
            tracing::error!(
                error = lavka_kit::errors::chain(&error),
                "a deleted product can still be found"
            );
        }
        Ok(Ok(id))
    }
}
