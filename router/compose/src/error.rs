//! What went wrong, where, and how to mend it.

use std::fmt;

/// A reason why the subgraphs don't compose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositionError {
    /// The published code: the same one that other composers give for the same mistake.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Every place that has a part in it, in the order of the subgraphs.
    pub places: Vec<Place>,
    /// How to mend it.
    pub hint: Option<String>,
}

/// A place in a subgraph's SDL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The subgraph's name.
    pub subgraph: String,
    /// The schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `@directive` or `schema`.
    pub coordinate: String,
    /// Line and column where the SDL says it; none for what is only implied.
    pub position: Option<Position>,
}

/// A line and a column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Something to know about a composition that worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The published code.
    pub code: HintCode,
    /// What there is to know.
    pub message: String,
    /// Where.
    pub places: Vec<Place>,
}

macro_rules! codes {
    ($(#[$of_all:meta])* $name:ident: $($variant:ident = $text:literal, $what:literal;)*) => {
        $(#[$of_all])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $(#[doc = $what] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it is published.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

codes! {
    /// The published codes of composition errors.
    Code:
    InvalidSubgraphName = "INVALID_SUBGRAPH_NAME", "A subgraph's name is empty, reserved or used twice.";
    InvalidGraphql = "INVALID_GRAPHQL", "The SDL is not a valid GraphQL schema.";
    InvalidLinkDirectiveUsage = "INVALID_LINK_DIRECTIVE_USAGE", "A `@link` can't be understood.";
    InvalidLinkIdentifier = "INVALID_LINK_IDENTIFIER", "The URL of a `@link` names no specification.";
    DirectiveDefinitionInvalid = "DIRECTIVE_DEFINITION_INVALID", "A directive of federation's that a subgraph defines otherwise.";
    UnknownFederationLinkVersion = "UNKNOWN_FEDERATION_LINK_VERSION", "A version of federation that isn't known here.";
    UnsupportedFeature = "UNSUPPORTED_FEATURE", "A feature that this composer doesn't compose.";
    RootQueryUsed = "ROOT_QUERY_USED", "A type named Query that isn't the query root.";
    RootMutationUsed = "ROOT_MUTATION_USED", "A type named Mutation that isn't the mutation root.";
    RootSubscriptionUsed = "ROOT_SUBSCRIPTION_USED", "A type named Subscription that isn't the subscription root.";
    NoQueries = "NO_QUERIES", "No subgraph has a query.";
    TypeKindMismatch = "TYPE_KIND_MISMATCH", "One name, two kinds of type.";
    ExtensionWithNoBase = "EXTENSION_WITH_NO_BASE", "A Federation 1 type is extended but defined nowhere.";
    KeyInvalidFields = "KEY_INVALID_FIELDS", "A key names what the type hasn't.";
    KeyInvalidFieldsType = "KEY_INVALID_FIELDS_TYPE", "A key's `fields` isn't a string.";
    KeyFieldsHasArgs = "KEY_FIELDS_HAS_ARGS", "A key's field takes arguments.";
    KeyFieldsSelectInvalidType = "KEY_FIELDS_SELECT_INVALID_TYPE", "A key's field is a list, a union or an interface.";
    KeyUnsupportedOnInterface = "KEY_UNSUPPORTED_ON_INTERFACE", "A key on an interface before Federation 2.3.";
    RequiresInvalidFields = "REQUIRES_INVALID_FIELDS", "A `@requires` names what the type hasn't.";
    RequiresInvalidFieldsType = "REQUIRES_INVALID_FIELDS_TYPE", "The `fields` of a `@requires` isn't a string.";
    RequiresFieldsMissingExternal = "REQUIRES_FIELDS_MISSING_EXTERNAL", "A required field isn't external.";
    RequiresUnsupportedOnInterface = "REQUIRES_UNSUPPORTED_ON_INTERFACE", "A `@requires` on an interface's field.";
    ProvidesInvalidFields = "PROVIDES_INVALID_FIELDS", "A `@provides` names what the type hasn't.";
    ProvidesInvalidFieldsType = "PROVIDES_INVALID_FIELDS_TYPE", "The `fields` of a `@provides` isn't a string.";
    ProvidesFieldsHasArgs = "PROVIDES_FIELDS_HAS_ARGS", "A provided field takes arguments.";
    ProvidesFieldsMissingExternal = "PROVIDES_FIELDS_MISSING_EXTERNAL", "A provided field isn't external.";
    ProvidesOnNonObjectField = "PROVIDES_ON_NON_OBJECT_FIELD", "A `@provides` on a field that gives no object.";
    ProvidesUnsupportedOnInterface = "PROVIDES_UNSUPPORTED_ON_INTERFACE", "A `@provides` on an interface's field.";
    ExternalUnused = "EXTERNAL_UNUSED", "An external field that nothing uses.";
    ExternalOnInterface = "EXTERNAL_ON_INTERFACE", "An external field of an interface.";
    ExternalMissingOnBase = "EXTERNAL_MISSING_ON_BASE", "An external field that no subgraph gives.";
    ExternalTypeMismatch = "EXTERNAL_TYPE_MISMATCH", "An external field of another type than the real one.";
    ExternalArgumentMissing = "EXTERNAL_ARGUMENT_MISSING", "An external field lacks an argument of the real one.";
    ExternalArgumentTypeMismatch = "EXTERNAL_ARGUMENT_TYPE_MISMATCH", "An external field's argument has another type.";
    ExternalCollisionWithAnotherDirective = "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", "External, and something that external excludes.";
    InvalidFieldSharing = "INVALID_FIELD_SHARING", "Several subgraphs give a field that isn't shareable.";
    InvalidShareableUsage = "INVALID_SHAREABLE_USAGE", "A `@shareable` on an interface's field.";
    FieldTypeMismatch = "FIELD_TYPE_MISMATCH", "A field has types that don't merge.";
    FieldArgumentTypeMismatch = "FIELD_ARGUMENT_TYPE_MISMATCH", "An argument has types that don't merge.";
    FieldArgumentDefaultMismatch = "FIELD_ARGUMENT_DEFAULT_MISMATCH", "An argument has different defaults.";
    InputFieldTypeMismatch = "FIELD_TYPE_MISMATCH", "An input's field has types that don't merge.";
    InputFieldDefaultMismatch = "INPUT_FIELD_DEFAULT_MISMATCH", "An input's field has different defaults.";
    RequiredArgumentMissingInSomeSubgraph = "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", "A required argument that some subgraph hasn't.";
    RequiredInputFieldMissingInSomeSubgraph = "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", "A required input field that some subgraph hasn't.";
    KeyDirectiveInFieldsArg = "KEY_DIRECTIVE_IN_FIELDS_ARG", "A directive in a key's fields.";
    RequiresDirectiveInFieldsArg = "REQUIRES_DIRECTIVE_IN_FIELDS_ARG", "A directive in the fields of a `@requires`.";
    ProvidesDirectiveInFieldsArg = "PROVIDES_DIRECTIVE_IN_FIELDS_ARG", "A directive in the fields of a `@provides`.";
    MergedDirectiveApplicationOnExternal = "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", "An external field that hides or tags what is another subgraph's.";
    AuthRequirementsAppliedOnInterface = "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", "A guard on an interface, which its implementations need not keep.";
    MissingTransitiveAuthRequirements = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS", "A field that requires a guarded one without being guarded itself.";
    ListSizeAppliedToNonList = "LIST_SIZE_APPLIED_TO_NON_LIST", "A `@listSize` on what isn't a list.";
    ListSizeInvalidAssumedSize = "LIST_SIZE_INVALID_ASSUMED_SIZE", "A `@listSize` that assumes less than nothing.";
    ListSizeInvalidSlicingArgument = "LIST_SIZE_INVALID_SLICING_ARGUMENT", "A `@listSize` that names no argument with a number.";
    ListSizeInvalidSizedField = "LIST_SIZE_INVALID_SIZED_FIELD", "A `@listSize` that names a field that isn't there.";
    CostAppliedToInterfaceField = "COST_APPLIED_TO_INTERFACE_FIELD", "A `@cost` on an interface's field.";
    ContextNameInvalid = "CONTEXT_NAME_INVALID", "A context's name isn't made of letters and digits.";
    ContextNameContainsUnderscore = "CONTEXT_NAME_CONTAINS_UNDERSCORE", "A context's name has an underscore.";
    ContextNotSet = "CONTEXT_NOT_SET", "An argument is from a context that no type sets, or stands where there is no context.";
    NoContextInSelection = "NO_CONTEXT_IN_SELECTION", "A `@fromContext` that names no context.";
    NoSelectionForContext = "NO_SELECTION_FOR_CONTEXT", "A `@fromContext` that names a context, but not what to take from it.";
    ContextInvalidSelection = "CONTEXT_INVALID_SELECTION", "What an argument takes from a context doesn't fit.";
    ContextNoResolvableKey = "CONTEXT_NO_RESOLVABLE_KEY", "A type with an argument from a context can't be asked for by a key.";
    ContextualArgument = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS", "An argument is from a context here and required of clients there.";
    LinkImportNameMismatch = "LINK_IMPORT_NAME_MISMATCH", "A directive that reaches the supergraph is called differently by subgraphs.";
    UnknownLinkVersion = "UNKNOWN_LINK_VERSION", "A version of a specification that isn't known here.";
    EmptyMergedInputType = "EMPTY_MERGED_INPUT_TYPE", "An input whose subgraphs have no field in common.";
    EmptyMergedEnumType = "EMPTY_MERGED_ENUM_TYPE", "An enum whose subgraphs have no value in common.";
    EnumValueMismatch = "ENUM_VALUE_MISMATCH", "An enum that goes in and out differs by subgraph.";
    InterfaceFieldNoImplem = "INTERFACE_FIELD_NO_IMPLEM", "An implementation lacks a field of the merged interface.";
    InterfaceKeyNotOnImplementation = "INTERFACE_KEY_NOT_ON_IMPLEMENTATION", "An implementation lacks the interface's key.";
    InterfaceKeyMissingImplementationType = "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", "A subgraph with an interface's key lacks an implementation.";
    InterfaceObjectUsageError = "INTERFACE_OBJECT_USAGE_ERROR", "A `@interfaceObject` that stands for no interface, or has no key.";
    OverrideFromSelf = "OVERRIDE_FROM_SELF_ERROR", "A subgraph overrides itself.";
    OverrideSourceHasOverride = "OVERRIDE_SOURCE_HAS_OVERRIDE", "The subgraph that is overridden overrides too.";
    OverrideCollisionWithAnotherDirective = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", "Override, and something that override excludes.";
    OverrideOnInterface = "OVERRIDE_ON_INTERFACE", "An override of an interface's field.";
    OverrideLabelInvalid = "OVERRIDE_LABEL_INVALID", "A label of a form that isn't known.";
    DirectiveCompositionError = "DIRECTIVE_COMPOSITION_ERROR", "A `@composeDirective` that can't be followed.";
    ReferencedInaccessible = "REFERENCED_INACCESSIBLE", "Something visible refers to something inaccessible.";
    RequiredInaccessible = "REQUIRED_INACCESSIBLE", "An inaccessible argument or input field that clients would have to give.";
    ImplementedByInaccessible = "IMPLEMENTED_BY_INACCESSIBLE", "An inaccessible field that a visible interface wants.";
    OnlyInaccessibleChildren = "ONLY_INACCESSIBLE_CHILDREN", "A visible type with nothing visible in it.";
    DefaultValueUsesInaccessible = "DEFAULT_VALUE_USES_INACCESSIBLE", "A visible default value that uses an inaccessible enum value.";
    QueryRootTypeInaccessible = "QUERY_ROOT_TYPE_INACCESSIBLE", "The query root is inaccessible.";
    SatisfiabilityError = "SATISFIABILITY_ERROR", "An operation that the schema allows and no subgraphs can answer together.";
    TooManyPaths = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", "Too many ways through the subgraphs to try them all.";
}

codes! {
    /// The published codes of hints.
    HintCode:
    InconsistentArgumentPresence = "INCONSISTENT_ARGUMENT_PRESENCE", "An argument that some subgraphs don't know is left out.";
    InconsistentButCompatibleArgumentType = "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", "An argument or input field differs in nullability.";
    InconsistentButCompatibleFieldType = "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", "A field has types that merge but aren't the same.";
    InconsistentDefaultValuePresence = "INCONSISTENT_DEFAULT_VALUE_PRESENCE", "Only some subgraphs have a default, so that there is none.";
    InconsistentDescription = "INCONSISTENT_DESCRIPTION", "An element is described differently.";
    InconsistentEntity = "INCONSISTENT_ENTITY", "A type has a key in some subgraphs only.";
    InconsistentEnumValueForInputEnum = "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "A value of an enum that comes in is left out.";
    InconsistentEnumValueForOutputEnum = "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "A value of an enum that goes out never comes from some subgraphs.";
    InconsistentExecutableDirectiveLocations = "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", "A directive for operations may stand in different places.";
    InconsistentExecutableDirectivePresence = "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", "A directive for operations that some subgraphs don't know is left out.";
    InconsistentExecutableDirectiveRepeatable = "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", "A directive for operations is repeatable in some subgraphs only.";
    InconsistentInputObjectField = "INCONSISTENT_INPUT_OBJECT_FIELD", "An input's field that some subgraphs don't know is left out.";
    InconsistentInterfaceValueTypeField = "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", "An interface without keys lacks a field in some subgraphs.";
    InconsistentObjectValueTypeField = "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", "An object without keys lacks a field in some subgraphs.";
    InconsistentUnionMember = "INCONSISTENT_UNION_MEMBER", "A union lacks a member in some subgraphs.";
    NoExecutableDirectiveLocationsIntersection = "NO_EXECUTABLE_DIRECTIVE_LOCATIONS_INTERSECTION", "A directive for operations may stand nowhere in all subgraphs.";
    ContextualArgumentNotContextualInAllSubgraphs = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS", "An argument is from a context in some subgraphs only.";
    FromSubgraphDoesNotExist = "FROM_SUBGRAPH_DOES_NOT_EXIST", "An `@override` from a subgraph that there isn't.";
    OverriddenFieldCanBeRemoved = "OVERRIDDEN_FIELD_CAN_BE_REMOVED", "A field that was overridden is asked for no more.";
    OverrideDirectiveCanBeRemoved = "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "An `@override` from a subgraph that hasn't the field any more.";
    OverrideMigrationInProgress = "OVERRIDE_MIGRATION_IN_PROGRESS", "A field moves where a label is on.";
    UnusedEnumType = "UNUSED_ENUM_TYPE", "An enum that nothing uses.";
}

impl CompositionError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            places: Vec::new(),
            hint: None,
        }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    pub(crate) fn at_all(mut self, places: impl IntoIterator<Item = Place>) -> Self {
        self.places.extend(places);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subgraph)?;
        if let Some(position) = self.position {
            write!(f, ":{}:{}", position.line, position.column)?;
        }
        if self.coordinate.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", self.coordinate)
        }
    }
}

impl fmt::Display for CompositionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        for place in &self.places {
            write!(f, "\n  at {place}")?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CompositionError {}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        for place in &self.places {
            write!(f, "\n  at {place}")?;
        }
        Ok(())
    }
}
