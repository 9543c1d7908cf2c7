//! The store's journeys: a built `lavka`, started as a person starts it, and asked over HTTP and WebSocket.
//!
//! Every journey has a store of its own, on a free port and in a data directory that goes away with it.
//! What the journeys got an answer for is recorded (see `coverage`), so that no field of the schema is only decoration.

mod coverage;
mod graphql;
mod people;
mod processes;
mod shop;
mod socket;

mod accounts;
mod bad_input;
mod browsing;
mod buying;
mod cancelling;
mod carts;
mod crashing;
mod dying;
mod editing;
mod faults;
mod gateways;
mod generated;
mod localstripe;
mod messages;
mod paying;
mod postgres;
mod starting;
mod stock;
