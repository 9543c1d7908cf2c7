//! The operations on orders, one a file, and the step that they share.

mod assemble;
mod cancel;
mod deliver;
mod expire;
mod find;
mod flag;
mod hand_to_delivery;
mod hear_payment;
mod place;
mod retry_payment;
mod set_stock;
mod ship;

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::clock::{Clock, later};
use lavka_kit::events::{CloudEvent, EventData};
use lavka_kit::ids::{Id, Ids, Randomness};
use lavka_kit::money::Currency;
use lavka_kit::peers::Peers;
use sha2::{Digest as _, Sha256};

use crate::order::Order;
use crate::payment_method::{self, Gateway};
use crate::shipping::Methods;
use crate::state::{Conflict, Pieces, Step};
use crate::store::{OrderStore, StoreError, Work};

pub use cancel::Cancel;
pub use hear_payment::{Heard, News};
pub use place::{Place, PlaceRefusal, Placed};
pub use retry_payment::RetryPayment;
pub use set_stock::SetStockRefusal;

/// The operations.
#[derive(Clone)]
pub struct Orders {
    pub store: Arc<dyn OrderStore>,
    pub peers: Peers,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub randomness: Arc<dyn Randomness>,
    pub methods: Arc<Methods>,
    pub gateways: Arc<[Gateway]>,
    /// How long an order may stay unpaid.
    pub patience: Duration,
    pub currency: Currency,
}

/// Why an order did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    OrderNotFound,
    StatusConflict,
    PaymentMethod(payment_method::Problem),
    TrackingNumberRequired,
    KeyReused,
}

/// What became of an order: as it is now, if there is one that is theirs, and perhaps a refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub order: Option<Order>,
    pub refused: Option<Refused>,
}

impl Outcome {
    const fn done(order: Order) -> Self {
        Self {
            order: Some(order),
            refused: None,
        }
    }

    const fn refused(order: Option<Order>, refused: Refused) -> Self {
        Self {
            order,
            refused: Some(refused),
        }
    }
}

impl Orders {
    /// Takes a step in this unit of work: status and history, what it does to the stock, and the event that tells of it.
    async fn take(
        &self,
        work: &mut dyn Work,
        order: &mut Order,
        step: Step,
        note: Option<String>,
    ) -> Result<Result<(), Conflict>, StoreError> {
        let taken = match order.take(step, self.clock.now(), note) {
            Ok(taken) => taken,
            Err(conflict) => return Ok(Err(conflict)),
        };
        match taken.pieces {
            Pieces::Stay => {}
            Pieces::GoBack => work.put_back(&order.pieces()).await?,
            Pieces::Leave => work.take_off_the_shelf(&order.pieces()).await?,
        }
        work.save(order).await?;
        self.publish(work, order, &order.changed(taken.from)).await?;
        Ok(Ok(()))
    }

    async fn publish<T: EventData + Sync>(
        &self,
        work: &mut dyn Work,
        order: &Order,
        data: &T,
    ) -> Result<(), StoreError> {
        let event = CloudEvent::new(&*self.ids, &*self.clock, order.id, data).map_err(|source| {
            StoreError::Engine {
                doing: "write an event as JSON",
                source: source.into(),
            }
        })?;
        work.publish(&event).await
    }

    /// When an unpaid order's time is over, counted from now.
    fn deadline(&self) -> chrono::DateTime<chrono::Utc> {
        later(self.clock.now(), self.patience)
    }
}

/// Whose idempotency key it is: the account's, or a guest's cart's. A stranger with the same key has another one.
fn scope_of(user: Option<Id>, cart: Id) -> String {
    match user {
        Some(user) => format!("user:{user}"),
        None => format!("cart:{cart}"),
    }
}

/// Tells a repetition from a reuse: the operation and its whole input, the key left out.
fn hash_of(operation: &str, input: &impl serde::Serialize) -> Result<String, StoreError> {
    let input = serde_json::to_string(&(operation, input)).map_err(|source| StoreError::Engine {
        doing: "hash an input",
        source: source.into(),
    })?;
    Ok(Sha256::digest(input)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
