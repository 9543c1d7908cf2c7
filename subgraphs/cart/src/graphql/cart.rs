//! A cart as clients see it: with today's prices, and without what nobody can order any more. Services see every line:
//! checkout has to say what is gone.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use lavka_kit::caller::{is_service, request_head};
use lavka_kit::errors::{fault, invalid};
use lavka_kit::money::{Currency, Money};
use tokio::sync::OnceCell;

use crate::cart::{Cart, Line};
use crate::carts::Carts;

/// A cart.
pub struct CartView {
    cart: Cart,
    prices: OnceCell<HashMap<String, Money>>,
}

impl CartView {
    pub fn new(cart: Cart) -> Self {
        Self {
            cart,
            prices: OnceCell::new(),
        }
    }

    /// What its lines cost now; asked for once.
    async fn prices(&self, ctx: &Context<'_>) -> Result<&HashMap<String, Money>> {
        let prices = &ctx.data::<Carts>()?.prices;
        let skus = self.cart.lines.iter().map(|line| line.sku.as_str());
        let ask = || prices.of_all(&request_head(ctx).loaders, skus);
        self.prices.get_or_try_init(ask).await.map_err(fault)
    }

    /// The lines that can still be ordered, with their prices.
    async fn priced(&self, ctx: &Context<'_>) -> Result<Vec<(&Line, Money)>> {
        let prices = self.prices(ctx).await?;
        let priced = self
            .cart
            .lines
            .iter()
            .filter_map(|line| Some((line, *prices.get(&line.sku)?)));
        Ok(priced.collect())
    }
}

#[Object(name = "Cart")]
impl CartView {
    async fn id(&self) -> ID {
        self.cart.id.into()
    }

    /// What is in it, in the order in which it came. A variant that nobody can order any more is left out.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<CartLine>> {
        let of = |line: &Line, price| CartLine::new(&self.cart, line, price);
        if is_service(ctx) {
            return Ok(self.cart.lines.iter().map(|line| of(line, None)).collect());
        }
        Ok(self
            .priced(ctx)
            .await?
            .into_iter()
            .map(|(line, price)| of(line, Some(price)))
            .collect())
    }

    /// How many pieces.
    async fn item_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self
            .priced(ctx)
            .await?
            .iter()
            .map(|(line, _)| line.quantity)
            .sum())
    }

    /// What it costs now, without shipping.
    async fn total(&self, ctx: &Context<'_>) -> Result<Money> {
        let mut total = Money::zero(*ctx.data::<Currency>()?);
        for (line, price) in self.priced(ctx).await? {
            total = price
                .times(line.quantity.into())
                .and_then(|sum| total.add(sum))
                .map_err(fault)?;
        }
        Ok(total)
    }

    async fn updated_at(&self) -> DateTime<Utc> {
        self.cart.updated_at
    }

    /// Counts the orders that took lines out of this cart: a generation is sold once.
    #[graphql(inaccessible)]
    async fn generation(&self) -> i32 {
        self.cart.generation
    }

    /// The account that it belongs to; none for a guest's.
    #[graphql(inaccessible)]
    async fn user_id(&self) -> Option<ID> {
        self.cart.owner.map(ID::from)
    }
}

/// So many of one variant.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CartLine {
    /// Stays while the line stays.
    id: ID,
    #[graphql(inaccessible)]
    sku: ID,
    /// What is to be bought.
    variant: VariantRef,
    /// How many: 1 to 999.
    quantity: i32,
    #[graphql(skip)]
    price: Option<Money>,
}

impl CartLine {
    fn new(cart: &Cart, line: &Line, price: Option<Money>) -> Self {
        let sku = ID::from(&line.sku);
        Self {
            id: ID(format!("{}/{}", cart.id, line.sku)),
            variant: VariantRef { sku: sku.clone() },
            sku,
            quantity: line.quantity,
            price,
        }
    }

    fn price(&self) -> Result<Money> {
        self.price
            .ok_or_else(|| invalid("services read prices from the catalog"))
    }
}

#[ComplexObject]
impl CartLine {
    /// The price of one, now.
    async fn unit_price(&self) -> Result<Money> {
        self.price()
    }

    /// The price of all of them, now.
    async fn subtotal(&self) -> Result<Money> {
        self.price()?.times(self.quantity.into()).map_err(fault)
    }
}

/// A variant of the catalog.
#[derive(SimpleObject)]
#[graphql(name = "Variant", unresolvable = "sku")]
pub struct VariantRef {
    pub sku: ID,
}
