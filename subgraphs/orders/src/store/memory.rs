//! Orders and stock in memory, for simulations and tests: it keeps the port's contract, and forgets all when it is dropped.
//!
//! A unit of work holds the whole store and works on a copy of it, which the commit puts in its place: one writer at a
//! time, and nothing happened without a commit.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Filter, Found, OrderStore, Pieces, Shortage, StoreError, UsedKey, Work};
use crate::order::{Order, SoldCart};
use crate::search;

/// Orders in memory. Cloning shares them.
#[derive(Clone, Default)]
pub struct MemoryOrders {
    books: Arc<Mutex<Books>>,
}

#[derive(Clone, Default)]
struct Books {
    orders: BTreeMap<Id, Order>,
    keys: BTreeMap<(String, String), (UsedKey, DateTime<Utc>)>,
    /// What can be bought, and what orders hold.
    stock: BTreeMap<String, (i32, i32)>,
    inbox: BTreeSet<Id>,
    outbox: Vec<CloudEvent>,
}

struct MemoryWork {
    books: OwnedMutexGuard<Books>,
    /// What the books become at the commit.
    draft: Books,
}

impl MemoryOrders {
    /// What waits to be published, oldest first.
    pub async fn outbox(&self) -> Vec<CloudEvent> {
        self.books.lock().await.outbox.clone()
    }

    /// The first so many were published.
    pub async fn published(&self, count: usize) {
        self.books.lock().await.outbox.drain(..count);
    }

    /// Everything there is.
    pub async fn all_orders(&self) -> Vec<Order> {
        self.books.lock().await.orders.values().cloned().collect()
    }

    /// What can be bought of it, and what orders hold.
    pub async fn stock(&self, sku: &str) -> (i32, i32) {
        self.books
            .lock()
            .await
            .stock
            .get(sku)
            .copied()
            .unwrap_or_default()
    }
}

#[async_trait]
impl OrderStore for MemoryOrders {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        let books = self.books.clone().lock_owned().await;
        let draft = books.clone();
        Ok(Box::new(MemoryWork { books, draft }))
    }

    async fn order(&self, id: Id) -> Result<Option<Order>, StoreError> {
        Ok(self.books.lock().await.orders.get(&id).cloned())
    }

    async fn order_of(&self, cart: SoldCart) -> Result<Option<Order>, StoreError> {
        let books = self.books.lock().await;
        Ok(books.orders.values().find(|order| order.cart == cart).cloned())
    }

    async fn used_key(&self, scope: &str, key: &str) -> Result<Option<UsedKey>, StoreError> {
        let books = self.books.lock().await;
        let found = books.keys.get(&(scope.to_owned(), key.to_owned()));
        Ok(found.map(|(used, _)| used.clone()))
    }

    async fn page(&self, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Found, StoreError> {
        let books = self.books.lock().await;
        let lets_through = |order: &&Order| {
            filter
                .customer
                .is_none_or(|customer| order.customer == Some(customer))
                && filter.status.is_none_or(|status| order.status == status)
                && (!filter.flagged || order.flag.is_some())
                && filter
                    .search
                    .as_ref()
                    .is_none_or(|part| search::text_of(order).contains(part.as_str()))
        };
        let mut found: Vec<_> = books.orders.values().filter(lets_through).cloned().collect();
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        found.retain(|order| before.is_none_or(|before| order.number < before));
        found.sort_by_key(|order| std::cmp::Reverse(order.number));
        found.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(Found { orders: found, total })
    }

    async fn available(&self, skus: &[String]) -> Result<HashMap<String, i32>, StoreError> {
        let books = self.books.lock().await;
        let of = |sku: &String| {
            books
                .stock
                .get(sku)
                .map(|(available, _)| (sku.clone(), *available))
        };
        Ok(skus.iter().filter_map(of).collect())
    }

    async fn overdue(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Id>, StoreError> {
        let books = self.books.lock().await;
        let over = |order: &Order| order.expires_at.filter(|at| *at <= now).map(|at| (at, order.id));
        let mut found: Vec<_> = books.orders.values().filter_map(over).collect();
        found.sort();
        found.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    async fn put_off(&self, id: Id, until: DateTime<Utc>) -> Result<(), StoreError> {
        let mut books = self.books.lock().await;
        if let Some(order) = books.orders.get_mut(&id) {
            order.expires_at = order.expires_at.and(Some(until));
        }
        Ok(())
    }
}

/// What the CHECK on stock.held says in a database: nobody gives back what nobody holds.
fn still_held(held: i32, doing: &'static str) -> Result<i32, StoreError> {
    if held < 0 {
        return Err(StoreError::Engine {
            doing,
            source: "more than is held".into(),
        });
    }
    Ok(held)
}

#[async_trait]
impl Work for MemoryWork {
    async fn order(&mut self, id: Id) -> Result<Option<Order>, StoreError> {
        Ok(self.draft.orders.get(&id).cloned())
    }

    async fn orders(&mut self, ids: &[Id]) -> Result<Vec<Order>, StoreError> {
        let found = ids.iter().filter_map(|id| self.draft.orders.get(id).cloned());
        Ok(found.collect())
    }

    async fn used_key(&mut self, scope: &str, key: &str) -> Result<Option<UsedKey>, StoreError> {
        let found = self.draft.keys.get(&(scope.to_owned(), key.to_owned()));
        Ok(found.map(|(used, _)| used.clone()))
    }

    async fn use_key(&mut self, key: &UsedKey, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let place = (key.scope.clone(), key.key.clone());
        if self.draft.keys.contains_key(&place) {
            return Ok(false);
        }
        self.draft.keys.insert(place, (key.clone(), now));
        Ok(true)
    }

    async fn forget_keys(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let count = self.draft.keys.len();
        self.draft.keys.retain(|_, (_, at)| *at >= before);
        Ok((count - self.draft.keys.len()) as u64)
    }

    async fn next_number(&mut self) -> Result<i64, StoreError> {
        let numbers = self.draft.orders.values().map(|order| order.number);
        Ok(numbers.max().unwrap_or(100_000) + 1)
    }

    async fn insert(&mut self, order: &Order) -> Result<bool, StoreError> {
        if self.draft.orders.values().any(|other| other.cart == order.cart) {
            return Ok(false);
        }
        self.draft.orders.insert(order.id, order.clone());
        Ok(true)
    }

    async fn save(&mut self, order: &Order) -> Result<(), StoreError> {
        self.draft.orders.insert(order.id, order.clone());
        Ok(())
    }

    async fn hold(&mut self, pieces: &[Pieces<'_>]) -> Result<Vec<Shortage>, StoreError> {
        let mut short = Vec::new();
        for Pieces { sku, quantity } in pieces {
            match self.draft.stock.get_mut(*sku) {
                Some((available, held)) if *available >= *quantity => {
                    *available -= quantity;
                    *held += quantity;
                }
                left => short.push(Shortage {
                    sku: (*sku).to_owned(),
                    available: left.map_or(0, |(available, _)| *available),
                }),
            }
        }
        Ok(short)
    }

    async fn put_back(&mut self, pieces: &[Pieces<'_>]) -> Result<(), StoreError> {
        for Pieces { sku, quantity } in pieces {
            if let Some((available, held)) = self.draft.stock.get_mut(*sku) {
                let left = still_held(*held - quantity, "put pieces back")?;
                *available += quantity;
                *held = left;
            }
        }
        Ok(())
    }

    async fn take_off_the_shelf(&mut self, pieces: &[Pieces<'_>]) -> Result<(), StoreError> {
        for Pieces { sku, quantity } in pieces {
            if let Some((_, held)) = self.draft.stock.get_mut(*sku) {
                *held = still_held(*held - quantity, "take pieces off the shelf")?;
            }
        }
        Ok(())
    }

    async fn set_available(&mut self, sku: &str, quantity: i32) -> Result<(), StoreError> {
        self.draft.stock.entry(sku.to_owned()).or_default().0 = quantity;
        Ok(())
    }

    async fn first_times(&mut self, events: &[Id], _now: DateTime<Utc>) -> Result<HashSet<Id>, StoreError> {
        let new = events
            .iter()
            .copied()
            .filter(|event| self.draft.inbox.insert(*event));
        Ok(new.collect())
    }

    async fn publish(&mut self, event: &CloudEvent) -> Result<(), StoreError> {
        self.draft.outbox.push(event.clone());
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        *self.books = std::mem::take(&mut self.draft);
        Ok(())
    }
}
