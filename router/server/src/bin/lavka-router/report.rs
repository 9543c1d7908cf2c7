//! Errors and hints of a composition, for people (with the lines that they are about) and for programs.

use std::collections::BTreeMap;

use clap::ValueEnum;
use lavka_compose::{CompositionError, Hint, Place};
use serde_json::{Value as Json, json};

/// Who reads a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Subgraph -> its file and text.
pub struct Sources(pub BTreeMap<String, (String, String)>);

impl Sources {
    pub fn error(&self, error: &CompositionError) -> String {
        let mut text = format!(
            "error[{}]: {}\n{}",
            error.code,
            error.message,
            self.places(&error.places)
        );
        if let Some(hint) = &error.hint {
            text += &format!("  to mend it: {hint}\n");
        }
        text
    }

    pub fn hint(&self, hint: &Hint) -> String {
        format!(
            "hint[{}]: {}\n{}",
            hint.code,
            hint.message,
            self.places(&hint.places)
        )
    }

    fn places(&self, places: &[Place]) -> String {
        places.iter().map(|place| self.place(place)).collect()
    }

    /// `users.graphql:3:5 (User.name)` and the line itself.
    fn place(&self, place: &Place) -> String {
        let known = self.0.get(&place.subgraph);
        let file = known.map_or(place.subgraph.as_str(), |(file, _)| file.as_str());
        let coordinate = match place.coordinate.as_str() {
            "" => String::new(),
            coordinate => format!(" ({coordinate})"),
        };
        let Some(position) = place.position else {
            return format!("  --> {file}{coordinate}\n");
        };
        let mut text = format!("  --> {file}:{}:{}{coordinate}\n", position.line, position.column);
        let line = known.and_then(|(_, sdl)| sdl.lines().nth(position.line.saturating_sub(1)));
        if let Some(line) = line {
            text += &format!("{:>5} | {}\n", position.line, line.trim_end());
        }
        text
    }

    pub fn error_json(&self, error: &CompositionError) -> Json {
        json!({
            "code": error.code.as_str(),
            "message": error.message,
            "places": self.places_json(&error.places),
            "remedy": error.hint,
        })
    }

    pub fn hint_json(&self, hint: &Hint) -> Json {
        json!({"code": hint.code.as_str(), "message": hint.message, "places": self.places_json(&hint.places)})
    }

    fn places_json(&self, places: &[Place]) -> Vec<Json> {
        let place = |place: &Place| {
            json!({
                "subgraph": place.subgraph,
                "file": self.0.get(&place.subgraph).map(|(file, _)| file),
                "coordinate": (!place.coordinate.is_empty()).then_some(&place.coordinate),
                "line": place.position.map(|position| position.line),
                "column": place.position.map(|position| position.column),
            })
        };
        places.iter().map(place).collect()
    }
}

/// `1 error`, `2 errors`.
pub fn lines(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
