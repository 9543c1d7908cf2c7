//! Where clients come in.

use super::{Deal, field};

impl Deal<'_> {
    pub(super) fn roots(&mut self) {
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
}
