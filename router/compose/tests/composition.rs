//! Subgraphs to supergraphs: what comes out, what is refused and why, and whether others say the same.

mod composition {
    mod agreement;
    mod contexts;
    mod facts;
    mod fixtures;
    mod operations;
    mod planning;
    mod random;
    mod refusals;
    mod satisfiability;
    mod supergraphs;
    mod theguild;
}
