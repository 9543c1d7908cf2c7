//! Why a document is not a supergraph that can be run here.

use std::fmt;

/// One reason, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{message}")]
pub struct SupergraphError {
    /// Where.
    pub place: Place,
    /// What is wrong there.
    pub message: String,
}

/// A coordinate and a position in the document, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `Type`, `Type.field`, or what else the message is about.
    pub coordinate: Option<String>,
    /// Line and column, from 1.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(coordinate) = &self.coordinate {
            write!(f, "{coordinate}")?;
        }
        if let Some((line, column)) = self.position {
            let space = if self.coordinate.is_some() { " " } else { "" };
            write!(f, "{space}({line}:{column})")?;
        }
        if self.coordinate.is_some() || self.position.is_some() {
            write!(f, ": ")
        } else {
            Ok(())
        }
    }
}

impl SupergraphError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            place: Place::default(),
            message: message.into(),
        }
    }

    pub(crate) fn at(
        coordinate: impl Into<String>,
        position: Option<(usize, usize)>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            place: Place {
                coordinate: Some(coordinate.into()),
                position,
            },
            message: message.into(),
        }
    }
}
