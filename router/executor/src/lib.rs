//! Runs a query plan against subgraphs and writes the response.
