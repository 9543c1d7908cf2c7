//! Writes the documents that subgraphs get.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use apollo_compiler::Name;
use apollo_compiler::ast::OperationType;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::Operation;

use crate::cond::Cond;
use crate::draft::{ContextValue, Draft, Selected, SetId};
use crate::write::{variables_of, write_arguments, write_value};

/// A document being written.
pub(crate) struct Writer<'d> {
    draft: &'d Draft,
    operation: &'d Operation,
    body: String,
    batches: Vec<Arc<str>>,
    contexts: Vec<String>,
    variables: BTreeSet<String>,
}

/// A written document.
pub(crate) struct Document {
    pub text: Arc<str>,
    pub name: Option<Arc<str>>,
    pub variables: Vec<Arc<str>>,
}

impl<'d> Writer<'d> {
    pub fn new(draft: &'d Draft, operation: &'d Operation) -> Self {
        Self {
            draft,
            operation,
            body: String::new(),
            batches: Vec::new(),
            contexts: Vec::new(),
            variables: BTreeSet::new(),
        }
    }

    /// Writes `_entities` with its selection; the answer is its variable.
    pub fn batch(&mut self, alias: Option<&str>, set: SetId, outer: &Cond) -> Arc<str> {
        let variable = self.free_variable();
        if let Some(alias) = alias {
            self.separate();
            let _ = write!(self.body, "{alias}:");
        }
        let _ = write!(self.body, "_entities(representations:${variable})");
        self.nested(set, outer);
        self.batches.push(variable.clone());
        variable
    }

    /// Declares a variable from a context; false where nothing that was written uses it.
    pub fn declare(&mut self, value: &ContextValue) -> bool {
        let name = &value.variable.variable;
        let used = self.variables.contains(&**name);
        if used {
            self.contexts.push(format!("${name}:{}", value.ty));
        }
        used
    }

    /// `r0`, or what the client doesn't call so.
    fn free_variable(&self) -> Arc<str> {
        let mut name = format!("r{}", self.batches.len());
        while self
            .operation
            .variables
            .iter()
            .any(|variable| *variable.name == *name)
        {
            name.insert(0, '_');
        }
        name.into()
    }

    /// Writes what is selected of an object, where `outer` is known to hold.
    pub fn set(&mut self, id: SetId, outer: &Cond) {
        let set = self.draft.set(id);
        let unders: BTreeSet<&Option<Name>> = set.typename.iter().chain(set.fields.keys()).collect();
        let start = self.body.len();
        for under in unders {
            let fields = set.fields.get(under).into_iter().flat_map(IndexMap::iter);
            let live: Vec<_> = fields
                .filter(|(_, selected)| self.draft.is_selected_live(selected))
                .collect();
            let typename = set.typename.contains(under);
            if live.is_empty() && !typename {
                continue;
            }
            if let Some(ty) = under {
                let _ = write!(self.body, "...on {ty}{{");
            }
            if typename {
                self.word("__typename");
            }
            for (key, selected) in live {
                self.selected(key, selected, outer);
            }
            if under.is_some() {
                self.body.push('}');
            }
        }
        if self.body.len() == start {
            self.word("__typename");
        }
    }

    fn nested(&mut self, set: SetId, outer: &Cond) {
        self.body.push('{');
        self.set(set, outer);
        self.body.push('}');
    }

    fn selected(&mut self, key: &str, selected: &Selected, outer: &Cond) {
        let asked = selected.condition.given(outer);
        for all in asked.alternatives() {
            // A field takes one @include and one @skip; more stand on fragments around it.
            let mut around = 0;
            let mut own = String::new();
            let mut used = BTreeSet::new();
            for (variable, value) in all {
                let text = format!("@{}(if:${variable})", if *value { "include" } else { "skip" });
                self.variables.insert(variable.to_string());
                if used.insert(*value) {
                    own.push_str(&text);
                } else {
                    let _ = write!(self.body, "...{text}{{");
                    around += 1;
                }
            }
            if *key == *selected.name {
                self.word(key);
            } else {
                self.word(key);
                let _ = write!(self.body, ":{}", selected.name);
            }
            self.body.push_str(&write_arguments(&selected.arguments));
            for argument in &selected.arguments {
                variables_of(&argument.value, &mut |name| {
                    self.variables.insert(name.to_owned());
                });
            }
            self.body.push_str(&own);
            if let Some(inner) = selected.inner {
                self.nested(inner, &selected.condition);
            }
            self.body.push_str(&"}".repeat(around));
        }
    }

    fn word(&mut self, word: &str) {
        self.separate();
        self.body.push_str(word);
    }

    /// A space where two names would run together.
    fn separate(&mut self) {
        if self
            .body
            .chars()
            .last()
            .is_some_and(|last| !matches!(last, '{' | '}' | ')'))
        {
            self.body.push(' ');
        }
    }

    pub fn finish(self, is_root: bool, subgraph: &str, number: usize) -> Document {
        let operation = self.operation;
        let name: Option<Arc<str>> = operation.name.as_ref().map(|name| {
            let plain = |character: char| {
                if character.is_ascii_alphanumeric() {
                    character
                } else {
                    '_'
                }
            };
            let subgraph: String = subgraph.chars().map(plain).collect();
            format!("{name}__{subgraph}__{number}").into()
        });
        let mut variables = Vec::new();
        let mut declared: Vec<String> = self
            .batches
            .iter()
            .map(|name| format!("${name}:[_Any!]!"))
            .chain(self.contexts)
            .collect();
        for variable in operation
            .variables
            .iter()
            .filter(|variable| self.variables.contains(variable.name.as_str()))
        {
            let mut text = format!("${}:{}", variable.name, variable.ty);
            if let Some(default) = &variable.default_value {
                text.push('=');
                write_value(&mut text, default);
            }
            declared.push(text);
            variables.push(Arc::from(variable.name.as_str()));
        }
        let kind = match operation.operation_type {
            _ if !is_root => "query",
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        };
        let mut text = String::new();
        if kind != "query" || name.is_some() || !declared.is_empty() {
            text.push_str(kind);
        }
        if let Some(name) = &name {
            let _ = write!(text, " {name}");
        }
        if !declared.is_empty() {
            let _ = write!(text, "({})", declared.join(","));
        }
        let _ = write!(text, "{{{}}}", self.body);
        Document {
            text: text.into(),
            name,
            variables,
        }
    }
}
