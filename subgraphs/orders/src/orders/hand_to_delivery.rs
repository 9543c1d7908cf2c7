//! The parcel is on its way, under a number that the shopper can follow.

use lavka_kit::ids::Id;

use super::{Orders, Outcome, Refused};
use crate::state::Step;
use crate::store::StoreError;

/// What carriers print is far shorter.
const LONGEST: usize = 100;

impl Orders {
    /// Hands an assembled order to delivery, or says why not. That the caller is staff was asked before.
    pub async fn hand_to_delivery(
        &self,
        id: Option<Id>,
        tracking_number: &str,
    ) -> Result<Outcome, StoreError> {
        let tracking_number = tracking_number.trim();
        if tracking_number.is_empty() || tracking_number.chars().count() > LONGEST {
            let order = match id {
                Some(id) => self.store.order(id).await?,
                None => None,
            };
            let refused = if order.is_some() {
                Refused::TrackingNumberRequired
            } else {
                Refused::OrderNotFound
            };
            return Ok(Outcome::refused(order, refused));
        }
        self.advance(id, Step::HandToDelivery, Some(tracking_number.to_owned()))
            .await
    }
}
