//! Places between two durable steps where a test can let the program die.
//!
//! Two ways to die, neither of them in a release build, where [`point`] is empty:
//! - the environment variable `LAVKA_FAULT_POINT=NAME` aborts the process the moment it comes by this point: what `kill -9`
//!   would do, but exactly there. `NAME:3` lets it come by twice before;
//! - a simulation ([`interleave`]) takes over the thread: every point hands control back once, so that whoever polls the
//!   operation decides what happens in between, and may drop it there.

/// Comes by a point: "payments: asked". The same name always stands for the same place.
#[cfg(not(any(debug_assertions, feature = "testing")))]
pub async fn point(_name: &'static str) {}

#[cfg(any(debug_assertions, feature = "testing"))]
pub use active::{interleave, point};

#[cfg(any(debug_assertions, feature = "testing"))]
mod active {
    use std::cell::Cell;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// What kills the process, and how many times it may come by before.
    struct Ordered {
        name: String,
        left: AtomicU32,
    }

    static ORDERED: OnceLock<Option<Ordered>> = OnceLock::new();

    thread_local! {
        static INTERLEAVED: Cell<bool> = const { Cell::new(false) };
    }

    /// Comes by a point: "payments: asked". The same name always stands for the same place.
    pub async fn point(name: &'static str) {
        if let Some(ordered) = ORDERED.get_or_init(ordered)
            && ordered.name == name
            && ordered.left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            eprintln!("fault point {name:?}: ending as kill -9 would");
            std::process::abort();
        }
        if INTERLEAVED.get() {
            let mut passed = false;
            std::future::poll_fn(move |_| {
                if std::mem::replace(&mut passed, true) {
                    std::task::Poll::Ready(())
                } else {
                    std::task::Poll::Pending
                }
            })
            .await;
        }
    }

    /// From now on every point on this thread hands control back once (or no longer does).
    pub fn interleave(on: bool) {
        INTERLEAVED.set(on);
    }

    fn ordered() -> Option<Ordered> {
        let text = std::env::var("LAVKA_FAULT_POINT").ok()?;
        let (name, times) = match text.rsplit_once(':') {
            Some((name, times)) if times.parse::<u32>().is_ok() => (name, times.parse().unwrap_or(1)),
            _ => (text.as_str(), 1),
        };
        Some(Ordered {
            name: name.to_owned(),
            left: AtomicU32::new(times.max(1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    #[test]
    fn in_a_simulation_a_point_hands_control_back_once() {
        super::interleave(true);
        let mut passing = Box::pin(super::point("here"));
        assert_eq!(passing.as_mut().now_or_never(), None);
        assert_eq!(passing.as_mut().now_or_never(), Some(()));
        super::interleave(false);
        assert_eq!(super::point("here").now_or_never(), Some(()));
    }
}
