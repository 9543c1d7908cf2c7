//! The schema: carts, their owners' field, and what only services may do.

mod cart;
mod mutation;
mod payload;
mod query;

use async_graphql::{EmptySubscription, Schema};
use lavka_kit::money::Currency;

use crate::carts::Carts;
use mutation::Mutation;
use query::Query;

pub type CartSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema over these operations.
pub fn schema(carts: Carts, currency: Currency) -> CartSchema {
    lavka_kit::graphql::schema(Query, Mutation, EmptySubscription)
        .data(carts)
        .data(currency)
        .finish()
}

#[cfg(test)]
mod tests;
