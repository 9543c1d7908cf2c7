//! The operations on carts, one a file, and who may touch which cart.

mod add;
mod change_line;
mod merge;
mod open;
mod take_ordered;

use std::sync::Arc;

use lavka_kit::caller::Caller;
use lavka_kit::clock::Clock;
use lavka_kit::ids::{Id, Randomness};

use crate::cart::Cart;
use crate::catalog::{CatalogError, Prices};
use crate::change::Refusal;
use crate::store::{CartStore, StoreError};

pub use add::Add;

/// The operations.
#[derive(Clone)]
pub struct Carts {
    pub store: Arc<dyn CartStore>,
    pub prices: Prices,
    pub clock: Arc<dyn Clock>,
    /// Every cart's id is a secret: it opens a guest's cart.
    pub randomness: Arc<dyn Randomness>,
}

/// A change could not be made: our fault, not the shopper's.
#[derive(Debug, thiserror::Error)]
pub enum CartFault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Why a shopper's change was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    UnknownVariant,
    QuantityInvalid,
    CartNotFound,
    CartFull,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::QuantityInvalid => Self::QuantityInvalid,
            Refusal::CartFull => Self::CartFull,
        }
    }
}

/// What became of a shopper's change: the cart as it is now, if there is one that is theirs, and perhaps a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub cart: Option<Cart>,
    pub refused: Option<Refused>,
}

impl Outcome {
    const fn done(cart: Cart) -> Self {
        Self {
            cart: Some(cart),
            refused: None,
        }
    }

    const fn refused(cart: Option<Cart>, refused: Refused) -> Self {
        Self {
            cart,
            refused: Some(refused),
        }
    }
}

impl Carts {
    /// The cart, if it is there and theirs: an account's only for that account, a guest's for everybody who knows its id,
    /// each of them for services. What isn't theirs looks as if it weren't there.
    pub async fn find(&self, caller: &Caller, id: Option<Id>) -> Result<Option<Cart>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        let cart = self.store.find(id).await?;
        Ok(cart.filter(|cart| cart.merged_into.is_none() && is_theirs(caller, cart)))
    }
}

fn is_theirs(caller: &Caller, cart: &Cart) -> bool {
    match cart.owner {
        None => true,
        Some(owner) => caller.is_service() || caller.user_id() == Some(owner),
    }
}
