//! What can be done: the inbox here, preferences and devices in their own files.

use async_graphql::{Context, ID, InputObject, MergedObject, Object, Result, SimpleObject};
use lavka_kit::caller::{locale, require_user};
use lavka_kit::errors::{fault, invalid};
use lavka_kit::graphql::authenticated;
use lavka_kit::ids::Id;

use super::messenger;
use super::notification::Notification;
use super::preferences::PreferencesMutation;
use super::push_device::PushDeviceMutation;
use crate::mark_read::{MarkReadRefusal, Seen};

/// How many can be named, and how many are shown.
const MOST: usize = 100;

/// What can be done.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub(crate) struct Mutation(InboxMutation, PreferencesMutation, PushDeviceMutation);

/// Which notifications were seen.
#[derive(InputObject)]
struct MarkNotificationsReadInput {
    /// These; at most 100.
    ids: Option<Vec<ID>>,
    /// All of them.
    all: Option<bool>,
}

/// What became of it.
#[derive(SimpleObject)]
struct MarkNotificationsReadPayload {
    /// Those that weren't read before, newest first; at most 100.
    notifications: Vec<Notification>,
    /// How many are left.
    unread_notification_count: i32,
    /// Why nothing was marked.
    user_errors: Vec<MarkNotificationsReadError>,
}

/// Why nothing was marked.
#[derive(SimpleObject)]
struct MarkNotificationsReadError {
    /// For programs.
    code: MarkReadRefusal,
    /// For people.
    message: String,
    /// Where in the input.
    field: Option<Vec<String>>,
}

#[derive(Default)]
struct InboxMutation;

#[Object]
impl InboxMutation {
    /// Marks notifications of the signed-in person as read.
    #[graphql(directive = authenticated::apply())]
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        input: MarkNotificationsReadInput,
    ) -> Result<MarkNotificationsReadPayload> {
        let user = require_user(ctx)?.id;
        let messenger = messenger(ctx)?;
        let ids = input.ids.unwrap_or_default();
        if ids.len() > MOST {
            return Err(invalid(format!("`ids` may name at most {MOST} notifications")));
        }
        // What isn't an id is nobody's notification.
        let known: Option<Vec<Id>> = ids.iter().map(Id::parse).collect();
        let marked = match (input.all.unwrap_or(false), known) {
            (true, _) => messenger.mark_read(user, &Seen::All).await.map_err(fault)?,
            (false, Some(ids)) => messenger.mark_read(user, &Seen::These(ids)).await.map_err(fault)?,
            (false, None) => Err(MarkReadRefusal::NotificationNotFound),
        };
        let (marked, user_errors) = match marked {
            Ok(marked) => (marked, Vec::new()),
            Err(code) => {
                let message = locale(ctx)
                    .pick("Такого уведомления нет.", "There is no such notification.")
                    .to_owned();
                let field = Some(vec!["input".to_owned(), "ids".to_owned()]);
                (Vec::new(), vec![MarkNotificationsReadError { code, message, field }])
            }
        };
        let mut notifications = Vec::new();
        for id in marked.into_iter().take(MOST) {
            notifications.extend(messenger.store.notification(id).await.map_err(fault)?.map(Notification));
        }
        let left = messenger.store.count(user, true).await.map_err(fault)?;
        let unread_notification_count = i32::try_from(left).unwrap_or(i32::MAX);
        Ok(MarkNotificationsReadPayload { notifications, unread_notification_count, user_errors })
    }
}
