//! What is said of fields, and what teams get wrong.

use super::Deal;

impl Deal<'_> {
    fn any_field(&mut self) -> Option<(usize, String, usize)> {
        let graph = self.random.below(self.graphs.len());
        let names: Vec<String> = self.graphs[graph].keys().cloned().collect();
        let name = self.random.one_of(&names);
        let count = self.graphs[graph][&name].fields.len();
        (count > 0).then(|| (graph, name, self.random.below(count)))
    }

    pub(super) fn marks(&mut self) {
        for _ in 0..self.random.below(3) {
            let mark = self.random.one_of(&[
                "@inaccessible",
                "@tag(name: \"x\")",
                "@deprecated(reason: \"old\")",
                "@authenticated",
                "@requiresScopes(scopes: [[\"a\", \"b\"], [\"c\"]])",
                "@requiresScopes(scopes: [[\"a\"]])",
                "@policy(policies: [[\"p\"], [\"q\", \"r\"]])",
                "@policy(policies: [[\"q\"]])",
                "@cost(weight: 3)",
                "@cost(weight: 8)",
                "@listSize(assumedSize: 4)",
            ]);
            let Some((graph, ty, at)) = self.any_field() else {
                continue;
            };
            let part = self.graphs[graph].get_mut(&ty).expect("it is there");
            let is_for_output = ["@auth", "@requiresS", "@policy", "@listSize"]
                .iter()
                .any(|head| mark.starts_with(head));
            let is_misplaced = part.kind == "input" && is_for_output
                || part.kind == "interface"
                || part.fields[at].ty.contains('=')
                || mark.starts_with("@listSize") && !part.fields[at].ty.starts_with('[');
            if is_misplaced {
                continue;
            }
            let is_external = part.fields[at].directives.iter().any(|one| one == "@external");
            if !is_external {
                part.fields[at].directives.push(mark.to_owned());
            }
        }
    }

    /// A directive of a specification that nobody knows, which some subgraphs use and compose, in one minor version or another.
    pub(super) fn composed(&mut self) -> Vec<String> {
        let none = vec![String::new(); self.graphs.len()];
        if !self.random.one_in(3) {
            return none;
        }
        let mut composing = none;
        for graph in self.some_graphs(1) {
            let version = self.random.below(3);
            composing[graph] = format!(
                "@link(url: \"https://specs.example.com/mine/v1.{version}\", import: [\"@mine\"]) @composeDirective(name: \"@mine\")\ndirective @mine(x: Int) repeatable on FIELD_DEFINITION | OBJECT"
            );
            let parts = self.graphs[graph].values_mut();
            for part in parts.filter(|part| part.kind == "type") {
                // What stands for an interface is one in the supergraph, where the directive can't stand.
                let stands = part.directives.iter().any(|one| one == "@interfaceObject");
                if self.random.one_in(4) && !stands {
                    part.directives.push(format!("@mine(x: {graph})"));
                }
                for field in &mut part.fields {
                    let is_external = field.directives.iter().any(|one| one == "@external");
                    if self.random.one_in(8) && !is_external {
                        field.directives.push("@mine(x: 7)".to_owned());
                    }
                }
            }
        }
        composing
    }

    pub(super) fn break_something(&mut self) {
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
