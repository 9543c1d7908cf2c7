//! Staff have counted: so many can be bought from now on. What orders hold was counted apart and stays.

use serde_json::json;

use super::Orders;
use crate::peers::AskError;
use crate::store::StoreError;

/// More of one thing than any shelf holds.
const MOST: i32 = 1_000_000;

/// Why the stock stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetStockRefusal {
    /// Not 0 to a million.
    QuantityInvalid,
    /// The catalog has no such sku.
    UnknownVariant,
}

/// The stock could not be set: our fault.
#[derive(Debug, thiserror::Error)]
pub enum SetStockFault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ask(#[from] AskError),
}

impl Orders {
    /// Sets it, or says why not. That the caller is staff was asked before.
    pub async fn set_stock(
        &self,
        sku: &str,
        quantity: i32,
    ) -> Result<Result<(), SetStockRefusal>, SetStockFault> {
        if !(0..=MOST).contains(&quantity) {
            return Ok(Err(SetStockRefusal::QuantityInvalid));
        }
        // Also what isn't published yet can be counted.
        let known = self
            .peers
            .entities("catalog", "Variant", &[json!({ "sku": sku })], "sku")
            .await;
        if known.map_err(AskError::from)?.pop().flatten().is_none() {
            return Ok(Err(SetStockRefusal::UnknownVariant));
        }
        let mut work = self.store.begin().await?;
        work.set_available(sku, quantity).await?;
        work.commit().await?;
        Ok(Ok(()))
    }
}
