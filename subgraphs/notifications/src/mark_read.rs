//! A person has seen notifications: these, or all.

use lavka_kit::ids::Id;
use lavka_kit::sql;

use crate::messenger::Messenger;
use crate::store::StoreError;

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Everything in the inbox.
    All,
    /// These.
    These(Vec<Id>),
}

/// Why nothing was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "MarkNotificationsReadErrorCode")]
pub enum MarkReadRefusal {
    /// One of them isn't in the person's inbox.
    NotificationNotFound,
}

impl Messenger {
    /// Marks them; which ones weren't before, newest first. All or nothing: one that isn't there refuses the rest.
    pub async fn mark_read(
        &self,
        user: Id,
        seen: &Seen,
    ) -> Result<Result<Vec<Id>, MarkReadRefusal>, StoreError> {
        // Two that mark the same ones may meet them in different orders.
        sql::retry(|| self.try_to_mark_read(user, seen)).await
    }

    async fn try_to_mark_read(
        &self,
        user: Id,
        seen: &Seen,
    ) -> Result<Result<Vec<Id>, MarkReadRefusal>, StoreError> {
        let mut work = self.store.begin().await?;
        let ids = match seen {
            Seen::All => None,
            Seen::These(ids) => {
                let owned = work.owned(user, ids).await?;
                if ids.iter().any(|id| !owned.contains(id)) {
                    return Ok(Err(MarkReadRefusal::NotificationNotFound));
                }
                Some(ids.as_slice())
            }
        };
        let marked = work.mark_read(user, ids, self.clock.now()).await?;
        work.commit().await?;
        Ok(Ok(marked))
    }
}
