//! What every adapter of the bus must do, as scenes that an adapter's tests play. Filled in beside the adapters.
