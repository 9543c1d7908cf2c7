//! Enums and inputs.

use super::{Deal, FieldText, field};

impl Deal<'_> {
    pub(super) fn enums(&mut self) {
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

    pub(super) fn inputs(&mut self) {
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
}
