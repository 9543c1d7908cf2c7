//! The plan as text, for people and for snapshots.

use std::fmt::{self, Display, Formatter};

use super::{
    Condition, ContextVariable, Deferral, Denied, EntityBatch, Fetch, FetchId, Literal, OutputCase,
    OutputField, OutputPart, OutputSelection, OutputShape, Path, PathStep, QueryPlan, RepresentationCase,
    RepresentationField, Target, Typename, Wrapping,
};

impl Display for QueryPlan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.kind)?;
        for (id, fetch) in self.fetches.iter().enumerate() {
            write!(f, "[{id}] ")?;
            write_fetch(f, fetch)?;
        }
        writeln!(f, "output")?;
        write_selection(f, &self.output, 1)?;
        if let Some(deferral) = &self.deferral {
            write_deferral(f, deferral)?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

fn write_deferral(f: &mut Formatter<'_>, deferral: &Deferral) -> fmt::Result {
    let fetches = |ids: &[FetchId]| join(ids.iter().map(|id| id.0));
    writeln!(f, "at first after {}", fetches(&deferral.first))?;
    for (number, part) in deferral.parts.iter().enumerate() {
        let of = join(&part.fragments);
        writeln!(
            f,
            "part {number} of fragments {of} after {}",
            fetches(&part.after)
        )?;
    }
    for (number, fragment) in deferral.fragments.iter().enumerate() {
        write!(f, "fragment {number} below {} fields", fragment.depth)?;
        if let Some(label) = &fragment.label {
            write!(f, " called {label:?}")?;
        }
        if let Some(outer) = fragment.within {
            write!(f, " within {outer}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

fn write_fetch(f: &mut Formatter<'_>, fetch: &Fetch) -> fmt::Result {
    write!(f, "{} wave {}", fetch.subgraph, fetch.wave)?;
    if !fetch.depends_on.is_empty() {
        write!(f, " after {}", join(fetch.depends_on.iter().map(|id| id.0)))?;
    }
    if !fetch.variables.is_empty() {
        write!(
            f,
            " with {}",
            join(fetch.variables.iter().map(|name| format!("${name}")))
        )?;
    }
    if let Some(condition) = &fetch.condition {
        write!(f, " if {condition}")?;
    }
    if let Target::Nested(path) = &fetch.target {
        write!(f, " at {path}")?;
    }
    writeln!(f)?;
    if let Target::Entities(batches) = &fetch.target {
        for batch in batches {
            write!(f, "    ")?;
            write_batch(f, batch)?;
        }
    }
    writeln!(f, "    {}", fetch.document)
}

fn write_batch(f: &mut Formatter<'_>, batch: &EntityBatch) -> fmt::Result {
    write!(f, "{} ${}: ", batch.alias, batch.variable)?;
    if !batch.types.is_empty() {
        write!(f, "{} ", batch.types.join("|"))?;
    }
    write!(f, "at {} by ", join(&batch.paths))?;
    match &batch.typename {
        Typename::Fixed(name) => write!(f, "{name}")?,
        Typename::FromTree => write!(f, "*")?,
    }
    write!(f, " {{")?;
    write_representation(f, &batch.representation)?;
    write!(f, "}}")?;
    for ContextVariable {
        variable,
        at,
        value,
        nullable,
    } in &batch.contexts
    {
        let optional = if *nullable { "?" } else { "" };
        write!(f, " with ${variable}{optional} from step {at} {{")?;
        write_representation(f, std::slice::from_ref(value))?;
        write!(f, "}}")?;
    }
    if batch.apart {
        write!(f, " apart")?;
    }
    if let Some(condition) = &batch.condition {
        write!(f, " if {condition}")?;
    }
    writeln!(f)
}

fn write_representation(f: &mut Formatter<'_>, fields: &[RepresentationField]) -> fmt::Result {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            write!(f, " ")?;
        }
        write!(f, "{}", field.name)?;
        if field.source_key != field.name {
            write!(f, "<-{}", field.source_key)?;
        }
        if field.nullable {
            write!(f, "?")?;
        }
        if let Some(object) = &field.object {
            write!(f, "{{")?;
            if object.typename {
                write!(f, "* ")?;
            }
            for (index, RepresentationCase { types, fields }) in object.cases.iter().enumerate() {
                if index > 0 {
                    write!(f, " ")?;
                }
                if !types.is_empty() {
                    write!(f, "{}: ", types.join("|"))?;
                }
                write_representation(f, fields)?;
            }
            write!(f, "}}")?;
        }
    }
    Ok(())
}

fn write_selection(f: &mut Formatter<'_>, selection: &OutputSelection, depth: usize) -> fmt::Result {
    for OutputCase { types, fields, later } in &selection.cases {
        let mut inner = depth;
        if !types.is_empty() {
            writeln!(f, "{:indent$}on {}", "", types.join("|"), indent = depth * 2)?;
            inner += 1;
        }
        for field in fields {
            write!(f, "{:indent$}", "", indent = inner * 2)?;
            write_field(f, field, inner)?;
        }
        for OutputPart { part, fields } in later {
            writeln!(f, "{:indent$}part {part}", "", indent = inner * 2)?;
            for field in fields {
                write!(f, "{:indent$}", "", indent = inner * 2 + 2)?;
                write_field(f, field, inner + 1)?;
            }
        }
    }
    Ok(())
}

fn write_field(f: &mut Formatter<'_>, field: &OutputField, depth: usize) -> fmt::Result {
    write!(f, "{}", field.response_key)?;
    if field.response_key != field.source_key {
        write!(f, "<-{}", field.source_key)?;
    }
    let inner = match &field.shape {
        OutputShape::Leaf | OutputShape::Scalar(_) => "_".to_owned(),
        OutputShape::Enum(values) => format!("({})", values.join("|")),
        OutputShape::Object(_) => "{}".to_owned(),
        OutputShape::Typename(None) => "__typename".to_owned(),
        OutputShape::Typename(Some(name)) => format!("\"{name}\""),
    };
    write!(f, ": {}", Wrapped(&inner, &field.wrapping))?;
    match field.denied {
        None => {}
        Some(Denied::Unauthenticated) => write!(f, " denied: unauthenticated")?,
        Some(Denied::Forbidden) => write!(f, " denied: forbidden")?,
    }
    if let Some(condition) = &field.condition {
        write!(f, " if {condition}")?;
    }
    writeln!(f)?;
    match &field.shape {
        OutputShape::Object(selection) => write_selection(f, selection, depth + 1),
        _ => Ok(()),
    }
}

struct Wrapped<'a>(&'a str, &'a Wrapping);

impl Display for Wrapped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Wrapped(inner, wrapping) = self;
        write!(f, "{}{inner}", "[".repeat(wrapping.lists.len()))?;
        if wrapping.non_null {
            write!(f, "!")?;
        }
        for non_null in wrapping.lists.iter().rev() {
            write!(f, "{}", if *non_null { "]!" } else { "]" })?;
        }
        Ok(())
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                PathStep::Key(key) => write!(f, "/{key}")?,
                PathStep::Types(types) => write!(f, "({})", types.join("|"))?,
            }
        }
        if self.0.is_empty() { write!(f, "/") } else { Ok(()) }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, all) in self.any_of.iter().enumerate() {
            if index > 0 {
                write!(f, " or ")?;
            }
            for (index, Literal { variable, value }) in all.iter().enumerate() {
                if index > 0 {
                    write!(f, " and ")?;
                }
                write!(f, "{}${variable}", if *value { "" } else { "not " })?;
            }
        }
        Ok(())
    }
}

fn join<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}
