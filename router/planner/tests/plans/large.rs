//! A supergraph of a large company, made by rule: as many subgraphs and types as you like, each type in some of the subgraphs.

use std::collections::BTreeSet;
use std::fmt::Write;

const HEAD: &str = r#"schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
"#;

/// Three subgraphs give a type's fields; whoever refers to it knows its key. `shared` comes from two of them.
fn homes(ty: usize, subgraphs: usize) -> [usize; 3] {
    let first = ty % subgraphs;
    [
        first,
        (first + 1 + ty / subgraphs) % subgraphs,
        (first + 7 + ty % 5) % subgraphs,
    ]
}

fn referred(ty: usize, types: usize) -> [usize; 2] {
    [(ty * 3 + 1) % types, (ty * 5 + 2) % types]
}

/// A supergraph with so many subgraphs and object types.
pub fn supergraph(subgraphs: usize, types: usize) -> String {
    let mut referring: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); types];
    for ty in 0..types {
        let [first, second, _] = homes(ty, subgraphs);
        let [next, other] = referred(ty, types);
        referring[next].insert(first);
        referring[other].insert(second);
    }
    let mut sdl = HEAD.to_owned();
    let _ = writeln!(sdl, "enum join__Graph {{");
    for graph in 0..subgraphs {
        let _ = writeln!(
            sdl,
            "  S{graph} @join__graph(name: \"s{graph}\", url: \"http://s{graph}\")"
        );
    }
    let _ = writeln!(sdl, "}}\ntype Query");
    for graph in 0..subgraphs {
        let _ = writeln!(sdl, "  @join__type(graph: S{graph})");
    }
    let _ = writeln!(sdl, "{{");
    for graph in 0..subgraphs.min(types) {
        let _ = writeln!(
            sdl,
            "  q{graph}: [T{graph}!] @join__field(graph: S{})",
            homes(graph, subgraphs)[0]
        );
    }
    let _ = writeln!(sdl, "}}");
    for (ty, referring) in referring.iter().enumerate() {
        let own = homes(ty, subgraphs);
        let _ = writeln!(sdl, "type T{ty}");
        for graph in own.into_iter().collect::<BTreeSet<_>>() {
            let _ = writeln!(sdl, "  @join__type(graph: S{graph}, key: \"id\")");
        }
        for graph in referring.iter().filter(|graph| !own.contains(graph)) {
            let _ = writeln!(
                sdl,
                "  @join__type(graph: S{graph}, key: \"id\", resolvable: false)"
            );
        }
        let [a, b, c] = own;
        let [next, other] = referred(ty, types);
        let _ = writeln!(
            sdl,
            "{{
  id: ID!
  a: Int @join__field(graph: S{a})
  b(lang: String): String @join__field(graph: S{b})
  c: Int @join__field(graph: S{c})
  d: Int @join__field(graph: S{a})
  shared: String @join__field(graph: S{b}) @join__field(graph: S{c})
  next: T{next} @join__field(graph: S{a})
  other: [T{other}!] @join__field(graph: S{b})
}}"
        );
    }
    sdl
}

/// An operation of so many fields at least. Who gives `shared` makes no difference: both are asked for something else as well.
pub fn operation(subgraphs: usize, fields: usize) -> String {
    operation_of(
        "id a b(lang: $lang) c d @include(if: $all) shared ",
        6,
        subgraphs,
        fields,
    )
}

/// An operation of so many fields at least, in which it makes a difference at half of the objects.
pub fn contested(subgraphs: usize, fields: usize) -> String {
    operation_of("id shared ", 2, subgraphs, fields).replacen("($lang: String, $all: Boolean!)", "", 1)
}

/// `leaves`: so many fields, of each object.
fn operation_of(leaves: &str, count_of_leaves: usize, subgraphs: usize, fields: usize) -> String {
    let mut text = String::from("query Large($lang: String, $all: Boolean!) {");
    let mut count = 0;
    let mut root = 0;
    while count < fields {
        let _ = write!(text, " q{root} {{ ");
        object(&mut text, &mut count, (leaves, count_of_leaves), 3);
        text.push('}');
        count += 1;
        root = (root + 1) % subgraphs;
    }
    text.push('}');
    text
}

fn object(text: &mut String, count: &mut usize, leaves: (&str, usize), depth: usize) {
    text.push_str(leaves.0);
    *count += leaves.1;
    if depth > 0 {
        for field in ["next", "other"] {
            let _ = write!(text, "{field} {{ ");
            object(text, count, leaves, depth - 1);
            text.push_str("} ");
            *count += 1;
        }
    }
}
