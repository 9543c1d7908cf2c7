//! What reaches from one subgraph to another: `@requires`, `@provides`, `@override`.

use super::{Deal, ENTITIES, FieldText, NAMES, field};

impl Deal<'_> {
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

    pub(super) fn requires(&mut self) {
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

    pub(super) fn provides(&mut self) {
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

    pub(super) fn overrides(&mut self) {
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
}
