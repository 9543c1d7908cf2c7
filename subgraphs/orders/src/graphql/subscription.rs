//! Live updates.

use std::sync::Arc;

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::{Stream, StreamExt as _};
use lavka_kit::bus::EventBus;
use lavka_kit::caller::{Scope, require_scope, require_user};
use lavka_kit::errors::{fault, not_found};
use lavka_kit::graphql::authenticated;
use lavka_kit::ids::Id;

use super::order::OrderView;
use super::{orders, viewer};
use crate::watch::{Moment, WatchFault};

#[derive(Debug, Clone, Copy)]
pub struct Subscription;

type Told = Result<OrderView>;

fn tell(moment: Result<Moment, WatchFault>) -> Told {
    moment.map(OrderView::at).map_err(fault)
}

fn bus<'a>(ctx: &Context<'a>) -> Result<&'a dyn EventBus> {
    ctx.data::<Arc<dyn EventBus>>().map(|bus| &**bus)
}

#[Subscription]
impl Subscription {
    /// First the order as it is, then every change, each once and in order, with status and history as of that change.
    async fn order_updated(
        &self,
        ctx: &Context<'_>,
        id: ID,
        order_key: Option<String>,
    ) -> Result<impl Stream<Item = Told> + use<>> {
        let watched = orders(ctx)?
            .watch_order(bus(ctx)?, &viewer(ctx, order_key), Id::parse(&id))
            .await;
        let moments = watched.map_err(fault)?.ok_or_else(|| not_found("order"))?;
        Ok(moments.map(tell))
    }

    /// Every change of any of your orders, from now on.
    #[graphql(directive = authenticated::apply())]
    async fn my_orders_updated(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Told> + use<>> {
        let user = require_user(ctx)?;
        let moments = orders(ctx)?
            .watch_customer(bus(ctx)?, user.id)
            .await
            .map_err(fault)?;
        Ok(moments.map(tell))
    }

    /// Every order that is placed, from now on: staff's board.
    #[graphql(directive = authenticated::apply())]
    async fn new_orders(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Told> + use<>> {
        require_scope(ctx, Scope::ORDERS_MANAGE)?;
        let moments = orders(ctx)?.watch_new(bus(ctx)?).await.map_err(fault)?;
        Ok(moments.map(tell))
    }
}
