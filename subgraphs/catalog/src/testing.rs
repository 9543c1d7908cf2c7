//! Test stage.
