//! How long composing takes: for a small store, and for 200 subgraphs with 5,000 types.

use std::fmt::Write;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use lavka_compose::{Subgraph, compose};

/// The fixture of the tests.
fn store() -> Vec<Subgraph> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store");
    let files = std::fs::read_dir(folder).expect("the fixture");
    let subgraph = |path: &Path| Subgraph {
        name: path.file_stem().expect("a name").to_string_lossy().into_owned(),
        url: None,
        sdl: std::fs::read_to_string(path).expect("its text"),
    };
    files.flatten().map(|file| subgraph(&file.path())).collect()
}

const SUBGRAPHS: usize = 200;
const TYPES: usize = 25;

/// Every subgraph owns entities that refer to its neighbours', extends those of the one before, and knows the user that all share.
fn large() -> Vec<Subgraph> {
    (0..SUBGRAPHS)
        .map(|number| Subgraph {
            name: format!("s{number}"),
            url: Some(format!("http://s{number}/graphql")),
            sdl: sdl(number),
        })
        .collect()
}

fn sdl(number: usize) -> String {
    let before = (number + SUBGRAPHS - 1) % SUBGRAPHS;
    let mut sdl = String::from(
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", \"@shareable\", \"@external\", \"@requires\"])\n",
    );
    let mut write = |text: std::fmt::Arguments<'_>| sdl.write_fmt(text).expect("text");
    write(format_args!(
        "type Query {{ first{number}: T{number}x0 user{number}: User }}\n"
    ));
    write(format_args!(
        "type User @key(fields: \"id\") {{ id: ID! of{number}: [T{number}x1!] }}\n"
    ));
    for ty in 0..TYPES {
        let next = (ty + 1) % TYPES;
        write(format_args!(
            "type T{number}x{ty} @key(fields: \"id\") @key(fields: \"code region\") {{ id: ID! code: String! region: String! name: String next: T{number}x{next} before: T{before}x{ty} owner: User size: Size }}\n"
        ));
        write(format_args!(
            "type T{before}x{ty} @key(fields: \"id\") {{ id: ID! name: String @external more{number}: Int @requires(fields: \"name\") }}\n"
        ));
    }
    write(format_args!(
        "type Size @shareable {{ width: Int height: Int }}\n"
    ));
    sdl
}

fn bench(criterion: &mut Criterion) {
    let store = store();
    criterion.bench_function("compose/store", |bencher| {
        bencher.iter(|| compose(&store).expect("it composes"));
    });
    let large = large();
    let mut group = criterion.benchmark_group("compose");
    group.sample_size(10);
    group.bench_function("200_subgraphs_5000_types", |bencher| {
        bencher.iter(|| compose(&large).expect("it composes"));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
