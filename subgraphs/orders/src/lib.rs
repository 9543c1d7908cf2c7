//! Checkout, orders, stock.
