//! What the six subgraphs share.
