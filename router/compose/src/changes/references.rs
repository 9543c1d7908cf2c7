//! Which types may take another's place.

use apollo_compiler::ast::Type;

/// Whether clients who read the old type can read the new one: null may be promised away, nothing else may change.
pub(super) fn output_is_safe(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old), Type::Named(new) | Type::NonNullNamed(new))
        | (Type::NonNullNamed(old), Type::NonNullNamed(new)) => old == new,
        (Type::List(old), Type::List(new) | Type::NonNullList(new))
        | (Type::NonNullList(old), Type::NonNullList(new)) => output_is_safe(old, new),
        _ => false,
    }
}

/// Whether what clients gave for the old type is accepted by the new one: null may be allowed, nothing else may change.
pub(super) fn input_is_safe(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old) | Type::NonNullNamed(old), Type::Named(new))
        | (Type::NonNullNamed(old), Type::NonNullNamed(new)) => old == new,
        (Type::List(old) | Type::NonNullList(old), Type::List(new))
        | (Type::NonNullList(old), Type::NonNullList(new)) => input_is_safe(old, new),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(text: &str) -> Type {
        Type::parse(text, "type").unwrap_or_else(|errors| panic!("{text}: {errors}"))
    }

    #[test]
    fn an_answer_may_promise_more_and_an_input_may_ask_for_less() {
        for (old, new, output, input) in [
            ("Int", "Int", true, true),
            ("Int", "Int!", true, false),
            ("Int!", "Int", false, true),
            ("[Int]", "[Int!]!", true, false),
            ("[Int!]!", "[Int]", false, true),
            ("Int", "[Int]", false, false),
            ("Int", "Float", false, false),
        ] {
            assert_eq!(
                output_is_safe(&ty(old), &ty(new)),
                output,
                "{old} -> {new} going out"
            );
            assert_eq!(
                input_is_safe(&ty(old), &ty(new)),
                input,
                "{old} -> {new} coming in"
            );
        }
    }
}
