//! SDL of subgraphs: a line `---` begins the next one. Whatever it is, composing ends with a supergraph that loads, or with errors.
#![no_main]

use lavka_compose::{Subgraph, compose};
use lavka_supergraph::Supergraph;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let subgraphs: Vec<Subgraph> = text
        .split("\n---\n")
        .take(4)
        .enumerate()
        .map(|(index, sdl)| Subgraph {
            name: format!("s{index}"),
            url: None,
            sdl: sdl.to_owned(),
        })
        .collect();
    match compose(&subgraphs) {
        Ok(composition) => {
            let loaded = Supergraph::parse(&composition.supergraph_sdl);
            assert!(loaded.is_ok(), "{loaded:?}\n{}", composition.supergraph_sdl);
        }
        Err(errors) => assert!(!errors.is_empty()),
    }
});
