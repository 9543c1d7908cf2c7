//! Plans, one capability a test: a few small subgraphs, an operation, and the plan as text. Every document in a plan is checked against the schema of the
//! subgraph that it is sent to.

mod plans {
    mod abstract_types;
    mod access;
    mod bounds;
    mod conditions;
    mod contexts;
    mod deferral;
    mod entities;
    mod explain;
    mod interface_objects;
    mod keys;
    mod large;
    mod mutations;
    mod names;
    mod provides;
    mod requires;
    mod scene;
    mod search;
    mod shared;
}
