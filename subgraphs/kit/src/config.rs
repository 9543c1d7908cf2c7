//! Configuration: typed, sectioned, strict. A misspelt key stops the start and names its place; a secret never prints.
//!
//! A file in TOML is overlaid with environment variables: `LAVKA__ORDERS__EXPIRE_AFTER_MINUTES=10` sets
//! `expire_after_minutes` in the section `[orders]`. A value that reads as a TOML value is one; anything else is text.

mod load;
mod secret;

pub use load::{ConfigError, load};
pub use secret::Secret;
