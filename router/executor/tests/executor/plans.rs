//! Plans written by hand, tersely.

use std::sync::Arc;

use lavka_executor::PreparedPlan;
use lavka_planner::{
    Condition, Denied, EntityBatch, Fetch, FetchId, Literal, OperationKind, OutputCase, OutputField,
    OutputSelection, OutputShape, Path, PathStep, QueryPlan, RepresentationField, Target, Typename, Wrapping,
};

pub fn query(fetches: Vec<Fetch>, output: Vec<OutputField>) -> Arc<PreparedPlan> {
    plan(OperationKind::Query, fetches, output)
}

pub fn plan(kind: OperationKind, fetches: Vec<Fetch>, output: Vec<OutputField>) -> Arc<PreparedPlan> {
    let plan = QueryPlan {
        kind,
        fetches,
        output: selection(output),
        deferral: None,
        notes: Vec::new(),
    };
    Arc::new(PreparedPlan::new(Arc::new(plan)))
}

pub fn root(subgraph: &str, document: &str) -> Fetch {
    Fetch {
        subgraph: subgraph.into(),
        document: document.into(),
        operation_name: None,
        variables: Vec::new(),
        target: Target::Root,
        depends_on: Vec::new(),
        condition: None,
        wave: 0,
    }
}

pub fn entities(subgraph: &str, document: &str, batches: Vec<EntityBatch>, depends_on: &[usize]) -> Fetch {
    Fetch {
        target: Target::Entities(batches),
        ..root(subgraph, document)
    }
    .after(depends_on)
}

/// Objects of one type at these paths (`a.b[T].c`), asked for by these keys. The alias is `_entities`, the variable `r`.
pub fn batch(typename: &str, paths: &[&str], keys: &[&str]) -> EntityBatch {
    EntityBatch {
        alias: "_entities".into(),
        variable: "r".into(),
        paths: paths.iter().map(|text| path(text)).collect(),
        types: Vec::new(),
        typename: Typename::Fixed(typename.into()),
        representation: keys.iter().map(|key| key_field(key)).collect(),
        contexts: Vec::new(),
        apart: false,
        condition: None,
    }
}

pub fn path(text: &str) -> Path {
    let mut steps = Vec::new();
    for part in text.split('.') {
        let (key, types) = part.split_once('[').unwrap_or((part, ""));
        steps.push(PathStep::Key(key.into()));
        if let Some(types) = types.strip_suffix(']') {
            steps.push(PathStep::Types(types.split('|').map(Into::into).collect()));
        }
    }
    Path(steps)
}

pub fn key_field(name: &str) -> RepresentationField {
    RepresentationField {
        name: name.into(),
        source_key: name.into(),
        nullable: false,
        object: None,
    }
}

pub fn include(variable: &str) -> Condition {
    Condition {
        any_of: vec![vec![Literal {
            variable: variable.into(),
            value: true,
        }]],
    }
}

pub fn selection(fields: Vec<OutputField>) -> OutputSelection {
    OutputSelection {
        cases: vec![OutputCase {
            types: Vec::new(),
            fields,
            later: Vec::new(),
        }],
    }
}

pub fn by_type(cases: Vec<(&str, Vec<OutputField>)>) -> OutputSelection {
    let case = |(name, fields): (&str, Vec<OutputField>)| OutputCase {
        types: vec![name.into()],
        fields,
        later: Vec::new(),
    };
    OutputSelection {
        cases: cases.into_iter().map(case).collect(),
    }
}

pub fn leaf(key: &str) -> OutputField {
    shaped(key, OutputShape::Leaf)
}

pub fn object(key: &str, fields: Vec<OutputField>) -> OutputField {
    shaped(key, OutputShape::Object(selection(fields)))
}

pub fn shaped(key: &str, shape: OutputShape) -> OutputField {
    OutputField {
        response_key: key.into(),
        source_key: key.into(),
        shape,
        wrapping: Wrapping::default(),
        condition: None,
        denied: None,
    }
}

pub trait Refine: Sized {
    fn after(self, depends_on: &[usize]) -> Self;
    fn when(self, condition: Condition) -> Self;
}

impl Refine for Fetch {
    fn after(mut self, depends_on: &[usize]) -> Self {
        self.depends_on = depends_on.iter().copied().map(FetchId).collect();
        self
    }

    fn when(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }
}

pub trait Wrap: Sized {
    /// Non-null: the value, or the outermost list around it.
    fn required(self) -> Self;
    /// In a (nullable) list.
    fn list(self) -> Self;
    /// From another key of the merged tree.
    fn reading(self, source: &str) -> Self;
    fn denied(self, denied: Denied) -> Self;
    fn included(self, variable: &str) -> Self;
}

impl Wrap for OutputField {
    fn required(mut self) -> Self {
        match self.wrapping.lists.first_mut() {
            Some(list) => *list = true,
            None => self.wrapping.non_null = true,
        }
        self
    }

    fn list(mut self) -> Self {
        self.wrapping.lists.insert(0, false);
        self
    }

    fn reading(mut self, source: &str) -> Self {
        self.source_key = source.into();
        self
    }

    fn denied(mut self, denied: Denied) -> Self {
        self.denied = Some(denied);
        self
    }

    fn included(mut self, variable: &str) -> Self {
        self.condition = Some(include(variable));
        self
    }
}
