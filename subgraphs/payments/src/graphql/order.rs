//! What payments adds to an order.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use lavka_kit::ids::Id;

use super::loaders::Loaders;
use super::payment::Payment;
use crate::payment::Status;

/// An order, as payments knows it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Order {
    pub(super) id: ID,
}

impl Order {
    async fn attempts(&self, ctx: &Context<'_>) -> Result<Vec<crate::payment::Payment>> {
        match Id::parse(&self.id) {
            Some(id) => ctx.data::<Loaders>()?.payments_of(id).await,
            None => Ok(Vec::new()),
        }
    }
}

#[ComplexObject]
impl Order {
    /// The latest attempt to pay; an earlier one, if that is the one that brought the money. Null in the moment before
    /// the first attempt has begun.
    async fn payment(&self, ctx: &Context<'_>) -> Result<Option<Payment>> {
        let mut attempts = self.attempts(ctx).await?;
        let paid = attempts
            .iter()
            .position(|payment| payment.status == Status::Succeeded);
        let shown = paid
            .map(|index| attempts.swap_remove(index))
            .or_else(|| attempts.pop());
        Ok(shown.map(Payment))
    }

    /// All attempts to pay, first to last.
    async fn payments(&self, ctx: &Context<'_>) -> Result<Vec<Payment>> {
        Ok(self.attempts(ctx).await?.into_iter().map(Payment).collect())
    }
}
