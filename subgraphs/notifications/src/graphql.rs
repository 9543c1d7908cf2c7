//! The schema of notifications.

mod loaders;
mod mutation;
mod notification;
mod preferences;
mod push_device;
mod subscription;
mod user;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, Schema};
use lavka_kit::bus::EventBus;
use lavka_kit::caller::caller;
use lavka_kit::errors::fault;
use lavka_kit::ids::Id;

use self::loaders::Loaders;
use self::mutation::Mutation;
use self::notification::Notification;
use self::subscription::Subscription;
use self::user::User;
use crate::messenger::Messenger;

pub(crate) type NotificationsSchema = Schema<Query, Mutation, Subscription>;

/// The schema, with this messenger.
pub(crate) fn schema(messenger: Arc<Messenger>, bus: Arc<dyn EventBus>) -> NotificationsSchema {
    lavka_kit::graphql::schema(Query, Mutation::default(), Subscription)
        .data(Loaders::new(messenger.store.clone()))
        .data(messenger)
        .data(bus)
        .finish()
}

fn messenger<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Messenger>> {
    ctx.data::<Arc<Messenger>>()
}

/// What can be asked.
pub(crate) struct Query;

#[Object]
impl Query {
    /// A notification: its owner's and the services'. To anybody else it isn't there.
    #[graphql(entity)]
    async fn find_notification_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Notification>> {
        let Some(id) = Id::parse(&id) else { return Ok(None) };
        let notification = messenger(ctx)?.store.notification(id).await.map_err(fault)?;
        let caller = caller(ctx);
        let may_see = |it: &crate::notification::Notification| {
            caller.is_service() || (it.user_id.is_some() && it.user_id == caller.user_id())
        };
        Ok(notification.filter(may_see).map(Notification))
    }

    /// A person, as notifications knows them.
    #[graphql(entity)]
    async fn find_user_by_id(&self, id: ID) -> User {
        User { id }
    }
}

#[cfg(test)]
mod tests;
