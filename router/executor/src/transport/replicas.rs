//! Which of a subgraph's replicas gets the next request: the one with the fewest in flight, by turns among equals. One
//! that failed rests for a while; when all rest, the one that has rested longest is tried.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::http::Uri;
use tokio::time::Instant;

/// How long a replica that failed is left alone.
const REST: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Replicas {
    replicas: Vec<Arc<Replica>>,
    turn: AtomicUsize,
}

#[derive(Debug)]
struct Replica {
    uri: Uri,
    in_flight: AtomicUsize,
    failed_at: Mutex<Option<Instant>>,
}

/// A replica while a request to it is in flight.
#[derive(Debug)]
pub(super) struct Lease {
    number: usize,
    replica: Arc<Replica>,
}

impl Replicas {
    pub(super) fn new(uris: Vec<Uri>) -> Self {
        let replica = |uri| {
            Arc::new(Replica {
                uri,
                in_flight: AtomicUsize::new(0),
                failed_at: Mutex::new(None),
            })
        };
        Self {
            replicas: uris.into_iter().map(replica).collect(),
            turn: AtomicUsize::new(0),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.replicas.len()
    }

    /// A replica that isn't among the `tried`; `None` when all were.
    pub(super) fn pick(&self, tried: &[usize], now: Instant) -> Option<Lease> {
        let count = self.replicas.len();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let candidates = (0..count)
            .map(|step| (turn.wrapping_add(step)) % count)
            .filter(|at| !tried.contains(at));
        let number = candidates.min_by_key(|at| {
            let replica = &self.replicas[*at];
            // Rested ones first (`None`), then whoever failed longest ago.
            let rests = replica
                .failed_at()
                .filter(|failed_at| now.duration_since(*failed_at) < REST);
            (rests, replica.in_flight.load(Ordering::Relaxed))
        })?;
        let replica = self.replicas[number].clone();
        replica.in_flight.fetch_add(1, Ordering::Relaxed);
        Some(Lease { number, replica })
    }
}

impl Replica {
    fn failed_at(&self) -> Option<Instant> {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub(super) fn uri(&self) -> &Uri {
        &self.replica.uri
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// It answered.
    pub(super) fn works(&self) {
        *self
            .replica
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// It didn't answer, or said that it can't.
    pub(super) fn failed(&self, now: Instant) {
        *self
            .replica
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.replica.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Replicas {
        Replicas::new(
            ["http://a/", "http://b/", "http://c/"]
                .map(Uri::from_static)
                .into(),
        )
    }

    fn host(lease: &Lease) -> &str {
        lease.uri().host().unwrap_or_default()
    }

    #[test]
    fn replicas_take_turns_and_the_idle_one_comes_first() {
        let replicas = three();
        let now = Instant::now();
        let held: Vec<Lease> = (0..3).filter_map(|_| replicas.pick(&[], now)).collect();
        assert_eq!(held.iter().map(host).collect::<Vec<_>>(), ["a", "b", "c"]);
        let mut held = held.into_iter();
        let (_a, b) = (held.next(), held.next());
        drop(b);
        assert_eq!(replicas.pick(&[], now).as_ref().map(host), Some("b"));
    }

    #[test]
    fn a_failed_replica_rests_and_comes_back() {
        let replicas = three();
        let start = Instant::now();
        if let Some(lease) = replicas.pick(&[], start) {
            lease.failed(start);
        }
        for _ in 0..6 {
            assert_ne!(replicas.pick(&[], start + REST / 2).as_ref().map(host), Some("a"));
        }
        let later: Vec<String> = (0..3)
            .filter_map(|_| replicas.pick(&[], start + REST))
            .map(|lease| host(&lease).to_owned())
            .collect();
        assert!(later.contains(&"a".to_owned()), "{later:?}");
    }

    #[test]
    fn when_all_have_failed_the_first_to_fail_is_tried_and_no_one_twice() {
        let replicas = three();
        let start = Instant::now();
        for second in [2, 0, 1] {
            let lease = replicas.pick(&[], start);
            lease
                .as_ref()
                .inspect(|lease| lease.failed(start + Duration::from_secs(second)));
        }
        let now = start + Duration::from_secs(3);
        let mut tried = Vec::new();
        while let Some(lease) = replicas.pick(&tried, now) {
            tried.push(lease.number());
        }
        assert_eq!(tried, [1, 2, 0]);
    }
}
