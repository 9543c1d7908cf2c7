//! How a service feels. `/health/live` answers as long as the process does; `/health/ready` asks every check.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::BoxFuture;

/// Something that a service can't work without.
pub trait HealthCheck: Send + Sync + 'static {
    /// What is checked: "orders: database".
    fn name(&self) -> &str;

    /// Asks it. The error is one sentence for the operator; it must not hold a secret.
    fn check(&self) -> BoxFuture<'_, Result<(), String>>;
}

/// What `/health/ready` says of one check.
#[derive(Debug, Clone, serde::Serialize)]
pub struct HealthReport {
    /// What was checked.
    pub name: String,
    /// What is wrong with it, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a start waits for: engines that aren't there yet. A service that waits is alive and not ready, and says for what.
/// Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Waiting(Arc<Mutex<BTreeMap<String, String>>>);

impl Waiting {
    /// Somebody waits: for what ("orders: database"), and why, in one sentence without a secret.
    pub fn say(&self, name: &str, why: String) {
        self.lock().insert(name.to_owned(), why);
    }

    /// It is there.
    pub fn over(&self, name: &str) {
        self.lock().remove(name);
    }

    /// What is waited for now.
    pub fn reports(&self) -> Vec<HealthReport> {
        let report = |(name, why): (&String, &String)| HealthReport {
            name: name.clone(),
            problem: Some(why.clone()),
        };
        self.lock().iter().map(report).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks all checks at once; each has two seconds.
pub async fn check_all(checks: &[Arc<dyn HealthCheck>]) -> Vec<HealthReport> {
    check_within(Duration::from_secs(2), checks).await
}

async fn check_within(patience: Duration, checks: &[Arc<dyn HealthCheck>]) -> Vec<HealthReport> {
    let reports = checks.iter().map(|check| async move {
        let problem = match tokio::time::timeout(patience, check.check()).await {
            Ok(answer) => answer.err(),
            Err(_) => Some("no answer in time".to_owned()),
        };
        HealthReport {
            name: check.name().to_owned(),
            problem,
        }
    });
    futures_util::future::join_all(reports).await
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Check(&'static str, bool);

    impl HealthCheck for Check {
        fn name(&self) -> &str {
            self.0
        }

        fn check(&self) -> BoxFuture<'_, Result<(), String>> {
            Box::pin(async {
                if self.1 {
                    Ok(())
                } else {
                    std::future::pending().await
                }
            })
        }
    }

    #[tokio::test]
    async fn a_check_that_hangs_is_reported_and_hides_no_other() {
        let checks: [Arc<dyn HealthCheck>; 2] =
            [Arc::new(Check("slow", false)), Arc::new(Check("good", true))];
        let reports = check_within(Duration::from_millis(1), &checks).await;
        assert_eq!(reports[0].problem.as_deref(), Some("no answer in time"));
        assert_eq!(reports[1].problem, None);
    }
}
