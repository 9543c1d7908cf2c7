//! Which progressive overrides (`@override(from:, label:)`) are on. A label is on for everybody because the configuration says so, or, as `percent(10)`, for
//! that share of the requests.

use std::collections::BTreeSet;

use lavka_supergraph::Supergraph;
use tracing::warn;

use crate::config::Overrides;

#[derive(Debug)]
pub(super) struct Labels {
    always: BTreeSet<String>,
    shares: Vec<(f64, String)>,
}

impl Labels {
    pub fn new(supergraph: &Supergraph, config: &Overrides) -> Self {
        let known = supergraph.labels();
        for label in &config.labels {
            if !known.contains(&**label) {
                warn!(
                    label,
                    "`overrides.labels` names a label that the supergraph doesn't have"
                );
            }
        }
        let wanted = config.labels.iter().filter(|label| known.contains(&***label));
        let shares = known
            .iter()
            .filter_map(|label| Some((share(label)?, (*label).to_owned())));
        Self {
            always: wanted.cloned().collect(),
            shares: shares.collect(),
        }
    }

    /// What is on for one request. `draw`: at random from 0 up to, but without, 100. There is one draw for all labels, so that whoever gets what 10 percent
    /// get also gets what 50 percent get: the fewer combinations there are, the fewer plans have to be made.
    pub fn on(&self, draw: impl FnOnce() -> f64) -> BTreeSet<String> {
        let mut on = self.always.clone();
        if !self.shares.is_empty() {
            let drawn = draw();
            let shares = self.shares.iter().filter(|(share, _)| drawn < *share);
            on.extend(shares.map(|(_, label)| label.clone()));
        }
        on
    }
}

/// What `percent(12.5)` says. That it is a number from 0 to 100 was seen when the supergraph was composed.
fn share(label: &str) -> Option<f64> {
    label.strip_prefix("percent(")?.strip_suffix(')')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_on_for_whoever_draws_less() {
        let labels = Labels {
            always: BTreeSet::from(["dark".to_owned()]),
            shares: vec![
                (0.0, "none".to_owned()),
                (10.0, "few".to_owned()),
                (100.0, "all".to_owned()),
            ],
        };
        let on = |drawn| labels.on(|| drawn).into_iter().collect::<Vec<_>>();
        assert_eq!(on(0.0), ["all", "dark", "few"]);
        assert_eq!(on(9.99), ["all", "dark", "few"]);
        assert_eq!(on(10.0), ["all", "dark"]);
        assert_eq!(on(99.99), ["all", "dark"]);
    }

    #[test]
    fn shares_are_read_from_their_labels() {
        assert_eq!(share("percent(12.5)"), Some(12.5));
        assert_eq!(share("dark"), None);
    }
}
