//! A paid order can't be fulfilled: the lamp fell off the shelf. It is flagged, so that somebody sees it; it is refunded on
//! their word and not by itself, since another lamp may come tomorrow.

use lavka_kit::ids::Id;
use lavka_kit::sql;

use super::{Orders, Outcome, Refused};
use crate::order::Flag;
use crate::store::StoreError;

impl Orders {
    /// Flags a paid order, or says why not. That the caller is staff was asked before.
    pub async fn flag(&self, id: Option<Id>, reason: &str) -> Result<Outcome, StoreError> {
        let flag = Flag {
            reason: reason.to_owned(),
            at: self.clock.now(),
        };
        self.mark(id, Some(flag)).await
    }

    /// Takes the flag off.
    pub async fn unflag(&self, id: Option<Id>) -> Result<Outcome, StoreError> {
        self.mark(id, None).await
    }

    /// Changes what is no step: nobody else has to hear of it.
    async fn mark(&self, id: Option<Id>, flag: Option<Flag>) -> Result<Outcome, StoreError> {
        sql::retry(|| self.try_to_mark(id, flag.clone())).await
    }

    async fn try_to_mark(&self, id: Option<Id>, flag: Option<Flag>) -> Result<Outcome, StoreError> {
        let Some(id) = id else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let mut work = self.store.begin().await?;
        let Some(mut order) = work.order(id).await? else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let marked = match flag {
            Some(flag) => order.flag(flag),
            None => order.unflag(),
        };
        if marked.is_err() {
            return Ok(Outcome::refused(Some(order), Refused::StatusConflict));
        }
        work.save(&order).await?;
        work.commit().await?;
        Ok(Outcome::done(order))
    }
}
