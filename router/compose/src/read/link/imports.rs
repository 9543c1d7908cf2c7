//! `import: ["@a", { name: "@b", as: "@c" }]`.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Directive, Value};

use crate::error::{Code, CompositionError};

/// Something that a link imports: its name in the specification, and the name that it has here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    pub name: String,
    pub local: String,
}

impl Import {
    /// Both names without their `@`, for a directive; none for a type.
    pub fn directive(&self) -> Option<(&str, &str)> {
        self.name.strip_prefix('@').zip(self.local.strip_prefix('@'))
    }
}

pub(super) fn read(directive: &Directive) -> Result<Vec<Import>, CompositionError> {
    let Some(value) = directive.specified_argument_by_name("import") else {
        return Ok(Vec::new());
    };
    let wrong = || {
        usage(format!("can't read the imports {value}"))
            .hint("an import is \"@name\" or {name: \"@name\", as: \"@ours\"}")
    };
    let items = match &**value {
        Value::List(items) => items,
        Value::Null => return Ok(Vec::new()),
        _ => return Err(wrong()),
    };
    let mut imports: Vec<Import> = Vec::new();
    let mut seen = (BTreeSet::new(), BTreeSet::new());
    for item in items {
        let import = one(item).ok_or_else(wrong)?;
        if import.name.starts_with('@') != import.local.starts_with('@') {
            return Err(usage(format!(
                "import of \"{}\" as \"{}\": one is a directive, the other is not",
                import.name, import.local
            ))
            .hint("write @ in front of both or of neither"));
        }
        if imports.contains(&import) {
            continue;
        }
        if !seen.0.insert(import.name.clone()) {
            return Err(
                usage(format!("\"{}\" is imported twice by one @link", import.name))
                    .hint("import it once, by the one name that is used here"),
            );
        }
        if !seen.1.insert(import.local.clone()) {
            return Err(usage(format!(
                "two imports of one @link are called \"{}\" here",
                import.local
            ))
            .hint("give each its own name"));
        }
        imports.push(import);
    }
    Ok(imports)
}

fn one(item: &Value) -> Option<Import> {
    match item {
        Value::String(name) => Some(Import {
            name: name.clone(),
            local: name.clone(),
        }),
        Value::Object(entries) => {
            let get = |key: &str| {
                let found = entries.iter().find(|(name, _)| name == key);
                found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
            };
            let name = get("name")?;
            let local = get("as").unwrap_or_else(|| name.clone());
            Some(Import { name, local })
        }
        _ => None,
    }
}

fn usage(message: String) -> CompositionError {
    CompositionError::new(Code::InvalidLinkDirectiveUsage, message)
}
