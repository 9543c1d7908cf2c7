//! Directives that `@composeDirective` keeps, and where they come from.

use apollo_compiler::Node;
use apollo_compiler::ast::DirectiveDefinition;

use crate::error::Position;

#[derive(Debug, Clone)]
pub(crate) struct Composed {
    pub origin: Origin,
    pub definition: Node<DirectiveDefinition>,
    /// Of `@composeDirective`.
    pub position: Option<Position>,
}

/// The specification that a directive is of, and its name there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub url: String,
    /// The URL without the version.
    pub identity: String,
    /// Major and minor.
    pub version: (u32, u32),
    /// Its name in the specification, without `@`.
    pub published: String,
    /// For a directive that isn't imported: the prefix that it is written with.
    pub namespace: Option<String>,
    /// Whether that prefix isn't the specification's own name.
    pub is_renamed_namespace: bool,
}

impl Origin {
    pub fn of(url: &str, identity: &str, version: Option<(u32, u32)>, published: &str) -> Self {
        Self {
            url: url.to_owned(),
            identity: identity.to_owned(),
            version: version.unwrap_or_default(),
            published: published.to_owned(),
            namespace: None,
            is_renamed_namespace: false,
        }
    }

    /// Whether the same directive of the same specification is meant, in whatever version.
    pub fn is_same_directive(&self, other: &Self) -> bool {
        self.identity == other.identity && self.published == other.published
    }
}
