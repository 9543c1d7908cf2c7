//! The plan as a picture: a Mermaid flowchart, which GitHub, GitLab and many editors draw.

use std::fmt::{self, Display, Formatter};

use super::{Deferral, Fetch, FetchId, QueryPlan, Target, Typename};

/// Writes a plan as a Mermaid flowchart: a box for each request, an arrow for each thing that waits; what comes in a later piece of the answer hangs
/// by dots on what comes at first.
pub(super) struct Mermaid<'p>(pub &'p QueryPlan);

/// More of a document than this makes no picture.
const MOST_CHARACTERS: usize = 120;

impl Display for Mermaid<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(plan) = self;
        writeln!(f, "flowchart TD")?;
        let kind = format!("{:?}", plan.kind).to_lowercase();
        writeln!(f, "  client([{kind}])")?;
        let waves = plan.fetches.iter().map(|fetch| fetch.wave + 1).max().unwrap_or(0);
        for wave in 0..waves {
            writeln!(f, "  subgraph wave{wave} [wave {wave}]")?;
            for (id, fetch) in plan
                .fetches
                .iter()
                .enumerate()
                .filter(|(_, fetch)| fetch.wave == wave)
            {
                writeln!(f, "    f{id}[\"{}\"]", Label(id, fetch))?;
            }
            writeln!(f, "  end")?;
        }
        for (id, fetch) in plan.fetches.iter().enumerate() {
            let label = match &fetch.condition {
                Some(condition) => format!("|\"if {}\"|", escaped(&condition.to_string())),
                None => String::new(),
            };
            if fetch.depends_on.is_empty() {
                writeln!(f, "  client -->{label} f{id}")?;
            }
            for before in &fetch.depends_on {
                writeln!(f, "  f{} -->{label} f{id}", before.0)?;
            }
        }
        let everything: Vec<FetchId> = (0..plan.fetches.len()).map(FetchId).collect();
        let (name, first) = match &plan.deferral {
            Some(deferral) => ("at first", &deferral.first),
            None => ("answer", &everything),
        };
        writeln!(f, "  answer([{name}])")?;
        for id in self.last_of(first) {
            writeln!(f, "  f{id} --> answer")?;
        }
        if plan.fetches.is_empty() {
            writeln!(f, "  client --> answer")?;
        }
        match &plan.deferral {
            Some(deferral) => self.write_later(f, deferral),
            None => Ok(()),
        }
    }
}

impl Mermaid<'_> {
    /// What comes in later pieces, and what it waits for.
    fn write_later(&self, f: &mut Formatter<'_>, deferral: &Deferral) -> fmt::Result {
        let fragment = |number: usize| deferral.fragments.get(number);
        let called = |number: usize| {
            let label = fragment(number).and_then(|fragment| fragment.label.as_deref());
            label.map_or_else(|| format!("fragment {number}"), str::to_owned)
        };
        let placed = |number: &usize| match fragment(*number).and_then(|fragment| fragment.within) {
            Some(outer) => format!("{} within {}", called(*number), called(outer)),
            None => called(*number),
        };
        for (number, part) in deferral.parts.iter().enumerate() {
            let of: Vec<String> = part.fragments.iter().map(placed).collect();
            writeln!(f, "  part{number}([\"later: {}\"])", escaped(&of.join(", ")))?;
            writeln!(f, "  answer -.-> part{number}")?;
            for id in self.last_of(&part.after) {
                writeln!(f, "  f{id} --> part{number}")?;
            }
        }
        Ok(())
    }

    /// Of some fetches those that no other of them waits for.
    fn last_of<'s>(&'s self, fetches: &'s [FetchId]) -> impl Iterator<Item = usize> + 's {
        let is_awaited = |id: &&FetchId| {
            let others = fetches.iter().filter_map(|other| self.0.fetches.get(other.0));
            others.into_iter().any(|other| other.depends_on.contains(id))
        };
        fetches.iter().filter(move |id| !is_awaited(id)).map(|id| id.0)
    }
}

struct Label<'p>(usize, &'p Fetch);

impl Display for Label<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(id, fetch) = self;
        write!(f, "{id}: {}", escaped(&fetch.subgraph))?;
        if let Target::Nested(path) = &fetch.target {
            write!(f, "<br/>at {}", escaped(&path.to_string()))?;
        }
        if let Target::Entities(batches) = &fetch.target {
            for batch in batches {
                let ty = match &batch.typename {
                    Typename::Fixed(name) => name.to_string(),
                    Typename::FromTree => batch.types.join("|"),
                };
                let told: Vec<&str> = batch.representation.iter().map(|field| &*field.name).collect();
                let paths: Vec<String> = batch.paths.iter().map(ToString::to_string).collect();
                let mut text = format!("{ty} by {} at {}", told.join(" "), paths.join(", "));
                for context in &batch.contexts {
                    text.push_str(&format!(" with ${} from above", context.variable));
                }
                write!(f, "<br/>{}", escaped(&text))?;
            }
        }
        let mut document: String = fetch.document.chars().take(MOST_CHARACTERS).collect();
        if document.len() < fetch.document.len() {
            document.push('…');
        }
        write!(f, "<br/>{}", escaped(&document))
    }
}

/// Mermaid reads markup and quotes in its labels.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '#' => escaped.push_str("#35;"),
            '&' => escaped.push_str("#amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}
