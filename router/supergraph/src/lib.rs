//! The model of a composed schema: reads and prints the join specification.
