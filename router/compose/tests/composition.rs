//! Subgraphs to supergraphs: what comes out, what is refused and why, and whether others say the same.

mod composition {
    mod agreement;
    mod codes;
    mod composed;
    mod contexts;
    mod defaults;
    mod facts;
    mod field_sets;
    mod fixtures;
    mod hints;
    mod links;
    mod operations;
    mod planning;
    mod random;
    mod refusals;
    mod satisfiability;
    mod supergraphs;
    mod theguild;
}
