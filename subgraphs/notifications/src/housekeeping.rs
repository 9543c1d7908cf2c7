//! What is done every hour: what was told long ago is dropped from the inboxes.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use lavka_kit::errors::chain;

use crate::messenger::Messenger;
use crate::store::StoreError;

const EVERY: Duration = Duration::from_secs(60 * 60);

impl Messenger {
    /// Works until it is dropped. `days`: how long an inbox keeps what it was told; 0 means for ever.
    pub(crate) async fn keep_house(self: Arc<Self>, days: u32) {
        if days == 0 {
            return;
        }
        loop {
            if let Err(error) = self.tidy_up(TimeDelta::days(i64::from(days))).await {
                tracing::warn!(error = chain(&error), "old notifications can't be dropped");
            }
            self.clock.sleep(EVERY).await;
        }
    }

    /// Drops what is older than that, a piece at a time, so that nobody waits for it long.
    pub(crate) async fn tidy_up(&self, kept: TimeDelta) -> Result<(), StoreError> {
        let before = self.clock.now() - kept;
        loop {
            let mut work = self.store.begin().await?;
            let dropped = work.forget(before).await?;
            work.commit().await?;
            if dropped == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{ANN, ORDER, Scene, placed};
    use lavka_kit::on_both_engines;
    use lavka_kit::sql::Dialect;

    async fn stage(engine: Dialect) -> Option<Scene> {
        Scene::on(engine).await
    }

    on_both_engines! { stage:
        an_inbox_forgets_what_was_told_long_ago_and_nothing_else
    }

    async fn an_inbox_forgets_what_was_told_long_ago_and_nothing_else(scene: Scene) {
        scene.ann_registers().await;
        scene.messenger.deliver_due().await.unwrap();
        scene.clock.advance(Duration::from_secs(20 * 24 * 60 * 60));
        scene.hears(ORDER, &placed(Some(ANN))).await;
        scene.clock.advance(Duration::from_secs(11 * 24 * 60 * 60));
        assert_eq!(scene.inbox(ANN).await.len(), 2);
        scene.messenger.tidy_up(TimeDelta::days(30)).await.unwrap();
        let kept = scene.inbox(ANN).await;
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert!(kept[0].order_id.is_some(), "the younger one: {kept:?}");
        scene.messenger.tidy_up(TimeDelta::days(30)).await.unwrap();
        assert_eq!(scene.inbox(ANN).await.len(), 1);
    }
}
