//! One writing transaction. Where a decision hangs on something that may not be there yet (an order that a payment speaks of,
//! somebody's preferences, the number of their devices) the name of it is locked before it is looked for.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{self, Json, QueryBuilder, Transaction};

use super::rows::{
    ContactRow, DeliveryRow, DeviceRow, KindPreferenceRow, NotificationRow, OrderRow, PreferencesRow,
    preferences,
};
use super::{KIND_PREFERENCES, PREFERENCES, engine};
use crate::channel::{Channel, Delivery};
use crate::hear::GROUP;
use crate::notification::{Contact, Notification, OrderContact};
use crate::preferences::Preferences;
use crate::push_device::{PushAddress, PushDevice};
use crate::quiet_hours::QuietHours;
use crate::store::{StoreError, Work};

pub(super) struct SqlWork {
    pub(super) tx: Transaction,
}

impl SqlWork {
    async fn lock(&mut self, what: &'static str, whose: Id) -> Result<(), StoreError> {
        let locked = self.tx.lock_name(&format!("{what} {whose}")).await;
        locked.map_err(engine("wait for a turn"))
    }
}

#[async_trait]
impl Work for SqlWork {
    async fn first_time(&mut self, event: Id, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Inbox::first_time(&mut self.tx, GROUP, event, now)
            .await
            .map_err(engine("look into the inbox"))
    }

    async fn contact(&mut self, user_id: Id) -> Result<Option<Contact>, StoreError> {
        let row: Option<ContactRow> = sql::query_as("SELECT * FROM contacts WHERE user_id = $1")
            .bind(user_id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read a contact"))?;
        row.map(Contact::try_from).transpose()
    }

    async fn save_contact(&mut self, contact: &Contact, now: DateTime<Utc>) -> Result<(), StoreError> {
        sql::query(
            "INSERT INTO contacts (user_id, email, name, phone, locale, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, name = excluded.name,
                 phone = excluded.phone, locale = excluded.locale, updated_at = excluded.updated_at",
        )
        .bind(contact.user_id)
        .bind(&contact.email)
        .bind(&contact.name)
        .bind(&contact.phone)
        .bind(contact.locale.code())
        .bind(now)
        .execute(&mut *self.tx)
        .await
        .map_err(engine("write a contact"))?;
        Ok(())
    }

    async fn order(&mut self, id: Id) -> Result<Option<OrderContact>, StoreError> {
        self.lock("order", id).await?;
        let row: Option<OrderRow> = sql::query_as("SELECT * FROM orders WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read an order's contact"))?;
        row.map(OrderContact::try_from).transpose()
    }

    async fn save_order(&mut self, order: &OrderContact) -> Result<(), StoreError> {
        self.lock("order", order.id).await?;
        sql::query(
            "INSERT INTO orders (id, number, customer_id, locale, name, email, phone, order_key, total, currency)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
        )
        .bind(order.id)
        .bind(&order.number)
        .bind(order.customer_id)
        .bind(order.locale.code())
        .bind(&order.name)
        .bind(&order.email)
        .bind(&order.phone)
        .bind(&order.order_key)
        .bind(order.total.minor)
        .bind(order.total.currency.code())
        .execute(&mut *self.tx)
        .await
        .map_err(engine("write an order's contact"))?;
        Ok(())
    }

    async fn keep_waiting(&mut self, order: Id, event: &CloudEvent) -> Result<(), StoreError> {
        let doing = "keep an event until its order is known";
        sql::query("INSERT INTO waiting_events (event_id, order_id, event) VALUES ($1, $2, $3)")
            .bind(event.id)
            .bind(order)
            .bind(Json(event))
            .execute(&mut *self.tx)
            .await
            .map_err(engine(doing))?;
        Ok(())
    }

    async fn take_waiting(&mut self, order: Id) -> Result<Vec<CloudEvent>, StoreError> {
        let doing = "take out what waited for an order";
        let mut rows: Vec<(Id, Json<CloudEvent>)> =
            sql::query_as("DELETE FROM waiting_events WHERE order_id = $1 RETURNING event_id, event")
                .bind(order)
                .fetch_all(&mut *self.tx)
                .await
                .map_err(engine(doing))?;
        rows.sort_by_key(|(id, _)| *id);
        Ok(rows.into_iter().map(|(_, event)| event.0).collect())
    }

    async fn add(&mut self, notification: &Notification) -> Result<bool, StoreError> {
        let done = sql::query(
            "INSERT INTO notifications (id, user_id, order_id, kind, cause, title, body, created_at, read_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (cause) DO NOTHING",
        )
        .bind(notification.id)
        .bind(notification.user_id)
        .bind(notification.order_id)
        .bind(notification.kind.code())
        .bind(&notification.cause)
        .bind(&notification.title)
        .bind(&notification.body)
        .bind(notification.created_at)
        .bind(notification.read_at)
        .execute(&mut *self.tx)
        .await
        .map_err(engine("write a notification"))?;
        Ok(done.rows_affected() == 1)
    }

    async fn notification(&mut self, id: Id) -> Result<Option<Notification>, StoreError> {
        let row: Option<NotificationRow> = sql::query_as("SELECT * FROM notifications WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine("read a notification"))?;
        row.map(Notification::try_from).transpose()
    }

    async fn delivery(&mut self, notification: Id, channel: Channel) -> Result<Option<Delivery>, StoreError> {
        let row: Option<DeliveryRow> =
            sql::query_as("SELECT * FROM deliveries WHERE notification_id = $1 AND channel = $2")
                .bind(notification)
                .bind(channel.code())
                .for_update()
                .fetch_optional(&mut *self.tx)
                .await
                .map_err(engine("read a delivery"))?;
        row.map(Delivery::try_from).transpose()
    }

    async fn save_delivery(&mut self, delivery: &Delivery) -> Result<(), StoreError> {
        let doing = "write a delivery";
        sql::query(
            "INSERT INTO deliveries (notification_id, channel, status, attempts, due_at, sent_at, reason, message)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (notification_id, channel) DO UPDATE SET status = excluded.status,
                 attempts = excluded.attempts, due_at = excluded.due_at, sent_at = excluded.sent_at,
                 reason = excluded.reason, message = excluded.message",
        )
        .bind(delivery.notification_id)
        .bind(delivery.channel.code())
        .bind(delivery.status.code())
        .bind(i64::from(delivery.attempts))
        .bind(delivery.due_at)
        .bind(delivery.sent_at)
        .bind(delivery.reason.map(|reason| reason.code()))
        .bind(delivery.mail.as_ref().map(Json))
        .execute(&mut *self.tx)
        .await
        .map_err(engine(doing))?;
        Ok(())
    }

    async fn mark_read(
        &mut self,
        user_id: Id,
        ids: Option<&[Id]>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Id>, StoreError> {
        let mut update = QueryBuilder::new("UPDATE notifications SET read_at = ");
        update
            .push_bind(now)
            .push(" WHERE user_id = ")
            .push_bind(user_id)
            .push(" AND read_at IS NULL");
        match ids {
            None => {}
            Some([]) => return Ok(Vec::new()),
            Some(ids) => {
                update.push(" AND id IN ").push_list(ids);
            }
        }
        update.push(" RETURNING id");
        let mut marked: Vec<Id> = update
            .build_query_scalar()
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("mark notifications read"))?;
        marked.sort_by(|one, other| other.cmp(one));
        Ok(marked)
    }

    async fn owned(&mut self, user_id: Id, ids: &[Id]) -> Result<Vec<Id>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = QueryBuilder::new("SELECT id FROM notifications WHERE user_id = ");
        select.push_bind(user_id).push(" AND id IN ").push_list(ids);
        select
            .build_query_scalar()
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("look whose notifications they are"))
    }

    async fn preferences(&mut self, user_id: Id) -> Result<Option<Preferences>, StoreError> {
        self.lock("preferences", user_id).await?;
        let doing = "read preferences";
        let row: Option<PreferencesRow> = sql::query_as(PREFERENCES)
            .bind(user_id)
            .fetch_optional(&mut *self.tx)
            .await
            .map_err(engine(doing))?;
        let Some(row) = row else { return Ok(None) };
        let kinds: Vec<KindPreferenceRow> = sql::query_as(KIND_PREFERENCES)
            .bind(user_id)
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine(doing))?;
        preferences(row, kinds).map(Some)
    }

    async fn save_preferences(&mut self, preferences: &Preferences) -> Result<(), StoreError> {
        let doing = "write preferences";
        let quiet = preferences.quiet_hours;
        sql::query(
            "INSERT INTO preferences (user_id, email, sms, push, quiet_from, quiet_to, quiet_zone)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, sms = excluded.sms, push = excluded.push,
                 quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, quiet_zone = excluded.quiet_zone",
        )
        .bind(preferences.user_id)
        .bind(preferences.channels.email)
        .bind(preferences.channels.sms)
        .bind(preferences.channels.push)
        .bind(quiet.map(|quiet| QuietHours::written(quiet.from)))
        .bind(quiet.map(|quiet| QuietHours::written(quiet.to)))
        .bind(quiet.map(|quiet| quiet.zone.name()))
        .execute(&mut *self.tx)
        .await
        .map_err(engine(doing))?;
        for (kind, channels) in &preferences.kinds {
            sql::query(
                "INSERT INTO kind_preferences (user_id, kind, email, sms, push) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (user_id, kind) DO UPDATE SET email = excluded.email, sms = excluded.sms,
                     push = excluded.push",
            )
            .bind(preferences.user_id)
            .bind(kind.code())
            .bind(channels.email)
            .bind(channels.sms)
            .bind(channels.push)
            .execute(&mut *self.tx)
            .await
            .map_err(engine(doing))?;
        }
        Ok(())
    }

    async fn devices(&mut self, user_id: Id) -> Result<Vec<PushDevice>, StoreError> {
        let rows: Vec<DeviceRow> =
            sql::query_as("SELECT * FROM push_devices WHERE user_id = $1 ORDER BY created_at DESC, id DESC")
                .bind(user_id)
                .fetch_all(&mut *self.tx)
                .await
                .map_err(engine("read push devices"))?;
        rows.into_iter().map(PushDevice::try_from).collect()
    }

    async fn save_device(&mut self, device: &PushDevice) -> Result<PushDevice, StoreError> {
        self.lock("devices", device.user_id).await?;
        let keys = match &device.address {
            PushAddress::WebPush { p256dh, auth, .. } => Some((p256dh, auth)),
            PushAddress::Fcm { .. } => None,
        };
        let row: DeviceRow = sql::query_as(
            "INSERT INTO push_devices (id, user_id, provider, address, p256dh, auth, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (provider, address) DO UPDATE SET user_id = excluded.user_id, p256dh = excluded.p256dh,
                 auth = excluded.auth, created_at = excluded.created_at
             RETURNING *",
        )
        .bind(device.id)
        .bind(device.user_id)
        .bind(device.address.provider().code())
        .bind(device.address.address())
        .bind(keys.map(|(p256dh, _)| p256dh))
        .bind(keys.map(|(_, auth)| auth))
        .bind(device.created_at)
        .fetch_one(&mut *self.tx)
        .await
        .map_err(engine("write a push device"))?;
        PushDevice::try_from(row)
    }

    async fn remove_device(&mut self, user_id: Id, id: Id) -> Result<Option<PushDevice>, StoreError> {
        let row: Option<DeviceRow> =
            sql::query_as("DELETE FROM push_devices WHERE id = $1 AND user_id = $2 RETURNING *")
                .bind(id)
                .bind(user_id)
                .fetch_optional(&mut *self.tx)
                .await
                .map_err(engine("remove a push device"))?;
        row.map(PushDevice::try_from).transpose()
    }

    async fn forget(&mut self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        let doing = "forget old notifications";
        // Ids ascend with time: the first of them are the oldest, and the primary key finds them.
        let oldest = "SELECT id FROM (SELECT id, created_at FROM notifications ORDER BY id LIMIT 500) AS oldest WHERE created_at < $1";
        let oldest: Vec<Id> = sql::query_scalar(oldest)
            .bind(before)
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine(doing))?;
        if oldest.is_empty() {
            return Ok(0);
        }
        for rows in [
            "DELETE FROM deliveries WHERE notification_id IN ",
            "DELETE FROM notifications WHERE id IN ",
        ] {
            let mut delete = QueryBuilder::new(rows);
            delete.push_list(&oldest);
            delete
                .build()
                .execute(&mut *self.tx)
                .await
                .map_err(engine(doing))?;
        }
        Ok(oldest.len())
    }

    async fn announce(&mut self, event: &CloudEvent) -> Result<(), StoreError> {
        Outbox::add(&mut self.tx, event)
            .await
            .map_err(|error| StoreError::Engine {
                doing: "add an event to the outbox",
                source: error.into(),
            })
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tx.commit().await.map_err(engine("commit"))
    }
}
