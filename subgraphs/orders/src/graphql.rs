//! The schema: orders, stock beside the catalog's variants, and live updates.

mod input;
mod mutation;
mod order;
mod payload;
mod query;
mod references;
mod refusal;
mod stock;
mod subscription;

use std::sync::Arc;

use async_graphql::{Context, Result, Schema};
use lavka_kit::bus::EventBus;
use lavka_kit::caller::caller;

use crate::access::Viewer;
use crate::orders::Orders;
use mutation::Mutation;
use query::Query;
use stock::StockLoader;
use subscription::Subscription;

pub type OrdersSchema = Schema<Query, Mutation, Subscription>;

/// The schema over these operations.
pub fn schema(orders: Orders, bus: Arc<dyn EventBus>) -> OrdersSchema {
    lavka_kit::graphql::schema(Query, Mutation, Subscription)
        .data(StockLoader::new(orders.store.clone()))
        .data(orders)
        .data(bus)
        .finish()
}

/// Who is asking, with a guest's key.
fn viewer(ctx: &Context<'_>, order_key: Option<String>) -> Viewer {
    Viewer::new(caller(ctx).clone(), order_key)
}

fn orders<'a>(ctx: &Context<'a>) -> Result<&'a Orders> {
    ctx.data::<Orders>()
}
