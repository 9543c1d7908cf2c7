//! Composes subgraph schemas into a supergraph.
