//! What others own, with our fields.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use lavka_kit::caller::{Caller, Scope, caller};
use lavka_kit::errors::{fault, forbidden, unauthenticated};
use lavka_kit::graphql::PageArgs;
use lavka_kit::ids::Id;

use super::order::{OrderConnection, OrderView};
use super::orders;
use super::stock::StockLoader;
use crate::store::Filter;

/// A variant of the catalog.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Variant {
    pub sku: ID,
}

#[ComplexObject]
impl Variant {
    /// How many can be bought now: what no order holds.
    async fn available(&self, ctx: &Context<'_>) -> Result<i32> {
        ctx.data::<StockLoader>()?
            .available(&self.sku)
            .await
            .map_err(fault)
    }

    /// Whether one can be bought now.
    async fn in_stock(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.available(ctx).await? > 0)
    }
}

/// A person with an account.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct User {
    pub id: ID,
}

#[ComplexObject]
impl User {
    /// The account's orders, newest first: for the person themself and for staff.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> Result<OrderConnection> {
        let id = Id::parse(&self.id).ok_or_else(forbidden)?;
        let asking = caller(ctx);
        if !asking.may_see(id, Scope::ORDERS_MANAGE) {
            return Err(if *asking == Caller::Guest {
                unauthenticated()
            } else {
                forbidden()
            });
        }
        let args = PageArgs::new(first, after, 20, PageArgs::MAX)?;
        let filter = Filter {
            customer: Some(id),
            ..Filter::default()
        };
        let page = orders(ctx)?.page(&filter, &args).await.map_err(fault)?;
        Ok(OrderConnection::of(page.map(OrderView::now)))
    }
}
