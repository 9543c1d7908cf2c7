//! What notifications adds to a person: for the person themself and for services, nobody else.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use lavka_kit::caller::caller;
use lavka_kit::errors::{fault, forbidden, invalid, unauthenticated};
use lavka_kit::graphql::{Page, PageArgs, authenticated};
use lavka_kit::ids::Id;

use super::messenger;
use super::notification::{Notification, NotificationConnection};
use super::preferences::NotificationPreferences;
use crate::preferences::Preferences;
use crate::store::InboxQuery;

/// A person.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct User {
    pub(super) id: ID,
}

impl User {
    /// Whose inbox it is, if the caller may look into it.
    fn open(&self, ctx: &Context<'_>) -> Result<Id> {
        let caller = caller(ctx);
        match (Id::parse(&self.id), caller.user_id()) {
            (Some(id), Some(user)) if id == user => Ok(id),
            (Some(id), None) if caller.is_service() => Ok(id),
            (_, None) if !caller.is_service() => Err(unauthenticated()),
            _ => Err(forbidden()),
        }
    }
}

#[ComplexObject]
impl User {
    /// The inbox, newest first. At most 100 a page.
    #[graphql(directive = authenticated::apply())]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        unread_only: Option<bool>,
    ) -> Result<NotificationConnection> {
        let user_id = self.open(ctx)?;
        let args = PageArgs::new(first, after, 20, PageArgs::MAX)?;
        let after = match &args.after {
            Some(cursor) => Some(
                cursor
                    .parse()
                    .map_err(|_| invalid("`after` is not a cursor of this list"))?,
            ),
            None => None,
        };
        let store = &messenger(ctx)?.store;
        let unread_only = unread_only.unwrap_or(false);
        let query = InboxQuery {
            user_id,
            after,
            unread_only,
            limit: args.limit(),
        };
        let rows = store.inbox(query).await.map_err(fault)?;
        let total = store.count(user_id, unread_only).await.map_err(fault)?;
        let page = Page::of(&args, rows, total, |row| row.id.to_string());
        Ok(NotificationConnection::of(page.map(Notification)))
    }

    /// How many notifications the person hasn't seen.
    #[graphql(directive = authenticated::apply())]
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let user_id = self.open(ctx)?;
        let count = messenger(ctx)?.store.count(user_id, true).await.map_err(fault)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// What the person wants to hear, by which way, and when not.
    #[graphql(directive = authenticated::apply())]
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<NotificationPreferences> {
        let user_id = self.open(ctx)?;
        let preferences = messenger(ctx)?.store.preferences(user_id).await.map_err(fault)?;
        Ok(NotificationPreferences::of(
            &preferences.unwrap_or_else(|| Preferences::of_everybody(user_id)),
        ))
    }
}
