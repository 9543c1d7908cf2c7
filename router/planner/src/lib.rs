//! Turns an operation over a supergraph into a query plan.
