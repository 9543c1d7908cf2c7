//! Entities with keys, values, and their fields: who has which.

use super::{Deal, ENTITIES, FieldText, VALUES, field};

impl Deal<'_> {
    pub(super) fn entities(&mut self) {
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

    pub(super) fn random_type(&mut self) -> String {
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
    pub(super) fn mention(&mut self, graph: usize, ty: &str) {
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

    pub(super) fn values(&mut self) {
        for value in VALUES {
            if self.random.one_in(2) {
                for graph in self.some_graphs(1) {
                    self.value(graph, value);
                }
            }
        }
    }
}
