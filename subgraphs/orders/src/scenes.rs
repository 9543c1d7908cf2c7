//! Scenes through the schema: a shop with lamps, books and clocks (no longer sold), a cart service that remembers, and whatever
//! payments says.

mod checkout;
mod double;
mod live;
mod money;
mod shop;
mod staff;
