//! How an order could travel, and what that would cost.

use lavka_kit::caller::Caller;
use lavka_kit::ids::Id;
use lavka_kit::locale::Locale;
use lavka_kit::money::{Money, MoneyError};

use super::Orders;
use crate::order::Shipping;
use crate::peers::{self, AskError};

/// The offers could not be made: our fault.
#[derive(Debug, thiserror::Error)]
pub enum OfferFault {
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("add up a cart")]
    Money(#[from] MoneyError),
}

impl Orders {
    /// The ways to this country; for a cart, at its price. A cart that isn't theirs is as good as none.
    pub async fn shipping_methods(
        &self,
        caller: &Caller,
        country: &str,
        cart: Option<Id>,
        locale: Locale,
    ) -> Result<Vec<Shipping>, OfferFault> {
        let subtotal = match cart {
            Some(cart) => self.subtotal_of(caller, cart, locale).await?,
            None => None,
        };
        Ok(self.methods.offered(country, subtotal, locale))
    }

    async fn subtotal_of(
        &self,
        caller: &Caller,
        cart: Id,
        locale: Locale,
    ) -> Result<Option<Money>, OfferFault> {
        let cart = peers::cart(&self.peers, cart).await?;
        let theirs = |cart: &peers::Cart| cart.user_id.is_none() || cart.user_id == caller.user_id();
        let Some(cart) = cart.filter(theirs) else {
            return Ok(None);
        };
        let skus: Vec<&str> = cart.lines.iter().map(|line| line.sku.as_str()).collect();
        let offers = peers::offers(&self.peers, &skus, locale).await?;
        let mut subtotal = Money::zero(self.currency);
        for line in &cart.lines {
            if let Some(offer) = offers.get(&line.sku) {
                subtotal = subtotal.add(offer.price.times(line.quantity.into())?)?;
            }
        }
        Ok(Some(subtotal))
    }
}
