//! Payments and refunds.
