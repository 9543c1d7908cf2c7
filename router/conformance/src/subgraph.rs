//! A subgraph's SDL as a schema that can be run: federation's directives are noted and taken away, `_entities` is added.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use apollo_compiler::ast::{Definition, Directive, DirectiveList, Document, FieldDefinition};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};

use crate::contexts::Argument;
use crate::field_set::FieldSet;

/// Why SDL can't be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("subgraph {subgraph}: {reason}")]
pub struct InvalidSdl {
    /// The subgraph's name.
    pub subgraph: String,
    /// What is wrong, for people.
    pub reason: String,
}

/// A subgraph's schema and what federation says about it.
#[derive(Debug)]
pub(crate) struct SubgraphSchema {
    pub(crate) schema: Valid<Schema>,
    /// By type: its keys.
    pub(crate) keys: HashMap<String, Vec<Key>>,
    /// By type and field.
    pub(crate) requires: HashMap<(String, String), FieldSet>,
    /// By type and field: what it gives of its value although that is external.
    pub(crate) provides: HashMap<(String, String), FieldSet>,
    /// Fields that this subgraph can't answer, keys and provided ones aside.
    pub(crate) external: HashSet<(String, String)>,
    /// Fields that it takes over from others.
    pub(crate) overrides: Vec<Override>,
    /// By type: the interfaces and unions that it says to belong to.
    pub(crate) abstracts: BTreeMap<String, BTreeSet<String>>,
    /// By context: the types that are marked with it.
    contexts: BTreeMap<String, BTreeSet<String>>,
    from_contexts: Vec<FromContext>,
}

/// A `@fromContext`.
#[derive(Debug)]
struct FromContext {
    ty: String,
    field: String,
    argument: String,
    context: String,
    selection: FieldSet,
}

/// A `@key`.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) fields: FieldSet,
    pub(crate) resolvable: bool,
}

/// An `@override`.
#[derive(Debug)]
pub(crate) struct Override {
    /// Type and field.
    pub(crate) field: (String, String),
    pub(crate) from: String,
    pub(crate) label: Option<String>,
}

#[derive(Default)]
struct Reading {
    keys: HashMap<String, Vec<Key>>,
    requires: HashMap<(String, String), FieldSet>,
    provides: HashMap<(String, String), FieldSet>,
    external: HashSet<(String, String)>,
    overrides: Vec<Override>,
    objects_with_keys: BTreeSet<String>,
    abstracts: BTreeMap<String, BTreeSet<String>>,
    contexts: BTreeMap<String, BTreeSet<String>>,
    from_contexts: Vec<FromContext>,
    query: Option<String>,
}

impl SubgraphSchema {
    pub(crate) fn read(name: &str, sdl: &str) -> Result<Self, InvalidSdl> {
        let invalid = |reason: String| InvalidSdl {
            subgraph: name.to_owned(),
            reason,
        };
        let document = Document::parse(sdl, name).map_err(|error| invalid(error.to_string()))?;
        let mut reading = Reading::default();
        let mut text = String::new();
        for definition in document.definitions {
            if let Some(plain) = reading.definition(definition) {
                text.push_str(&plain.to_string());
                text.push('\n');
            }
        }
        let query = reading.query.clone().unwrap_or_else(|| "Query".to_owned());
        if reading.objects_with_keys.is_empty() {
            text.push_str(&format!("extend type {query} {{ _service: String }}\n"));
        } else {
            let members: Vec<&str> = reading.objects_with_keys.iter().map(String::as_str).collect();
            text.push_str(&format!(
                "scalar _Any\nunion _Entity = {}\nextend type {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}\n",
                members.join(" | ")
            ));
        }
        let schema = Schema::builder()
            .adopt_orphan_extensions()
            .parse(text, name)
            .build()
            .and_then(Schema::validate)
            .map_err(|error| invalid(error.to_string()))?;
        Ok(Self {
            schema,
            external: reading.external,
            keys: reading.keys,
            requires: reading.requires,
            provides: reading.provides,
            overrides: reading.overrides,
            abstracts: reading.abstracts,
            contexts: reading.contexts,
            from_contexts: reading.from_contexts,
        })
    }

    /// Type, field and argument of whatever comes from a context.
    pub(crate) fn told_by_contexts(&self) -> impl Iterator<Item = (&str, &str, Argument)> {
        self.from_contexts.iter().map(|from| {
            let argument = Argument {
                name: from.argument.clone(),
                setting: self.contexts.get(&from.context).cloned().unwrap_or_default(),
                selection: from.selection.clone(),
            };
            (from.ty.as_str(), from.field.as_str(), argument)
        })
    }
}

impl Reading {
    /// The definition without directives; `None` when nothing is left of it.
    fn definition(&mut self, definition: Definition) -> Option<Definition> {
        match definition {
            Definition::DirectiveDefinition(_) => None,
            Definition::SchemaDefinition(mut schema) => {
                self.roots(&schema.root_operations);
                schema.make_mut().directives = DirectiveList::new();
                Some(schema.into())
            }
            Definition::SchemaExtension(mut schema) => {
                self.roots(&schema.root_operations);
                schema.make_mut().directives = DirectiveList::new();
                (!schema.root_operations.is_empty()).then(|| schema.into())
            }
            Definition::ObjectTypeDefinition(mut object) => {
                let object_mut = object.make_mut();
                self.composite(
                    &object_mut.name,
                    &mut object_mut.directives,
                    &mut object_mut.fields,
                    true,
                );
                self.implements(&object_mut.name, &object_mut.implements_interfaces);
                Some(object.into())
            }
            Definition::ObjectTypeExtension(mut object) => {
                let object_mut = object.make_mut();
                self.composite(
                    &object_mut.name,
                    &mut object_mut.directives,
                    &mut object_mut.fields,
                    true,
                );
                self.implements(&object_mut.name, &object_mut.implements_interfaces);
                let is_empty = object.fields.is_empty() && object.implements_interfaces.is_empty();
                (!is_empty).then(|| object.into())
            }
            Definition::InterfaceTypeDefinition(mut interface) => {
                let interface_mut = interface.make_mut();
                self.composite(
                    &interface_mut.name,
                    &mut interface_mut.directives,
                    &mut interface_mut.fields,
                    false,
                );
                Some(interface.into())
            }
            Definition::InterfaceTypeExtension(mut interface) => {
                let interface_mut = interface.make_mut();
                self.composite(
                    &interface_mut.name,
                    &mut interface_mut.directives,
                    &mut interface_mut.fields,
                    false,
                );
                let is_empty = interface.fields.is_empty() && interface.implements_interfaces.is_empty();
                (!is_empty).then(|| interface.into())
            }
            Definition::UnionTypeDefinition(mut union) => {
                self.sets_contexts(&union.name, &union.directives);
                union.make_mut().directives = DirectiveList::new();
                for member in &union.members {
                    self.abstracts
                        .entry(member.to_string())
                        .or_default()
                        .insert(union.name.to_string());
                }
                Some(union.into())
            }
            Definition::ScalarTypeDefinition(mut scalar) => {
                scalar.make_mut().directives = DirectiveList::new();
                Some(scalar.into())
            }
            Definition::EnumTypeDefinition(mut of_names) => {
                let of_names_mut = of_names.make_mut();
                of_names_mut.directives = DirectiveList::new();
                for value in &mut of_names_mut.values {
                    value.make_mut().directives = DirectiveList::new();
                }
                Some(of_names.into())
            }
            Definition::InputObjectTypeDefinition(mut input) => {
                let input_mut = input.make_mut();
                input_mut.directives = DirectiveList::new();
                for field in &mut input_mut.fields {
                    field.make_mut().directives = DirectiveList::new();
                }
                Some(input.into())
            }
            other => Some(other),
        }
    }

    fn roots(&mut self, operations: &[Node<(apollo_compiler::ast::OperationType, Name)>]) {
        for operation in operations {
            if operation.0 == apollo_compiler::ast::OperationType::Query {
                self.query = Some(operation.1.to_string());
            }
        }
    }

    fn implements(&mut self, name: &Name, interfaces: &[Name]) {
        let abstracts = self.abstracts.entry(name.to_string()).or_default();
        abstracts.extend(interfaces.iter().map(Name::to_string));
    }

    fn sets_contexts(&mut self, name: &Name, directives: &DirectiveList) {
        for directive in directives.iter().filter(|directive| is(directive, "context")) {
            if let Some(context) = text_argument(directive, "name") {
                self.contexts.entry(context).or_default().insert(name.to_string());
            }
        }
    }

    /// `@fromContext(field: "$context { selection }")`.
    fn told_by_context(
        &mut self,
        (ty, field): &(String, String),
        argument: &str,
        directives: &DirectiveList,
    ) {
        let mut own = directives.iter().filter(|directive| is(directive, "fromContext"));
        let text = own.next().and_then(|directive| text_argument(directive, "field"));
        let Some((context, selection)) = text.as_deref().and_then(|text| {
            let rest = text.trim_start().strip_prefix('$')?;
            rest.split_at_checked(rest.find(|c: char| !c.is_ascii_alphanumeric())?)
        }) else {
            return;
        };
        let selection = selection.trim();
        let inner = selection
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'));
        if let Some(selection) = FieldSet::parse(inner.unwrap_or(selection)) {
            self.from_contexts.push(FromContext {
                ty: ty.clone(),
                field: field.clone(),
                argument: argument.to_owned(),
                context: context.to_owned(),
                selection,
            });
        }
    }

    fn composite(
        &mut self,
        name: &Name,
        directives: &mut DirectiveList,
        fields: &mut [Node<FieldDefinition>],
        is_object: bool,
    ) {
        let is_wholly_external = directives.iter().any(|directive| is(directive, "external"));
        for directive in directives.iter() {
            if is(directive, "key")
                && let Some(set) = fields_argument(directive).as_deref().and_then(FieldSet::parse)
            {
                let resolvable = directive.specified_argument_by_name("resolvable");
                self.keys.entry(name.to_string()).or_default().push(Key {
                    fields: set,
                    resolvable: resolvable.and_then(|value| value.to_bool()) != Some(false),
                });
                if is_object {
                    self.objects_with_keys.insert(name.to_string());
                }
            }
        }
        self.sets_contexts(name, directives);
        *directives = DirectiveList::new();
        for field in fields {
            let field = field.make_mut();
            let at = (name.to_string(), field.name.to_string());
            for directive in field.directives.iter() {
                let set = fields_argument(directive).as_deref().and_then(FieldSet::parse);
                match set {
                    Some(set) if is(directive, "requires") => {
                        self.requires.insert(at.clone(), set);
                    }
                    Some(set) if is(directive, "provides") => {
                        self.provides.insert(at.clone(), set);
                    }
                    _ if is(directive, "override") => {
                        let text = |name: &str| {
                            let value = directive.specified_argument_by_name(name)?;
                            value.as_str().map(str::to_owned)
                        };
                        self.overrides.push(Override {
                            field: at.clone(),
                            from: text("from").unwrap_or_default(),
                            label: text("label"),
                        });
                    }
                    _ => {}
                }
            }
            if is_wholly_external || field.directives.iter().any(|directive| is(directive, "external")) {
                self.external.insert(at.clone());
            }
            field.directives = DirectiveList::new();
            for argument in &mut field.arguments {
                self.told_by_context(&at, &argument.name, &argument.directives);
                argument.make_mut().directives = DirectiveList::new();
            }
        }
    }
}

fn is(directive: &Directive, name: &str) -> bool {
    directive
        .name
        .strip_prefix("federation__")
        .unwrap_or(&directive.name)
        == name
}

fn fields_argument(directive: &Directive) -> Option<String> {
    text_argument(directive, "fields")
}

fn text_argument(directive: &Directive, name: &str) -> Option<String> {
    directive
        .specified_argument_by_name(name)?
        .as_str()
        .map(str::to_owned)
}
