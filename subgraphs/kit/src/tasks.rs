//! What runs in the background: started by name, ended together.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The background tasks of a program or of a test.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    cancel: CancellationToken,
}

impl Tasks {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` until it ends, or is dropped at its next await after [`Tasks::shutdown`] began. What must not be
    /// cut in two belongs into a database transaction. A panic is logged with the name and ends this task only.
    pub fn spawn(&self, name: impl Into<String>, work: impl Future<Output = ()> + Send + 'static) {
        let cancel = self.cancel.clone();
        self.spawn_to_end(name, async move {
            cancel.run_until_cancelled_owned(work).await;
        });
    }

    /// Runs `work` until it ends by itself, which it has to do soon after [`Tasks::cancelled`]: [`Tasks::shutdown`] waits for it.
    pub fn spawn_to_end(&self, name: impl Into<String>, work: impl Future<Output = ()> + Send + 'static) {
        let name = name.into();
        self.tracker.spawn(async move {
            if let Err(panic) = AssertUnwindSafe(work).catch_unwind().await {
                let said = panic
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| panic.downcast_ref::<String>().cloned())
                    .unwrap_or_default();
                tracing::error!(task = name, said, "a background task panicked");
            }
        });
    }

    /// Resolves when the end has begun.
    pub async fn cancelled(&self) {
        self.cancel.cancelled().await;
    }

    /// Whether the end has begun.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Tasks that end with these, or earlier by themselves.
    pub fn child(&self) -> Self {
        Self {
            tracker: self.tracker.clone(),
            cancel: self.cancel.child_token(),
        }
    }

    /// Begins the end without waiting for it.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Ends all, and waits for that at most `patience`. False when some were still running then.
    pub async fn shutdown(&self, patience: Duration) -> bool {
        self.cancel.cancel();
        self.tracker.close();
        tokio::time::timeout(patience, self.tracker.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn shutdown_ends_what_never_ends_and_survives_a_panic() {
        let tasks = Tasks::new();
        tasks.spawn("for ever", std::future::pending());
        tasks.spawn("broken", async { panic!("as planned") });
        assert!(tasks.shutdown(Duration::from_secs(5)).await);
    }

    #[tokio::test]
    async fn shutdown_waits_for_what_ends_by_itself() {
        let tasks = Tasks::new();
        let (told, mut heard) = tokio::sync::oneshot::channel();
        let watched = tasks.clone();
        tasks.spawn_to_end("tidy", async move {
            watched.cancelled().await;
            tokio::task::yield_now().await;
            let _ = told.send(());
        });
        assert!(tasks.shutdown(Duration::from_secs(5)).await);
        assert_eq!(heard.try_recv(), Ok(()));
    }
}
