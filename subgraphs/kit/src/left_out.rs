//! Adapters that a build can do without.

/// The configuration names an engine whose adapter is not in this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this program was built without its adapter for {0}: `cargo build --package lavka` builds it in (the feature `engines`, which \
     `cargo xtask up` leaves out)"
)]
pub struct LeftOut(pub &'static str);
