//! Sets of subgraphs that a seed makes up: the same seed, the same set.
//!
//! First a small world is made up: entities with keys, values, an interface, a union, enums, inputs. Then its parts are dealt to subgraphs, as teams
//! would: a field to one or (shareable) to several, keys to some. About every second set is then broken in one or two places, as teams would too.

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
    graphs
        .iter()
        .zip(NAMES)
        .map(|(parts, name)| Subgraph {
            name: name.to_owned(),
            url: Some(format!("http://{name}")),
            sdl: sdl(parts),
        })
        .collect()
}

fn sdl(parts: &Parts) -> String {
    let mut text = String::from(
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", \"@requires\", \"@provides\", \"@external\", \"@shareable\", \"@override\", \"@inaccessible\", \"@tag\", \"@interfaceObject\", \"@authenticated\", \"@requiresScopes\"])\n",
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

    fn entities(&mut self) {
        for entity in ENTITIES {
            let with_second_key = self.random.one_in(2);
            for graph in self.some_graphs(2) {
                let mut keys = Vec::new();
                let which = self.random.below(6);
                if which != 1 || !with_second_key {
                    keys.push("id");
                }
                if with_second_key && which < 3 {
                    keys.push(self.random_key(entity));
                }
                let resolvable = !self.random.one_in(9);
                for key in keys {
                    self.key(graph, entity, key, resolvable);
                }
            }
            self.own_fields(entity);
        }
    }

    fn key(&mut self, graph: usize, entity: &str, key: &str, resolvable: bool) {
        let not = if resolvable { "" } else { ", resolvable: false" };
        let part = self.part(graph, entity, "type");
        part.directives.push(format!("@key(fields: \"{key}\"{not})"));
        for name in key.replace("maker { id }", "maker").split(' ') {
            let ty = match name {
                "id" => "ID!",
                "maker" => "Maker!",
                _ => "String!",
            };
            part.add(field(name, ty));
        }
        if key.contains("maker") {
            let mut id = field("id", "ID!");
            id.directives.push("@shareable".to_owned());
            self.part(graph, "Maker", "type").add(id);
        }
    }

    fn random_key(&mut self, entity: &str) -> &'static str {
        // One for all of an entity, most of the time.
        match (entity, self.random.one_in(8)) {
            ("Product", false) => "sku region",
            ("User", false) => "email",
            ("Order", false) => "maker { id } number",
            _ => "code",
        }
    }

    fn own_fields(&mut self, ty: &str) {
        let known = self.graphs_with(ty);
        if known.is_empty() {
            return;
        }
        for number in 0..1 + self.random.below(4) {
            let name = format!("f{number}");
            let given = self.random_type();
            let shared = self.random.one_in(4) && known.len() > 1;
            let givers = if shared {
                known.clone()
            } else {
                vec![self.random.one_of(&known)]
            };
            let arguments = match self.random.below(8) {
                0 => "(first: Int)",
                1 => "(by: String = \"x\")",
                _ => "",
            };
            for graph in givers {
                let ty_here = if self.random.one_in(6) {
                    format!("{}!", given.trim_end_matches('!'))
                } else {
                    given.clone()
                };
                self.mention(graph, &given);
                let part = self.part(graph, ty, "type");
                part.add(FieldText {
                    name: name.clone(),
                    arguments,
                    ty: ty_here,
                    directives: if shared {
                        vec!["@shareable".to_owned()]
                    } else {
                        Vec::new()
                    },
                });
            }
        }
    }

    fn random_type(&mut self) -> String {
        let named = match self.random.below(10) {
            0..=4 => self.random.one_of(&["String", "Int", "Boolean", "Float"]),
            5 | 6 => self.random.one_of(&ENTITIES),
            7 => self.random.one_of(&VALUES),
            8 => "Status",
            _ => "ID",
        };
        match self.random.below(5) {
            0 => format!("[{named}!]!"),
            1 => format!("[{named}]"),
            2 => format!("{named}!"),
            _ => named.to_owned(),
        }
    }

    /// A subgraph that refers to a type must know it: at least as a stub.
    fn mention(&mut self, graph: usize, ty: &str) {
        let named: String = ty.chars().filter(char::is_ascii_alphanumeric).collect();
        if self.graphs[graph].contains_key(&named) {
            return;
        }
        if ENTITIES.contains(&named.as_str()) {
            let resolvable = self.random.one_in(2);
            let part = self.part(graph, &named, "type");
            let not = if resolvable { "" } else { ", resolvable: false" };
            part.directives.push(format!("@key(fields: \"id\"{not})"));
            part.add(field("id", "ID!"));
        } else if VALUES.contains(&named.as_str()) {
            self.value(graph, &named);
        } else if named == "Status" {
            self.part(graph, "Status", "enum").members = vec!["ON".into(), "OFF".into()];
        }
    }

    fn value(&mut self, graph: usize, name: &str) {
        let names = match self.random.below(4) {
            0 => vec!["x"],
            1 => vec!["x", "y", "z"],
            _ => vec!["x", "y"],
        };
        let part = self.part(graph, name, "type");
        part.directives = vec!["@shareable".to_owned()];
        for name in names {
            part.add(field(name, "Int"));
        }
    }

    fn values(&mut self) {
        for value in VALUES {
            if self.random.one_in(2) {
                for graph in self.some_graphs(1) {
                    self.value(graph, value);
                }
            }
        }
    }

    fn interface(&mut self) {
        if self.random.one_in(2) {
            return;
        }
        for graph in self.some_graphs(1) {
            let more = self.random.one_in(3);
            let interface = self.part(graph, "Node", "interface");
            interface.add(field("id", "ID!"));
            if more {
                interface.add(field("f0", "String"));
            }
            for entity in ENTITIES {
                let is_one = !self.random.one_in(4);
                if let Some(part) = self.graphs[graph].get_mut(entity)
                    && part.has("id")
                    && is_one
                    && (!more
                        || part
                            .fields
                            .iter()
                            .any(|field| field.name == "f0" && field.ty.starts_with("String")))
                {
                    part.implements.push("Node");
                }
            }
        }
    }

    fn union(&mut self) {
        if self.random.one_in(2) {
            return;
        }
        for graph in self.some_graphs(1) {
            let members: Vec<String> = ENTITIES
                .iter()
                .filter(|entity| self.graphs[graph].contains_key(**entity))
                .map(ToString::to_string)
                .collect();
            let members: Vec<String> = members.into_iter().filter(|_| !self.random.one_in(4)).collect();
            if !members.is_empty() {
                self.part(graph, "Found", "union").members = members;
            }
        }
    }

    /// An interface with a key in one subgraph, an object that stands for it in another.
    fn interface_object(&mut self) {
        if !self.random.one_in(3) {
            return;
        }
        let (knows, stands) = (0, 1);
        let key = "@key(fields: \"id\")".to_owned();
        let interface = self.part(knows, "Media", "interface");
        interface.directives.push(key.clone());
        interface.add(field("id", "ID!"));
        interface.add(field("title", "String"));
        for name in ["Book", "Film"] {
            let part = self.part(knows, name, "type");
            part.directives.push(key.clone());
            part.implements.push("Media");
            part.add(field("id", "ID!"));
            part.add(field("title", "String"));
        }
        self.part(knows, "Film", "type").add(field("length", "Int"));
        let not = if self.random.one_in(4) {
            ", resolvable: false"
        } else {
            ""
        };
        let own = self.random_type();
        self.mention(stands, &own);
        let object = self.part(stands, "Media", "type");
        object.directives.push("@interfaceObject".to_owned());
        object.directives.push(format!("@key(fields: \"id\"{not})"));
        object.add(field("id", "ID!"));
        object.add(field("stars", "Int"));
        object.add(field("more", &own));
        if self.random.one_in(3) {
            let mut title = field("title", "String");
            title.directives.push("@external".to_owned());
            let object = self.part(stands, "Media", "type");
            object.add(title);
            let mut needs = field("shout", "String");
            needs.directives.push("@requires(fields: \"title\")".to_owned());
            object.add(needs);
        }
        for graph in [knows, stands] {
            if !self.random.one_in(3) {
                self.part(graph, "Query", "type")
                    .add(field(&format!("media{graph}"), "[Media]"));
            }
        }
    }

    fn enums(&mut self) {
        for graph in self.graphs_with("Status") {
            if self.random.one_in(6) {
                self.part(graph, "Status", "enum")
                    .members
                    .push("HIDDEN".to_owned());
            }
        }
        if self.random.one_in(3) {
            for graph in self.some_graphs(1) {
                let extra = self.random.one_in(4);
                let part = self.part(graph, "Sort", "enum");
                part.members = vec!["UP".into(), "DOWN".into()];
                if extra {
                    part.members.push("RANDOM".into());
                }
                self.part(graph, "Query", "type").add(FieldText {
                    arguments: "(by: Sort)",
                    ..field(&format!("sorted{graph}"), "Int")
                });
            }
        }
    }

    fn inputs(&mut self) {
        if !self.random.one_in(3) {
            return;
        }
        for graph in self.some_graphs(1) {
            let which = self.random.below(6);
            let part = self.part(graph, "Filter", "input");
            part.add(field("text", if which == 0 { "String!" } else { "String" }));
            if which != 1 {
                part.add(field("least", "Int"));
            }
            if which == 2 {
                part.add(field("only", "Boolean = false"));
            }
            self.part(graph, "Query", "type").add(FieldText {
                arguments: "(filter: Filter)",
                ..field(&format!("filtered{graph}"), "[Int]")
            });
        }
    }

    /// Fields of an entity that another subgraph gives, and their types.
    fn others(&self, graph: usize, entity: &str) -> Vec<FieldText> {
        let mut found: Vec<FieldText> = Vec::new();
        for (other, parts) in self.graphs.iter().enumerate() {
            let Some(part) = parts.get(entity).filter(|_| other != graph) else {
                continue;
            };
            for field in &part.fields {
                let is_leaf = ["String", "Int", "Boolean", "Float", "ID"]
                    .iter()
                    .any(|leaf| field.ty.trim_matches(['[', ']', '!']) == *leaf);
                let is_own = field.name.starts_with('f') && field.directives.is_empty();
                let here = self.graphs[graph]
                    .get(entity)
                    .is_some_and(|part| part.has(&field.name));
                if is_leaf && is_own && !here && found.iter().all(|one| one.name != field.name) {
                    found.push(field.clone());
                }
            }
        }
        found
    }

    fn requires(&mut self) {
        for _ in 0..self.random.below(3) {
            let entity = self.random.one_of(&ENTITIES);
            let known = self.graphs_with(entity);
            let graph = self.random.one_of(&known);
            let others = self.others(graph, entity);
            if others.is_empty() {
                continue;
            }
            let mut wanted = self.random.one_of(&others);
            let text = match wanted.arguments {
                "(first: Int)" => format!("{}(first: 3)", wanted.name),
                _ => wanted.name.clone(),
            };
            wanted.directives = vec!["@external".to_owned()];
            let part = self.part(graph, entity, "type");
            let mut needs = field(&format!("needs{}", part.fields.len()), "String");
            needs.directives.push(format!("@requires(fields: \"{text}\")"));
            part.add(wanted);
            part.add(needs);
        }
    }

    fn provides(&mut self) {
        for _ in 0..self.random.below(3) {
            let entity = self.random.one_of(&ENTITIES);
            let known = self.graphs_with(entity);
            let graph = self.random.one_of(&known);
            let others: Vec<FieldText> = self
                .others(graph, entity)
                .into_iter()
                .filter(|field| field.arguments.is_empty())
                .collect();
            if others.is_empty() {
                continue;
            }
            let mut given = self.random.one_of(&others);
            let name = given.name.clone();
            given.directives = vec!["@external".to_owned()];
            self.part(graph, entity, "type").add(given);
            // A provided field is shared with the one who gives it.
            for parts in self.graphs.iter_mut() {
                for field in parts
                    .get_mut(entity)
                    .into_iter()
                    .flat_map(|part| &mut part.fields)
                {
                    if field.name == name && field.directives.is_empty() {
                        field.directives.push("@shareable".to_owned());
                    }
                }
            }
            let mut root = field(&format!("provided{graph}{name}{entity}"), entity);
            root.directives.push(format!("@provides(fields: \"{name}\")"));
            self.part(graph, "Query", "type").add(root);
        }
    }

    fn overrides(&mut self) {
        if !self.random.one_in(3) {
            return;
        }
        let entity = self.random.one_of(&ENTITIES);
        let known = self.graphs_with(entity);
        let graph = self.random.one_of(&known);
        let others: Vec<usize> = known.into_iter().filter(|other| *other != graph).collect();
        if others.is_empty() {
            return;
        }
        let from = self.random.one_of(&others);
        let label = match self.random.below(3) {
            0 => ", label: \"percent(50)\"",
            1 => ", label: \"moving\"",
            _ => "",
        };
        self.part(from, entity, "type").add(field("moved", "String"));
        let mut moved = field("moved", "String");
        moved
            .directives
            .push(format!("@override(from: \"{}\"{label})", NAMES[from]));
        self.part(graph, entity, "type").add(moved);
    }

    fn roots(&mut self) {
        for graph in 0..self.graphs.len() {
            for _ in 0..1 + self.random.below(3) {
                let known: Vec<String> = self.graphs[graph]
                    .iter()
                    .filter(|(_, part)| matches!(part.kind, "type" | "interface" | "union"))
                    .map(|(name, _)| name.clone())
                    .filter(|name| name != "Query" && name != "Maker" && name != "Media")
                    .collect();
                if known.is_empty() {
                    self.part(graph, "Query", "type")
                        .add(field(&format!("ping{graph}"), "Int"));
                    continue;
                }
                let ty = self.random.one_of(&known);
                let list = self.random.one_in(3);
                let shared = self.random.one_in(5);
                let text = if list { format!("[{ty}]") } else { ty.clone() };
                let mut root = field(
                    &format!(
                        "get{ty}{}",
                        if shared { String::new() } else { graph.to_string() }
                    ),
                    &text,
                );
                if shared {
                    root.ty = ty;
                    root.directives.push("@shareable".to_owned());
                }
                self.part(graph, "Query", "type").add(root);
            }
        }
    }

    fn any_field(&mut self) -> Option<(usize, String, usize)> {
        let graph = self.random.below(self.graphs.len());
        let names: Vec<String> = self.graphs[graph].keys().cloned().collect();
        let name = self.random.one_of(&names);
        let count = self.graphs[graph][&name].fields.len();
        (count > 0).then(|| (graph, name, self.random.below(count)))
    }

    fn marks(&mut self) {
        for _ in 0..self.random.below(3) {
            let mark = self.random.one_of(&[
                "@inaccessible",
                "@tag(name: \"x\")",
                "@deprecated(reason: \"old\")",
                "@authenticated",
                "@requiresScopes(scopes: [[\"a\", \"b\"], [\"c\"]])",
            ]);
            let Some((graph, ty, at)) = self.any_field() else {
                continue;
            };
            let part = self.graphs[graph].get_mut(&ty).expect("it is there");
            let guards = mark.starts_with("@auth") || mark.starts_with("@requiresS");
            if part.kind == "input" && guards || part.kind == "interface" || part.fields[at].ty.contains('=')
            {
                continue;
            }
            let is_external = part.fields[at].directives.iter().any(|one| one == "@external");
            if !is_external {
                part.fields[at].directives.push(mark.to_owned());
            }
        }
    }

    fn break_something(&mut self) {
        let which = self.random.below(12);
        let Some((graph, ty, at)) = self.any_field() else {
            return;
        };
        let part = self.graphs[graph].get_mut(&ty).expect("it is there");
        match which {
            0 => part.fields[at].directives.retain(|one| one != "@shareable"),
            1 => part.directives.retain(|one| one != "@shareable"),
            2 => part.fields[at].directives.retain(|one| one != "@external"),
            3 => part.directives.retain(|one| !one.starts_with("@key")),
            4 => "Boolean".clone_into(&mut part.fields[at].ty),
            5 => {
                if part.kind != "input" {
                    part.fields[at].arguments = "(must: Int!)";
                }
            }
            6 => {
                if part.fields.len() > 1 {
                    part.fields.remove(at);
                }
            }
            7 => {
                part.members.pop();
            }
            8 => part.fields[at].directives.push("@inaccessible".to_owned()),
            9 => part.directives.push("@inaccessible".to_owned()),
            10 => {
                for directive in &mut part.directives {
                    if directive.starts_with("@key") {
                        *directive = "@key(fields: \"id\", resolvable: false)".to_owned();
                    }
                }
            }
            _ => part.fields[at].directives.push("@shareable".to_owned()),
        }
    }
}
