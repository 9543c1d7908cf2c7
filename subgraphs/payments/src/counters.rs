//! What payments counts, for `/metrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::gateway::Gateway;
use crate::gateway::guard::Guarded;
use crate::gateway::notice::BadNotice;

/// Counts of this process since its start.
#[derive(Default)]
pub struct Counters {
    /// Webhooks that came for the first time.
    pub webhooks_kept: AtomicU64,
    /// Webhooks that were kept before.
    pub webhooks_repeated: AtomicU64,
    turned_away: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
}

impl Counters {
    /// A webhook was turned away.
    pub fn turned_away(&self, gateway: Gateway, why: &BadNotice) {
        let mut counts = self.turned_away.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((gateway.code(), why.code())).or_default() += 1;
    }

    /// How many webhooks of this gateway were turned away for this.
    #[cfg(test)]
    pub fn turned_away_for(&self, gateway: Gateway, why: &'static str) -> u64 {
        let counts = self.turned_away.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&(gateway.code(), why)).copied().unwrap_or(0)
    }

    /// In the text form that Prometheus reads, without the end mark.
    pub fn page(&self, guarded: &[(Gateway, Arc<Guarded>)]) -> String {
        let mut page = String::new();
        let mut family = |name: &str, help: &str, samples: &[(String, u64)]| {
            // Writing to a String can't fail.
            let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} counter");
            for (labels, value) in samples {
                let _ = writeln!(page, "{name}_total{labels} {value}");
            }
        };
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let kept = [
            ("{outcome=\"kept\"}".to_owned(), of(&self.webhooks_kept)),
            ("{outcome=\"repeated\"}".to_owned(), of(&self.webhooks_repeated)),
        ];
        family(
            "lavka_payments_webhooks",
            "Webhooks that were the gateway's.",
            &kept,
        );
        let turned_away: Vec<_> = self
            .turned_away
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|((gateway, why), count)| (format!("{{gateway=\"{gateway}\",reason=\"{why}\"}}"), *count))
            .collect();
        family(
            "lavka_payments_webhooks_turned_away",
            "Webhooks that were not.",
            &turned_away,
        );
        let calls: Vec<_> = guarded
            .iter()
            .flat_map(|(gateway, guarded)| {
                let calls = guarded.calls();
                [
                    ("answered", of(&calls.answered)),
                    ("unanswered", of(&calls.unanswered)),
                    ("stopped", of(&calls.stopped)),
                ]
                .map(|(outcome, count)| {
                    let gateway = gateway.code();
                    (format!("{{gateway=\"{gateway}\",outcome=\"{outcome}\"}}"), count)
                })
            })
            .collect();
        family("lavka_payments_gateway_calls", "Calls to gateways.", &calls);
        page
    }
}
