//! What can be asked of orders.

use async_graphql::{Context, ID, Object, Result};
use lavka_kit::caller::{Scope, caller, locale, require_scope};
use lavka_kit::errors::fault;
use lavka_kit::graphql::PageArgs;
use lavka_kit::ids::Id;

use super::order::{OrderConnection, OrderStatus, OrderView, ShippingMethod};
use super::references::{User, Variant};
use super::{orders, viewer};
use crate::search::wanted;
use crate::store::Filter;

#[derive(Debug, Clone, Copy)]
pub struct Query;

#[Object]
impl Query {
    /// An order: your own, or a guest's with the key from the checkout; any for staff. Null for any other.
    async fn order(&self, ctx: &Context<'_>, id: ID, order_key: Option<String>) -> Result<Option<OrderView>> {
        let order = orders(ctx)?
            .find(&viewer(ctx, order_key), Id::parse(&id))
            .await
            .map_err(fault)?;
        Ok(order.map(OrderView::now))
    }

    /// All orders, newest first. `search`: a part of the number, or of the recipient's name, e-mail or telephone. `flagged`: only
    /// those that are paid, can't be fulfilled, and wait for somebody to decide.
    #[graphql(requires_scopes = "orders:manage")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        status: Option<OrderStatus>,
        search: Option<String>,
        #[graphql(default = false)] flagged: bool,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> Result<OrderConnection> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let args = PageArgs::new(first, after, 20, PageArgs::MAX)?;
        let filter = Filter {
            customer: None,
            status: status.map(Into::into),
            flagged,
            search: search.as_deref().and_then(wanted),
        };
        let page = orders(ctx)?.page(&filter, &args).await.map_err(fault)?;
        Ok(OrderConnection::of(page.map(OrderView::now)))
    }

    /// How an order could travel to this country (ISO 3166-1 alpha-2); for a cart, at its price.
    async fn shipping_methods(
        &self,
        ctx: &Context<'_>,
        country: String,
        cart_id: Option<ID>,
    ) -> Result<Vec<ShippingMethod>> {
        let cart = cart_id.and_then(|id| Id::parse(&id));
        let offers = orders(ctx)?
            .shipping_methods(caller(ctx), &country, cart, locale(ctx))
            .await;
        Ok(offers.map_err(fault)?.iter().map(ShippingMethod::of).collect())
    }

    #[graphql(entity)]
    async fn find_order_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<OrderView>> {
        self.order(ctx, id, None).await
    }

    #[graphql(entity)]
    async fn find_variant_by_sku(&self, sku: ID) -> Variant {
        Variant { sku }
    }

    #[graphql(entity)]
    async fn find_user_by_id(&self, id: ID) -> User {
        User { id }
    }
}
