//! Call an order off, before it is assembled. Its stock goes back now; money that was taken goes back by itself.

use lavka_kit::ids::Id;
use lavka_kit::sql;

use super::{Orders, Outcome, Refused};
use crate::access::Viewer;
use crate::state::{Status, Step};
use crate::store::StoreError;

/// What a shopper or staff want.
#[derive(Debug, Clone)]
pub struct Cancel {
    pub order: Option<Id>,
    pub reason: Option<String>,
}

impl Orders {
    /// Cancels, or says why not.
    pub async fn cancel(&self, viewer: &Viewer, input: Cancel) -> Result<Outcome, StoreError> {
        sql::retry(|| self.try_to_cancel(viewer, input.clone())).await
    }

    async fn try_to_cancel(&self, viewer: &Viewer, input: Cancel) -> Result<Outcome, StoreError> {
        let Some(id) = input.order else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let mut work = self.store.begin().await?;
        let Some(mut order) = work.order(id).await?.filter(|order| viewer.may_see(order)) else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let paid = order.status == Status::Paid;
        let reason = input
            .reason
            .map(|reason| reason.trim().to_owned())
            .filter(|reason| !reason.is_empty());
        order.refund_required = paid;
        if self
            .take(&mut *work, &mut order, Step::Cancel, reason.clone())
            .await?
            .is_err()
        {
            drop(work);
            return self.conflict(id).await;
        }
        self.publish(&mut *work, &order, &order.cancelled(reason)).await?;
        work.commit().await?;
        Ok(Outcome::done(order))
    }

    /// The order as it is: nothing was changed.
    pub(super) async fn conflict(&self, id: Id) -> Result<Outcome, StoreError> {
        Ok(Outcome::refused(
            self.store.order(id).await?,
            Refused::StatusConflict,
        ))
    }
}
