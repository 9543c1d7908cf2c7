//! Pay once more: after a failed attempt, or instead of one that waits for the shopper. payments gives the older attempt up before
//! it begins the new one.

use lavka_kit::ids::Id;
use lavka_kit::sql;
use serde::Serialize;

use super::{Orders, Outcome, Refused, hash_of, scope_of};
use crate::access::Viewer;
use crate::payment_method::{self, Gateway};
use crate::state::Step;
use crate::store::{StoreError, UsedKey};

/// What a shopper sends.
#[derive(Debug, Clone, Serialize)]
pub struct RetryPayment {
    pub order: Option<Id>,
    pub gateway: Gateway,
    pub token: Option<String>,
    #[serde(skip)]
    pub idempotency_key: String,
}

impl Orders {
    /// Begins the next attempt, or says why not. Only for whoever bought it: staff don't pay.
    pub async fn retry_payment(&self, viewer: &Viewer, input: RetryPayment) -> Result<Outcome, StoreError> {
        sql::retry(|| self.begin_attempt(viewer, &input)).await
    }

    async fn begin_attempt(&self, viewer: &Viewer, input: &RetryPayment) -> Result<Outcome, StoreError> {
        let Some(id) = input.order else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let body_hash = hash_of("retryPayment", input)?;
        let mut work = self.store.begin().await?;
        let Some(mut order) = work.order(id).await?.filter(|order| viewer.bought(order)) else {
            return Ok(Outcome::refused(None, Refused::OrderNotFound));
        };
        let scope = scope_of(viewer.caller.user_id(), order.cart.id);
        if let Some(used) = work.used_key(&scope, &input.idempotency_key).await? {
            return Ok(if used.body_hash == body_hash {
                Outcome::done(order)
            } else {
                Outcome::refused(Some(order), Refused::KeyReused)
            });
        }
        let method = match payment_method::check(&self.gateways, input.gateway, input.token.as_deref()) {
            Ok(method) => method,
            Err(problem) => return Ok(Outcome::refused(Some(order), Refused::PaymentMethod(problem))),
        };
        order.attempt = order.attempt.saturating_add(1);
        order.expires_at = Some(self.deadline());
        if self
            .take(&mut *work, &mut order, Step::RetryPayment, None)
            .await?
            .is_err()
        {
            drop(work);
            return self.conflict(id).await;
        }
        self.publish(&mut *work, &order, &order.payment_requested(method))
            .await?;
        let key = UsedKey {
            scope,
            key: input.idempotency_key.clone(),
            body_hash,
            order: id,
        };
        if !work.use_key(&key, self.clock.now()).await? {
            // The other click was faster: the order is as it has left it.
            drop(work);
            return self.conflict(id).await;
        }
        work.commit().await?;
        Ok(Outcome::done(order))
    }
}
