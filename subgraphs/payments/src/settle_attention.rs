//! Staff have dealt with what called them: it isn't shown any more, and isn't told again while it stays as it is.
//!
//! Another amount or currency than ours keeps its attempt open, and the next one waiting, until it is dealt with. So this ends the
//! attempt, too: at once where the money has come, else by giving it up at the gateway.

use lavka_kit::ids::Id;

use crate::desk::Desk;
use crate::failure::codes;
use crate::payment::{Attention, News, Payment};
use crate::store::StoreError;

/// What was dealt with.
#[derive(Debug, Clone)]
pub struct SettleAttention {
    /// By whom; the scope was checked.
    pub by: Id,
    /// With which payment.
    pub payment_id: Option<Id>,
    /// What was the matter.
    pub attention: Attention,
}

impl Desk {
    /// Notes it; gives the payment as it stands then, none where there is none. What nobody waits for changes nothing.
    pub async fn settle_attention(&self, input: SettleAttention) -> Result<Option<Payment>, StoreError> {
        let Some(payment_id) = input.payment_id else {
            return Ok(None);
        };
        let mut work = self.store.begin().await?;
        let Some(mut payment) = work.payment(payment_id).await? else {
            return Ok(None);
        };
        let Some(order) = work.order(payment.order_id).await? else {
            return Ok(None);
        };
        if !payment.settle(input.attention) {
            return Ok(Some(payment));
        }
        tracing::info!(payment = %payment.id, attention = input.attention.code(), by = %input.by, "staff have dealt with a payment");
        let mut news = News::Nothing;
        if input.attention == Attention::AmountDisagrees && payment.status.is_live() {
            if payment.came.is_some() {
                news = payment.end_disagreement(codes::AMOUNT_DISAGREES);
                // What it shows stays as it is.
                payment.settled.add(input.attention);
            } else {
                payment.give_up(self.clock.now());
            }
        }
        self.save(&mut *work, &payment, &order, news).await?;
        work.commit().await?;
        self.wake();
        Ok(Some(payment))
    }
}

#[cfg(test)]
mod tests;
