//! Live updates, on every replica: from the tail of `lavka.orders`, whichever process made the change.
//!
//! The difficulty: between reading an order and listening to the bus nothing may be lost, and what comes twice or late must not be
//! shown twice or out of order. So listening begins first; then the order is read; then an event says no more than "the history
//! has reached this position", and every entry that was not shown yet is shown, from the database, as the order stood
//! then. What the bus repeats shows nothing; what it skipped is shown with the next event.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use lavka_kit::BoxStream;
use lavka_kit::bus::{BusError, EventBus};
use lavka_kit::events::orders::{OrderPlaced, OrderStatusChanged};
use lavka_kit::events::{CloudEvent, topics};
use lavka_kit::ids::Id;

use crate::access::Viewer;
use crate::order::Order;
use crate::orders::Orders;
use crate::store::StoreError;

/// An order as it stood at one position of its history.
#[derive(Debug, Clone)]
pub struct Moment {
    pub order: Arc<Order>,
    pub position: usize,
}

/// Live updates can't be given (any more).
#[derive(Debug, thiserror::Error)]
pub enum WatchFault {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("listen to the orders' events")]
    Bus(#[from] BusError),
}

/// Whose steps to show.
#[derive(Debug, Clone, Copy)]
enum Watched {
    /// One order's.
    Order(Id),
    /// All orders' of an account.
    Customer(Id),
    /// The first of every order.
    New,
}

/// How many new orders are remembered, so that none is shown twice.
const REMEMBERED: usize = 10_000;

struct Watch {
    orders: Orders,
    events: BoxStream<'static, Arc<CloudEvent>>,
    watched: Watched,
    /// How much of each order's history has been shown.
    shown: HashMap<Id, usize>,
    waiting: VecDeque<Moment>,
}

impl Orders {
    /// The order as it is, then its every step. `None` when it isn't there or isn't theirs.
    pub async fn watch_order(
        &self,
        bus: &dyn EventBus,
        viewer: &Viewer,
        id: Option<Id>,
    ) -> Result<Option<impl Stream<Item = Result<Moment, WatchFault>> + use<>>, WatchFault> {
        let Some(id) = id else { return Ok(None) };
        let mut watch = self.watch(bus, Watched::Order(id)).await?;
        let Some(order) = self.find(viewer, Some(id)).await? else {
            return Ok(None);
        };
        watch.shown.insert(id, order.history.len());
        watch.waiting.push_back(Moment {
            position: order.position(),
            order: Arc::new(order),
        });
        Ok(Some(watch.stream()))
    }

    /// Every step of any order of this account, from now on.
    pub async fn watch_customer(
        &self,
        bus: &dyn EventBus,
        customer: Id,
    ) -> Result<impl Stream<Item = Result<Moment, WatchFault>> + use<>, WatchFault> {
        Ok(self.watch(bus, Watched::Customer(customer)).await?.stream())
    }

    /// Every order that is placed from now on.
    pub async fn watch_new(
        &self,
        bus: &dyn EventBus,
    ) -> Result<impl Stream<Item = Result<Moment, WatchFault>> + use<>, WatchFault> {
        Ok(self.watch(bus, Watched::New).await?.stream())
    }

    async fn watch(&self, bus: &dyn EventBus, watched: Watched) -> Result<Watch, WatchFault> {
        let events = bus.tail(topics::ORDERS).await?;
        Ok(Watch {
            orders: self.clone(),
            events,
            watched,
            shown: HashMap::new(),
            waiting: VecDeque::new(),
        })
    }
}

impl Watch {
    fn stream(self) -> impl Stream<Item = Result<Moment, WatchFault>> + use<> {
        stream::unfold(
            self,
            |mut watch| async move { Some((watch.next().await?, watch)) },
        )
    }

    async fn next(&mut self) -> Option<Result<Moment, WatchFault>> {
        loop {
            if let Some(moment) = self.waiting.pop_front() {
                return Some(Ok(moment));
            }
            let event = self.events.next().await?;
            let Some(position) = self.reached(&event) else {
                continue;
            };
            if let Err(error) = self.catch_up(event.subject, position).await {
                // The next event catches up with what could not be read now.
                return Some(Err(error.into()));
            }
        }
    }

    /// The position that this event tells of, if it is about what is watched.
    fn reached(&self, event: &CloudEvent) -> Option<usize> {
        if let Watched::Order(id) = self.watched
            && event.subject != id
        {
            return None;
        }
        let (customer, position) = if event.is::<OrderPlaced>() {
            (event.data::<OrderPlaced>().ok()?.customer_id, 0)
        } else if event.is::<OrderStatusChanged>() {
            let data: OrderStatusChanged = event.data().ok()?;
            (data.customer_id, usize::try_from(data.history_position).ok()?)
        } else {
            return None;
        };
        let wanted = match self.watched {
            Watched::Order(_) => true,
            Watched::Customer(id) => customer == Some(id),
            Watched::New => position == 0,
        };
        wanted.then_some(position)
    }

    async fn catch_up(&mut self, id: Id, position: usize) -> Result<(), StoreError> {
        // Of an order that is new to us, what came before wasn't asked for.
        let from = self.shown.get(&id).copied().unwrap_or(position);
        if from > position {
            return Ok(());
        }
        let Some(order) = self.orders.store.order(id).await? else {
            return Ok(());
        };
        let order = Arc::new(order);
        let until = (position + 1).min(order.history.len());
        self.waiting.extend((from..until).map(|position| Moment {
            order: order.clone(),
            position,
        }));
        if self.shown.len() >= REMEMBERED {
            self.shown.clear();
        }
        self.shown.insert(id, until.max(from));
        Ok(())
    }
}
