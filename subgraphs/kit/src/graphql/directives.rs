//! The directive `@authenticated`.
#![expect(
    missing_docs,
    reason = "what the macro writes has no documentation; the function below has"
)]

use async_graphql::TypeDirective;

/// Marks a field or an object that only a signed-in person may ask for: `directive = authenticated::apply()`.
///
/// [`super::federated_sdl`] turns it into the federation directive of the same name, which the router enforces. The
/// resolver must ask [`crate::caller::require_user`] all the same.
#[TypeDirective(location = "FieldDefinition", location = "Object")]
pub fn authenticated() {}
