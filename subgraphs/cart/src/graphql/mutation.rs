//! What can be done to carts.

use async_graphql::{Context, ID, Object, Result};
use lavka_kit::caller::{caller, locale, request_head, require_service};
use lavka_kit::errors::{fault, invalid};
use lavka_kit::ids::Id;

use super::cart::CartView;
use super::payload::{
    AddToCartInput, CartPayload, ClearCartInput, OrderedLineInput, RemoveFromCartInput,
    SetCartLineQuantityInput,
};
use crate::cart::Ordered;
use crate::carts::{Add, Carts};

#[derive(Debug, Clone, Copy)]
pub struct Mutation;

#[Object]
impl Mutation {
    /// Puts something into a cart; opens one where there is none.
    async fn add_to_cart(&self, ctx: &Context<'_>, input: AddToCartInput) -> Result<CartPayload> {
        let add = Add {
            cart: input.cart_id.map(|id| Id::parse(&id)),
            sku: input.sku.to_string(),
            quantity: input.quantity,
        };
        let outcome = ctx
            .data::<Carts>()?
            .add(caller(ctx), &request_head(ctx).loaders, add)
            .await;
        Ok(CartPayload::of(outcome.map_err(fault)?, locale(ctx)))
    }

    /// Says how many of a sku there should be; 0 removes it.
    async fn set_cart_line_quantity(
        &self,
        ctx: &Context<'_>,
        input: SetCartLineQuantityInput,
    ) -> Result<CartPayload> {
        let SetCartLineQuantityInput {
            cart_id,
            sku,
            quantity,
        } = input;
        let loaders = &request_head(ctx).loaders;
        let carts = ctx.data::<Carts>()?;
        let set = carts.set_quantity(
            caller(ctx),
            loaders,
            Id::parse(&cart_id),
            sku.to_string(),
            quantity,
        );
        Ok(CartPayload::of(set.await.map_err(fault)?, locale(ctx)))
    }

    /// Takes a sku out.
    async fn remove_from_cart(&self, ctx: &Context<'_>, input: RemoveFromCartInput) -> Result<CartPayload> {
        let carts = ctx.data::<Carts>()?;
        let removed = carts.remove(caller(ctx), Id::parse(&input.cart_id), input.sku.to_string());
        Ok(CartPayload::of(removed.await.map_err(fault)?, locale(ctx)))
    }

    /// Takes everything out.
    async fn clear_cart(&self, ctx: &Context<'_>, input: ClearCartInput) -> Result<CartPayload> {
        let cleared = ctx
            .data::<Carts>()?
            .clear(caller(ctx), Id::parse(&input.cart_id))
            .await;
        Ok(CartPayload::of(cleared.map_err(fault)?, locale(ctx)))
    }

    /// An order took these lines of this generation: they leave the cart. Does nothing the second time.
    #[graphql(inaccessible)]
    async fn take_ordered_lines(
        &self,
        ctx: &Context<'_>,
        cart_id: ID,
        generation: i32,
        lines: Vec<OrderedLineInput>,
    ) -> Result<Option<CartView>> {
        require_service(ctx)?;
        let Some(id) = Id::parse(&cart_id) else {
            return Ok(None);
        };
        let ordered: Vec<Ordered> = lines
            .into_iter()
            .map(|line| Ordered {
                sku: line.sku.to_string(),
                quantity: line.quantity,
            })
            .collect();
        if ordered.iter().any(|line| line.quantity < 1) {
            return Err(invalid("an ordered line has a quantity of 1 or more"));
        }
        let taken = ctx
            .data::<Carts>()?
            .take_ordered(id, generation, &ordered)
            .await
            .map_err(fault)?;
        Ok(taken.map(CartView::new))
    }

    /// A guest signed in: their cart's lines come into the account's. Does nothing the second time.
    #[graphql(inaccessible)]
    async fn merge_cart(&self, ctx: &Context<'_>, cart_id: ID, user_id: ID) -> Result<CartView> {
        require_service(ctx)?;
        let user = Id::parse(&user_id).ok_or_else(|| invalid("`userId` is not an id"))?;
        let merged = ctx
            .data::<Carts>()?
            .merge(Id::parse(&cart_id), user)
            .await
            .map_err(fault)?;
        Ok(CartView::new(merged))
    }
}
