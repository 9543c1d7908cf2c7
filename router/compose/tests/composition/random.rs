//! Sets of subgraphs that a seed makes up: the same seed, the same set.
//!
//! First a small world is made up: entities with keys, values, an interface, a union, enums, inputs. Then its parts are dealt to subgraphs, as teams
//! would: a field to one or (shareable) to several, keys to some. About every second set is then broken in one or two places, as teams would too.

mod abstracts;
mod entities;
mod inputs;
mod marks;
mod reaching;
mod roots;

use std::collections::BTreeMap;

use lavka_compose::Subgraph;

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit.max(1)
    }

    fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

    fn one_of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}

/// A type in a subgraph.
#[derive(Clone, Default)]
struct Part {
    /// `type`, `interface` …
    kind: &'static str,
    implements: Vec<&'static str>,
    directives: Vec<String>,
    /// Name, arguments, type and directives.
    fields: Vec<FieldText>,
    /// For unions and enums.
    members: Vec<String>,
}

#[derive(Clone)]
struct FieldText {
    name: String,
    arguments: &'static str,
    ty: String,
    directives: Vec<String>,
}

type Parts = BTreeMap<String, Part>;

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const ENTITIES: [&str; 3] = ["Product", "User", "Order"];
const VALUES: [&str; 2] = ["Money", "Size"];

/// A set of subgraphs.
pub fn subgraphs(seed: u64) -> Vec<Subgraph> {
    let mut random = Random::new(seed);
    let count = 2 + random.below(3);
    let mut graphs: Vec<Parts> = vec![Parts::new(); count];
    let mut deal = Deal {
        random: &mut random,
        graphs: &mut graphs,
    };
    deal.entities();
    deal.values();
    deal.interface();
    deal.union();
    deal.interface_object();
    deal.enums();
    deal.inputs();
    deal.requires();
    deal.provides();
    deal.overrides();
    deal.roots();
    deal.marks();
    if deal.random.one_in(2) {
        for _ in 0..=deal.random.below(2) {
            deal.break_something();
        }
    }
    let composing = deal.composed();
    graphs
        .iter()
        .zip(NAMES)
        .zip(composing)
        .map(|((parts, name), composing)| Subgraph {
            name: name.to_owned(),
            url: Some(format!("http://{name}")),
            sdl: sdl(parts, &composing),
        })
        .collect()
}

const IMPORTS: &str = r#""@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@composeDirective""#;

/// `composing` is what the subgraph says of directives of its own.
fn sdl(parts: &Parts, composing: &str) -> String {
    let mut text = format!(
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [{IMPORTS}]) {composing}\n"
    );
    for (name, part) in parts {
        let implements = match part.implements.is_empty() {
            true => String::new(),
            false => format!(" implements {}", part.implements.join(" & ")),
        };
        text += &format!("\n{} {name}{implements}", part.kind);
        for directive in &part.directives {
            text += &format!(" {directive}");
        }
        if part.kind == "union" {
            text += &format!(" = {}\n", part.members.join(" | "));
            continue;
        }
        text += " {\n";
        for member in &part.members {
            text += &format!("  {member}\n");
        }
        for field in &part.fields {
            let directives = field.directives.join(" ");
            text += &format!("  {}{}: {} {directives}\n", field.name, field.arguments, field.ty);
        }
        text += "}\n";
    }
    text
}

struct Deal<'r> {
    random: &'r mut Random,
    graphs: &'r mut Vec<Parts>,
}

fn field(name: &str, ty: &str) -> FieldText {
    FieldText {
        name: name.to_owned(),
        arguments: "",
        ty: ty.to_owned(),
        directives: Vec::new(),
    }
}

impl Part {
    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    fn add(&mut self, field: FieldText) -> bool {
        let new = !self.has(&field.name);
        if new {
            self.fields.push(field);
        }
        new
    }
}

impl Deal<'_> {
    fn some_graphs(&mut self, least: usize) -> Vec<usize> {
        let count = self.graphs.len();
        let mut chosen: Vec<usize> = (0..count).filter(|_| self.random.one_in(2)).collect();
        while chosen.len() < least.min(count) {
            let more = self.random.below(count);
            if !chosen.contains(&more) {
                chosen.push(more);
            }
        }
        chosen.sort_unstable();
        chosen
    }

    fn part(&mut self, graph: usize, name: &str, kind: &'static str) -> &mut Part {
        let part = self.graphs[graph].entry(name.to_owned()).or_default();
        part.kind = kind;
        part
    }

    fn graphs_with(&self, name: &str) -> Vec<usize> {
        (0..self.graphs.len())
            .filter(|graph| self.graphs[*graph].contains_key(name))
            .collect()
    }
}
