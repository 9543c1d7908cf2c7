//! The parcel has arrived.

use lavka_kit::ids::Id;

use super::{Orders, Outcome};
use crate::state::Step;
use crate::store::StoreError;

impl Orders {
    /// Delivers, or says why not. That the caller is staff was asked before.
    pub async fn deliver(&self, id: Option<Id>) -> Result<Outcome, StoreError> {
        self.advance(id, Step::Deliver, None).await
    }
}
