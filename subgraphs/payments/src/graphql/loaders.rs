//! Rows for many parents in one statement: a list of fifty orders asks for its payments once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::{Error, Result};
use dataloader::BatchFn;
use dataloader::non_cached::Loader;
use lavka_kit::errors::fault;
use lavka_kit::ids::Id;

use crate::payment::Payment;
use crate::refund::Refund;
use crate::store::{Store, StoreError};

/// A loader that every request shares: it batches, and keeps nothing.
pub(crate) struct Loaders {
    payments: Loader<Id, Answer<Payment>, PaymentsOfOrders>,
    refunds: Loader<Id, Answer<Refund>, RefundsOfPayments>,
}

type Answer<T> = std::result::Result<Vec<T>, Arc<StoreError>>;

impl Loaders {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self {
            payments: Loader::new(PaymentsOfOrders(store.clone())),
            refunds: Loader::new(RefundsOfPayments(store)),
        }
    }

    /// All attempts of an order, first to last.
    pub(crate) async fn payments_of(&self, order: Id) -> Result<Vec<Payment>> {
        answered(self.payments.try_load(order).await)
    }

    /// All refunds of a payment, oldest first.
    pub(crate) async fn refunds_of(&self, payment: Id) -> Result<Vec<Refund>> {
        answered(self.refunds.try_load(payment).await)
    }
}

fn answered<T>(answer: std::io::Result<Answer<T>>) -> Result<Vec<T>, Error> {
    answer.map_err(fault)?.map_err(fault)
}

struct PaymentsOfOrders(Arc<dyn Store>);

impl BatchFn<Id, Answer<Payment>> for PaymentsOfOrders {
    async fn load(&mut self, orders: &[Id]) -> HashMap<Id, Answer<Payment>> {
        grouped(orders, self.0.payments_of_orders(orders).await, |payment| {
            payment.order_id
        })
    }
}

struct RefundsOfPayments(Arc<dyn Store>);

impl BatchFn<Id, Answer<Refund>> for RefundsOfPayments {
    async fn load(&mut self, payments: &[Id]) -> HashMap<Id, Answer<Refund>> {
        grouped(payments, self.0.refunds_of_payments(payments).await, |refund| {
            refund.payment_id
        })
    }
}

fn grouped<K: Copy + Eq + Hash, T>(
    keys: &[K],
    rows: std::result::Result<Vec<T>, StoreError>,
    key: impl Fn(&T) -> K,
) -> HashMap<K, Answer<T>> {
    match rows {
        Ok(rows) => {
            let mut groups: HashMap<K, Vec<T>> = keys.iter().map(|key| (*key, Vec::new())).collect();
            for row in rows {
                groups.entry(key(&row)).or_default().push(row);
            }
            groups.into_iter().map(|(key, rows)| (key, Ok(rows))).collect()
        }
        Err(error) => {
            let error = Arc::new(error);
            keys.iter().map(|key| (*key, Err(error.clone()))).collect()
        }
    }
}
