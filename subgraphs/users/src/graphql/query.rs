//! Reading: oneself, and accounts by federation's keys.

use async_graphql::{Context, ID, Object, Result};
use lavka_kit::caller::{Scope, caller};
use lavka_kit::errors::fault;
use lavka_kit::ids::Id;

use super::user::User;
use super::users;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Query;

#[Object]
impl Query {
    /// Who is asking; null for a guest.
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(id) = caller(ctx).user_id() else {
            return Ok(None);
        };
        Ok(users(ctx)?.account(id).await.map_err(fault)?.map(User))
    }

    /// An account as other subgraphs refer to it: for the person, those who manage users or orders, and services.
    #[graphql(entity)]
    async fn user_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<User>> {
        let Some(id) = Id::parse(&id) else { return Ok(None) };
        let who = caller(ctx);
        if !who.may_see(id, Scope::USERS_MANAGE) && !who.has_scope(Scope::ORDERS_MANAGE) {
            return Ok(None);
        }
        Ok(users(ctx)?.account(id).await.map_err(fault)?.map(User))
    }
}
