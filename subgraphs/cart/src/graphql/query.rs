//! What can be asked of carts.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use lavka_kit::caller::{Caller, caller};
use lavka_kit::errors::{fault, forbidden, unauthenticated};
use lavka_kit::ids::Id;

use super::cart::CartView;
use crate::carts::Carts;

#[derive(Debug, Clone, Copy)]
pub struct Query;

#[Object]
impl Query {
    /// A cart: a guest's by its unguessable id, an account's for that account only. Null for any other.
    async fn cart(&self, ctx: &Context<'_>, id: ID) -> Result<Option<CartView>> {
        let carts = ctx.data::<Carts>()?;
        let cart = carts.find(caller(ctx), Id::parse(&id)).await.map_err(fault)?;
        Ok(cart.map(CartView::new))
    }

    #[graphql(entity)]
    async fn find_cart_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<CartView>> {
        self.cart(ctx, id).await
    }

    #[graphql(entity)]
    async fn find_user_by_id(&self, id: ID) -> User {
        User { id }
    }
}

/// A person with an account.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct User {
    /// The account.
    id: ID,
}

#[ComplexObject]
impl User {
    /// The account's cart: only for the person themself.
    async fn cart(&self, ctx: &Context<'_>) -> Result<CartView> {
        let id = Id::parse(&self.id).ok_or_else(forbidden)?;
        match caller(ctx) {
            Caller::Guest => return Err(unauthenticated()),
            Caller::User(user) if user.id != id => return Err(forbidden()),
            Caller::User(_) | Caller::Service { .. } => {}
        }
        let cart = ctx.data::<Carts>()?.of_user(id).await.map_err(fault)?;
        Ok(CartView::new(cart))
    }
}
