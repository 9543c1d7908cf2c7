//! Accounts, sessions, tokens, addresses.
