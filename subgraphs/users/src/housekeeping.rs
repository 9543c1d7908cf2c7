//! What is done every hour: keys are rotated, and what nobody needs any more is dropped.

use std::time::Duration;

use chrono::TimeDelta;
use lavka_kit::errors::chain;

use crate::refusal::Fault;
use crate::store::{failures, mailed_tokens, sessions};
use crate::throttle;
use crate::users::Users;

const EVERY: Duration = Duration::from_secs(600);
/// For how long an ended session is kept: a used refresh token of it is still recognised.
const KEPT: TimeDelta = TimeDelta::days(30);

impl Users {
    pub(crate) async fn keep_house(self) {
        loop {
            if let Err(error) = self.keys.rotate().await {
                tracing::error!(error = chain(&*error), "the signing keys can't be rotated");
            }
            if let Err(error) = self.tidy_up().await {
                tracing::warn!(error = chain(&*error), "old sessions can't be dropped");
            }
            self.clock.sleep(EVERY).await;
        }
    }

    pub(crate) async fn tidy_up(&self) -> Result<(), Fault> {
        let now = self.clock.now();
        let longest_block = TimeDelta::minutes(i64::from(self.config.longest_block_minutes));
        sessions::forget(&self.database, now - KEPT).await?;
        mailed_tokens::forget(&self.database, now).await?;
        failures::forget(&self.database, now - longest_block - throttle::MEMORY).await?;
        Ok(())
    }
}
