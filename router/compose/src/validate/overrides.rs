//! `@override`, as far as one subgraph can get it wrong alone.

use crate::error::{Code, CompositionError};
use crate::model::{Shape, SubgraphModel};

pub(super) fn check(subgraph: &SubgraphModel) -> Vec<CompositionError> {
    let mut errors = Vec::new();
    for ty in subgraph.types.values() {
        for field in ty
            .composite()
            .into_iter()
            .flat_map(|composite| composite.fields.values())
        {
            let Some(taken) = &field.overrides else { continue };
            let coordinate = format!("{}.{}", ty.name, field.name);
            let mut refuse = |code: Code, message: String, hint: &str| {
                let place = subgraph.place(coordinate.as_str(), field.position);
                errors.push(CompositionError::new(code, message).at(place).hint(hint));
            };
            if taken.from == subgraph.name {
                let message = format!("{coordinate} is overridden from its own subgraph");
                refuse(
                    Code::OverrideFromSelf,
                    message,
                    "name the subgraph that gave the field before",
                );
            }
            if matches!(ty.shape, Shape::Interface(_)) {
                let message =
                    format!("{coordinate} is overridden, but an interface's field belongs to nobody");
                refuse(
                    Code::OverrideOnInterface,
                    message,
                    "put @override on the field in the objects that implement the interface",
                );
            }
            if field.external {
                let message = format!("{coordinate} is both @override and @external");
                refuse(
                    Code::OverrideCollisionWithAnotherDirective,
                    message,
                    "take @external away where the field is given from now on",
                );
            }
            if let Some(label) = &taken.label
                && !is_label(label)
            {
                let message = format!("{coordinate} is overridden with the label \"{label}\"");
                refuse(
                    Code::OverrideLabelInvalid,
                    message,
                    "a label is a letter and then letters, digits, or any of _-:./, or percent(0) to percent(100)",
                );
            }
        }
    }
    errors
}

fn is_label(label: &str) -> bool {
    if let Some(share) = label
        .strip_prefix("percent(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let decimals = share.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let plain = share.chars().all(|c| c.is_ascii_digit() || c == '.');
        return plain
            && decimals <= 8
            && share
                .parse()
                .is_ok_and(|share: f64| (0.0..=100.0).contains(&share));
    }
    let mut chars = label.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "_-:./".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[test]
    fn labels_are_words_or_shares() {
        for good in [
            "a",
            "release:2024/5_b-c.d",
            "percent(0)",
            "percent(100)",
            "percent(12.5)",
        ] {
            assert!(is_label(good), "{good}");
        }
        for bad in [
            "",
            "1a",
            "a b",
            "percent(101)",
            "percent(-1)",
            "percent()",
            "percent(1e1)",
            "percent(1.123456789)",
        ] {
            assert!(!is_label(bad), "{bad}");
        }
    }
}
