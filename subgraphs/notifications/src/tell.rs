//! One thing that happened becomes one notification, with a delivery for each channel: all in the transaction that took in the
//! event. What the person doesn't want, or we can't send, is written down as skipped with its reason, never silently left out.

use lavka_kit::events::{CloudEvent, EventData};
use lavka_kit::ids::Id;
use serde::{Deserialize, Serialize};

use crate::channel::{Channel, Delivery, DeliveryStatus, Reason};
use crate::hear::HearError;
use crate::kind::Kind;
use crate::messenger::Messenger;
use crate::notification::{Notification, Recipient};
use crate::preferences::Preferences;
use crate::store::{StoreError, Told, Work};
use crate::text::Subject;

/// What happened.
pub struct Happening {
    /// Its name, the same whenever we hear of it.
    pub cause: String,
    /// What it is about.
    pub kind: Kind,
    /// Which order it is about.
    pub order_id: Option<Id>,
    /// Whom it concerns.
    pub to: Recipient,
    /// Where they find more.
    pub link: String,
    /// What its template speaks of.
    pub facts: serde_json::Value,
}

/// Published for live views: an inbox has something new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationCreated {
    /// The notification.
    pub notification_id: Id,
    /// Whose inbox.
    pub user_id: Id,
}

impl EventData for NotificationCreated {
    const TYPE: &'static str = "lavka.notification.created.v1";
    const TOPIC: &'static str = lavka_kit::events::topics::NOTIFICATIONS;
}

impl Messenger {
    /// Tells it, unless it was told before.
    pub(crate) async fn tell(&self, work: &mut dyn Work, happening: Happening) -> Result<(), HearError> {
        let preferences = match happening.to.user_id {
            Some(user) => work.preferences(user).await?,
            None => None,
        };
        let zone = preferences
            .as_ref()
            .and_then(|it| it.quiet_hours)
            .map_or(self.zone, |quiet| quiet.zone);
        let words = self.texts.write(&Subject {
            kind: happening.kind,
            to: &happening.to,
            zone,
            link: &happening.link,
            facts: happening.facts,
        })?;
        let notification = Notification {
            id: self.ids.next(),
            user_id: happening.to.user_id,
            order_id: happening.order_id,
            kind: happening.kind,
            cause: happening.cause,
            title: words.title,
            body: words.body,
            created_at: self.clock.now(),
            read_at: None,
        };
        let has_device = match happening.to.user_id {
            Some(user) => !work.devices(user).await?.is_empty(),
            None => false,
        };
        let mut deliveries = Channel::ALL.map(|channel| {
            self.plan(
                &notification,
                channel,
                &happening.to,
                preferences.as_ref(),
                has_device,
            )
        });
        for delivery in &mut deliveries {
            if delivery.status == DeliveryStatus::Pending {
                delivery.mail = Some(words.mail.clone());
            }
        }
        let created = notification.user_id.map(|user_id| NotificationCreated {
            notification_id: notification.id,
            user_id,
        });
        let event = created.map(|it| CloudEvent::new(&*self.ids, &*self.clock, it.user_id, &it));
        let told = Told {
            notification,
            deliveries: deliveries.to_vec(),
            event: event.transpose().map_err(|error| StoreError::Engine {
                doing: "write an event as JSON",
                source: error.into(),
            })?,
        };
        Ok(work.add(told).await?)
    }

    fn plan(
        &self,
        notification: &Notification,
        channel: Channel,
        to: &Recipient,
        preferences: Option<&Preferences>,
        has_device: bool,
    ) -> Delivery {
        let wanted = preferences.is_none_or(|it| it.allow(notification.kind, channel));
        let reason = match channel {
            _ if !wanted => Some(Reason::TurnedOff),
            Channel::Email => None,
            Channel::Sms if to.phone.is_none() => Some(Reason::NoPhone),
            Channel::Push if !has_device => Some(Reason::NoDevice),
            Channel::Sms | Channel::Push => Some(Reason::NoProvider),
        };
        let quiet_until = preferences
            .and_then(|it| it.quiet_hours)
            .filter(|_| !notification.kind.is_urgent())
            .and_then(|quiet| quiet.end(notification.created_at));
        Delivery {
            notification_id: notification.id,
            channel,
            status: if reason.is_some() {
                DeliveryStatus::Skipped
            } else {
                DeliveryStatus::Pending
            },
            attempts: 0,
            due_at: reason
                .is_none()
                .then(|| quiet_until.unwrap_or(notification.created_at)),
            sent_at: None,
            reason,
            mail: None,
        }
    }
}
