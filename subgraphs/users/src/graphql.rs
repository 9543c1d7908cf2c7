//! The schema of accounts: thin; each resolver hands over to one operation.

mod input;
mod mutation;
mod payload;
mod query;
mod user;

use async_graphql::{Context, EmptySubscription, Result, Schema};
use lavka_kit::caller::request_head;

use crate::session::{Device, device};
use crate::users::Users;
use mutation::Mutation;
use query::Query;

pub(crate) fn schema(users: Users) -> Schema<Query, Mutation, EmptySubscription> {
    lavka_kit::graphql::schema(Query, Mutation, EmptySubscription)
        .data(users)
        .finish()
}

fn users<'a>(ctx: &Context<'a>) -> Result<&'a Users> {
    ctx.data::<Users>()
}

/// What the request says of where it comes from.
fn sender(ctx: &Context<'_>) -> Device {
    let head = request_head(ctx);
    Device {
        name: head.user_agent.as_deref().and_then(device),
        ip: head.ip.map(|it| it.to_string()),
    }
}
