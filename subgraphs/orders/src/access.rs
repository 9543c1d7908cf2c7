//! Whose order is it? What isn't yours looks as if it weren't there.

use lavka_kit::caller::{Caller, Scope};
use subtle::ConstantTimeEq as _;

use crate::order::Order;

/// Somebody who asks for an order.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub caller: Caller,
    /// A guest's key, as it came.
    pub order_key: Option<String>,
}

impl Viewer {
    pub const fn new(caller: Caller, order_key: Option<String>) -> Self {
        Self { caller, order_key }
    }

    /// Whoever bought it: the account, or who has the key of a guest's order.
    pub fn bought(&self, order: &Order) -> bool {
        match (order.customer, &order.key) {
            (Some(customer), _) => self.caller.user_id() == Some(customer),
            (None, Some(key)) => self.order_key.as_ref().is_some_and(|given| equal(given, key)),
            (None, None) => false,
        }
    }

    /// Whoever bought it, staff, and services.
    pub fn may_see(&self, order: &Order) -> bool {
        self.caller.has_scope(Scope::ORDERS_MANAGE) || self.caller.is_service() || self.bought(order)
    }
}

/// In a time that tells nothing of where they differ.
fn equal(given: &str, key: &str) -> bool {
    given.as_bytes().ct_eq(key.as_bytes()).into()
}
