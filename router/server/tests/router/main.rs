//! The router from outside: over HTTP, WebSocket, SSE and multipart, before two subgraphs.

mod access;
mod clients;
mod defer;
mod end_to_end;
mod graphql_over_http;
mod limits;
mod overrides;
mod page;
mod persisted;
mod sockets;
mod streams;
mod world;
