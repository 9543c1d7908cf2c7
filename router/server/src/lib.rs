//! The federation router as a server: HTTP, WebSocket, SSE, GraphiQL, who is asking.
