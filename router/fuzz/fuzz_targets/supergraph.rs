//! A supergraph from anywhere: it is read, or refused with reasons.
#![no_main]

use lavka_supergraph::Supergraph;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(reasons) = Supergraph::parse(text) {
        assert!(!reasons.is_empty());
    }
});
