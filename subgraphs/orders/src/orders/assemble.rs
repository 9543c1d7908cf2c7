//! Staff have put the pieces into a parcel: they are no longer stock.

use lavka_kit::ids::Id;
use lavka_kit::sql;

use super::{Orders, Outcome, Refused};
use crate::state::Step;
use crate::store::StoreError;

impl Orders {
    /// Assembles a paid order, or says why not. That the caller is staff was asked before.
    pub async fn assemble(&self, id: Option<Id>) -> Result<Outcome, StoreError> {
        self.advance(id, Step::Assemble, None).await
    }

    /// One of staff's steps.
    pub(super) async fn advance(
        &self,
        id: Option<Id>,
        step: Step,
        tracking_number: Option<String>,
    ) -> Result<Outcome, StoreError> {
        sql::retry(|| self.try_to_advance(id, step, tracking_number.clone())).await
    }

    async fn try_to_advance(
        &self,
        id: Option<Id>,
        step: Step,
        tracking_number: Option<String>,
    ) -> Result<Outcome, StoreError> {
        let Some(id) = id else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let mut work = self.store.begin().await?;
        let Some(mut order) = work.order(id).await? else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        if tracking_number.is_some() {
            order.tracking_number = tracking_number;
        }
        if self.take(&mut *work, &mut order, step, None).await?.is_err() {
            drop(work);
            return self.conflict(id).await;
        }
        work.commit().await?;
        Ok(Outcome::done(order))
    }
}
