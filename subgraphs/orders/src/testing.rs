//! Orders on a store in memory, for simulations: the real operations, and nothing in the background. Whoever simulates does
//! what the consumer, the relay and the clock would do, when it likes.

use std::sync::Arc;
use std::time::Duration;

use lavka_kit::StartError;
use lavka_kit::bus::{EventHandler as _, HandlerError};
use lavka_kit::caller::Caller;
use lavka_kit::clock::Clock;
use lavka_kit::events::CloudEvent;
use lavka_kit::events::orders::OrderRecipient;
use lavka_kit::ids::{Id, Ids, Randomness};
use lavka_kit::locale::Locale;
use lavka_kit::money::Currency;
use lavka_kit::peers::Peers;

use crate::access::Viewer;
use crate::orders::{Cancel, Orders, Place, RetryPayment};
use crate::shipping::Methods;
use crate::store::OrderStore as _;
use crate::store::memory::MemoryOrders;

pub use crate::order::Order;
pub use crate::orders::{Outcome, Placed, Refused};
pub use crate::payment_method::Gateway;
pub use crate::state::Status;
pub use crate::store::StoreError;

/// A process of orders. Cloning shares it; dropping it is a crash.
#[derive(Clone)]
pub struct Shop {
    store: MemoryOrders,
    orders: Orders,
}

/// What staff can do to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffStep {
    /// Put into a parcel.
    Assemble,
    /// Hand to delivery.
    HandOver,
    /// Deliver.
    Deliver,
}

impl Shop {
    /// With nothing in the store. `peers` knows a `cart` and a `catalog`.
    pub fn open(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        randomness: Arc<dyn Randomness>,
        peers: Peers,
        patience: Duration,
    ) -> Result<Self, StartError> {
        let store = MemoryOrders::default();
        let orders = Orders {
            store: Arc::new(store.clone()),
            peers,
            clock,
            ids,
            randomness,
            methods: Arc::new(Methods::new(None, Currency::Rub)?),
            gateways: [Gateway::Sandbox, Gateway::Stripe, Gateway::Paypal].into(),
            patience,
            currency: Currency::Rub,
        };
        Ok(Self { store, orders })
    }

    /// A guest checks a cart out.
    pub async fn place(
        &self,
        cart: Id,
        gateway: Gateway,
        token: Option<&str>,
        key: &str,
    ) -> Result<Placed, StartError> {
        let input = Place {
            cart: Some(cart),
            recipient: OrderRecipient {
                name: "Ann".to_owned(),
                phone: "+79215550101".to_owned(),
                email: "ann@lavka.test".to_owned(),
                line1: "Nevsky 1".to_owned(),
                line2: None,
                city: "St Petersburg".to_owned(),
                region: None,
                postal_code: "191025".to_owned(),
                country: "RU".to_owned(),
            },
            shipping_method: "PICKUP".to_owned(),
            gateway,
            token: token.map(str::to_owned),
            idempotency_key: key.to_owned(),
            locale: Locale::En,
        };
        Ok(self.orders.place(&Caller::Guest, input).await?)
    }

    /// The guest of this order pays once more.
    pub async fn retry(
        &self,
        order: &Order,
        gateway: Gateway,
        token: Option<&str>,
        key: &str,
    ) -> Result<Outcome, StoreError> {
        let input = RetryPayment {
            order: Some(order.id),
            gateway,
            token: token.map(str::to_owned),
            idempotency_key: key.to_owned(),
        };
        self.orders.retry_payment(&guest(order), input).await
    }

    /// The guest of this order calls it off.
    pub async fn cancel(&self, order: &Order) -> Result<Outcome, StoreError> {
        let input = Cancel {
            order: Some(order.id),
            reason: None,
        };
        self.orders.cancel(&guest(order), input).await
    }

    /// Staff do something to an order.
    pub async fn staff(&self, order: Id, step: StaffStep) -> Result<Outcome, StoreError> {
        match step {
            StaffStep::Assemble => self.orders.assemble(Some(order)).await,
            StaffStep::HandOver => self.orders.hand_to_delivery(Some(order), "RA1").await,
            StaffStep::Deliver => self.orders.deliver(Some(order)).await,
        }
    }

    /// Gives up what nobody has paid in time.
    pub async fn expire(&self) -> Result<usize, StoreError> {
        self.orders.expire_overdue().await
    }

    /// Handles an event of the bus.
    pub async fn hear(&self, event: &CloudEvent) -> Result<(), HandlerError> {
        self.orders.handle(event).await
    }

    /// What waits to be published, oldest first.
    pub async fn outbox(&self) -> Vec<CloudEvent> {
        self.store.outbox().await
    }

    /// The first so many were published.
    pub async fn published(&self, count: usize) {
        self.store.published(count).await;
    }

    /// All orders.
    pub async fn all(&self) -> Vec<Order> {
        self.store.all_orders().await
    }

    /// What can be bought of it, and what orders hold.
    pub async fn stock(&self, sku: &str) -> (i32, i32) {
        self.store.stock(sku).await
    }

    /// So many can be bought from now on.
    pub async fn set_stock(&self, sku: &str, quantity: i32) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        work.set_available(sku, quantity).await?;
        work.commit().await
    }
}

fn guest(order: &Order) -> Viewer {
    Viewer::new(Caller::Guest, order.key.clone())
}
