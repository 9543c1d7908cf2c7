//! The inbox, live. Whichever replica wrote a notification has published it on `lavka.notifications`; every replica follows that
//! topic for its own subscribers, and reads the notification from the database that they share.

use std::sync::Arc;

use async_graphql::{Context, Result};
use futures_util::{Stream, StreamExt as _};
use lavka_kit::bus::EventBus;
use lavka_kit::caller::require_user;
use lavka_kit::errors::{chain, fault};
use lavka_kit::events::topics;
use lavka_kit::graphql::authenticated;

use super::messenger;
use super::notification::Notification;
use crate::tell::NotificationCreated;

/// What can be followed.
pub(crate) struct Subscription;

#[async_graphql::Subscription]
impl Subscription {
    /// Every notification of the signed-in person, from now on.
    #[graphql(directive = authenticated::apply())]
    async fn notification_received(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Notification> + use<>> {
        let user = require_user(ctx)?.id;
        let store = messenger(ctx)?.store.clone();
        let events = ctx
            .data::<Arc<dyn EventBus>>()?
            .tail(topics::NOTIFICATIONS)
            .await
            .map_err(fault)?;
        Ok(events.filter_map(move |event| {
            let store = store.clone();
            async move {
                let created = event
                    .data::<NotificationCreated>()
                    .ok()
                    .filter(|it| it.user_id == user)?;
                match store.notification(created.notification_id).await {
                    Ok(notification) => notification.map(Notification),
                    Err(error) => {
                        tracing::error!(error = chain(&error), "a notification can't be shown live");
                        None
                    }
                }
            }
        }))
    }
}
