//! What can be done: the inbox here, preferences and devices in their own files.

use async_graphql::{Context, ID, InputObject, MergedObject, Object, Result, SimpleObject};
use lavka_kit::caller::{locale, require_user};
use lavka_kit::errors::{fault, invalid};
use lavka_kit::graphql::authenticated;
use lavka_kit::ids::Id;

use super::messenger;
use super::preferences::PreferencesMutation;
use super::push_device::PushDeviceMutation;
use super::user::User;
use crate::mark_read::{MarkReadRefusal, Seen};

/// How many can be named.
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
    /// The person, whose count of unread notifications has changed.
    user: Option<User>,
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
            (false, Some(ids)) => messenger
                .mark_read(user, &Seen::These(ids))
                .await
                .map_err(fault)?,
            (false, None) => Err(MarkReadRefusal::NotificationNotFound),
        };
        Ok(match marked {
            Ok(_) => MarkNotificationsReadPayload {
                user: Some(User { id: user.into() }),
                user_errors: Vec::new(),
            },
            Err(code) => {
                let message = locale(ctx)
                    .pick("Такого уведомления нет.", "There is no such notification.")
                    .to_owned();
                let field = Some(vec!["input".to_owned(), "ids".to_owned()]);
                let error = MarkNotificationsReadError { code, message, field };
                MarkNotificationsReadPayload {
                    user: None,
                    user_errors: vec![error],
                }
            }
        })
    }
}
