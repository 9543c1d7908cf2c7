//! The executor against scripted subgraphs: hand-made plans, and requests that the test answers one by one.

mod executor {
    mod conditions;
    mod contexts;
    mod entities;
    mod failures;
    mod nulls;
    mod over_http;
    mod over_http2;
    mod over_tls;
    mod over_websocket;
    mod pieces;
    mod plans;
    mod scheduling;
    mod stage;
    mod subscriptions;
}
