//! Interfaces, unions, and objects that stand for interfaces.

use super::{Deal, ENTITIES, field};

impl Deal<'_> {
    pub(super) fn interface(&mut self) {
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

    pub(super) fn union(&mut self) {
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
    pub(super) fn interface_object(&mut self) {
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
}
