//! One writing transaction. Where a decision hangs on something that may not be there yet (an order that a payment speaks of,
//! somebody's preferences, the number of their devices) the name of it is locked before it is looked for.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use lavka_kit::errors::chain;
use lavka_kit::events::CloudEvent;
use lavka_kit::ids::Id;
use lavka_kit::inbox::Inbox;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::{self, Json, QueryBuilder, Rows, Transaction};

use super::rows::{
    ContactRow, DeliveryRow, DeviceRow, KindPreferenceRow, NotificationRow, OrderRow, PreferencesRow,
    preferences, push_device_columns, select_contacts, select_deliveries, select_notifications,
    select_orders, select_push_devices,
};
use super::{KIND_PREFERENCES, PREFERENCES, engine};
use crate::channel::Delivery;
use crate::hear::GROUP;
use crate::notification::{Contact, Notification, OrderContact};
use crate::preferences::Preferences;
use crate::push_device::{PushAddress, PushDevice};
use crate::quiet_hours::QuietHours;
use crate::store::{StoreError, Told, Work};

pub(super) struct SqlWork {
    tx: Transaction,
    /// What was looked up of orders, and of those that wait to be written.
    orders: HashMap<Id, Option<OrderContact>>,
    /// Those of them that events wait for.
    awaited: HashSet<Id>,
    new_orders: Vec<OrderContact>,
    /// What waits to be written with the next of its kind, at the latest by the commit.
    told: Vec<Told>,
}

/// How long a delivery is let alone that can't be read.
const PUT_OFF: TimeDelta = TimeDelta::hours(1);

impl SqlWork {
    /// Lets a delivery be due later that can't be read.
    async fn put_off(
        &mut self,
        notification: Id,
        channel: &str,
        until: DateTime<Utc>,
        why: &StoreError,
    ) -> Result<(), StoreError> {
        tracing::error!(%notification, channel, error = chain(why), "a delivery can't be read and is put off");
        sql::query("UPDATE deliveries SET due_at = $3 WHERE notification_id = $1 AND channel = $2")
            .bind(notification)
            .bind(channel)
            .bind(until)
            .execute(&mut *self.tx)
            .await
            .map_err(engine("put off a delivery"))?;
        Ok(())
    }

    pub(super) fn new(tx: Transaction) -> Self {
        Self {
            tx,
            orders: HashMap::new(),
            awaited: HashSet::new(),
            new_orders: Vec::new(),
            told: Vec::new(),
        }
    }

    async fn write_orders(&mut self) -> Result<(), StoreError> {
        let mut rows = Rows::new(
            "INSERT INTO orders (id, number, customer_id, locale, name, email, phone, order_key, total, currency) VALUES ",
        )
        .then(" ON CONFLICT (id) DO NOTHING");
        for order in self.new_orders.drain(..) {
            rows.row()
                .bind(order.id)
                .bind(order.number)
                .bind(order.customer_id)
                .bind(order.locale.code())
                .bind(order.name)
                .bind(order.email)
                .bind(order.phone)
                .bind(order.order_key)
                .bind(order.total.minor)
                .bind(order.total.currency.code());
        }
        let written = rows.execute(&mut self.tx).await;
        written.map(drop).map_err(engine("write the orders' contacts"))
    }

    async fn write_told(&mut self) -> Result<(), StoreError> {
        if self.told.is_empty() {
            return Ok(());
        }
        let told = std::mem::take(&mut self.told);
        let mut rows = Rows::new(
            "INSERT INTO notifications (id, user_id, order_id, kind, cause, title, body, created_at, read_at) VALUES ",
        )
        .then(" ON CONFLICT (cause) DO NOTHING RETURNING id");
        for Told { notification, .. } in &told {
            rows.row()
                .bind(notification.id)
                .bind(notification.user_id)
                .bind(notification.order_id)
                .bind(notification.kind.code())
                .bind(&notification.cause)
                .bind(&notification.title)
                .bind(&notification.body)
                .bind(notification.created_at)
                .bind(notification.read_at);
        }
        let new: Vec<Id> = rows
            .fetch_scalars(&mut self.tx)
            .await
            .map_err(engine("write notifications"))?;
        let new: HashSet<Id> = new.into_iter().collect();
        let mut rows = Rows::new(
            "INSERT INTO deliveries (notification_id, channel, status, attempts, due_at, sent_at, reason, message) VALUES ",
        );
        let mut events = Vec::new();
        for it in told {
            if !new.contains(&it.notification.id) {
                continue;
            }
            for delivery in &it.deliveries {
                rows.row()
                    .bind(delivery.notification_id)
                    .bind(delivery.channel.code())
                    .bind(delivery.status.code())
                    .bind(i64::from(delivery.attempts))
                    .bind(delivery.due_at)
                    .bind(delivery.sent_at)
                    .bind(delivery.reason.map(|reason| reason.code()))
                    .bind(delivery.mail.as_ref().map(Json));
            }
            events.extend(it.event);
        }
        rows.execute(&mut self.tx)
            .await
            .map_err(engine("write deliveries"))?;
        Outbox::add_all(&mut self.tx, &events)
            .await
            .map_err(|error| StoreError::Engine {
                doing: "add events to the outbox",
                source: error.into(),
            })
    }

    async fn lock(&mut self, what: &'static str, whose: Id) -> Result<(), StoreError> {
        let locked = self.tx.lock_name(&format!("{what} {whose}")).await;
        locked.map_err(engine("wait for a turn"))
    }
}

#[async_trait]
impl Work for SqlWork {
    async fn first_times(&mut self, events: &[Id], now: DateTime<Utc>) -> Result<HashSet<Id>, StoreError> {
        Inbox::first_times(&mut self.tx, GROUP, events.iter().copied(), now)
            .await
            .map_err(engine("look into the inbox"))
    }

    async fn look_up_orders(&mut self, ids: &[Id]) -> Result<(), StoreError> {
        let names = ids.iter().map(|id| format!("order {id}")).collect();
        let locked = self.tx.lock_names(names).await;
        locked.map_err(engine("wait for a turn"))?;
        let mut select = QueryBuilder::new(select_orders!("WHERE id IN "));
        select.push_list(ids);
        let rows: Vec<OrderRow> = select
            .build_query_as()
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("read orders' contacts"))?;
        let mut select = QueryBuilder::new("SELECT order_id FROM waiting_events WHERE order_id IN ");
        select.push_list(ids);
        let awaited: Vec<Id> = select
            .build_query_scalar()
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("look what waits for orders"))?;
        self.awaited.extend(awaited);
        self.orders.extend(ids.iter().map(|id| (*id, None)));
        for row in rows {
            let order = OrderContact::try_from(row)?;
            self.orders.insert(order.id, Some(order));
        }
        Ok(())
    }

    async fn contact(&mut self, user_id: Id) -> Result<Option<Contact>, StoreError> {
        let row: Option<ContactRow> = sql::query_as(select_contacts!("WHERE user_id = $1"))
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
        if !self.orders.contains_key(&id) {
            self.look_up_orders(&[id]).await?;
        }
        Ok(self.orders.get(&id).cloned().flatten())
    }

    async fn save_order(&mut self, order: &OrderContact) -> Result<(), StoreError> {
        if self.order(order.id).await?.is_none() {
            self.orders.insert(order.id, Some(order.clone()));
            self.new_orders.push(order.clone());
        }
        Ok(())
    }

    async fn keep_waiting(&mut self, order: Id, event: &CloudEvent) -> Result<(), StoreError> {
        let doing = "keep an event until its order is known";
        self.awaited.insert(order);
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
        if self.order(order).await?.is_some() && !self.awaited.remove(&order) {
            return Ok(Vec::new());
        }
        let mut rows: Vec<(Id, Json<CloudEvent>)> =
            sql::query_as("DELETE FROM waiting_events WHERE order_id = $1 RETURNING event_id, event")
                .bind(order)
                .fetch_all(&mut *self.tx)
                .await
                .map_err(engine(doing))?;
        rows.sort_by_key(|(id, _)| *id);
        Ok(rows.into_iter().map(|(_, event)| event.0).collect())
    }

    async fn add(&mut self, told: Told) -> Result<(), StoreError> {
        self.told.push(told);
        Ok(())
    }

    async fn due(
        &mut self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(Notification, Delivery)>, StoreError> {
        let doing = "read what is due";
        let rows: Vec<DeliveryRow> =
            sql::query_as(select_deliveries!("WHERE due_at <= $1 ORDER BY due_at LIMIT $2"))
                .bind(now)
                .bind(i64::from(limit))
                .for_update_skip_locked()
                .fetch_all(&mut *self.tx)
                .await
                .map_err(engine(doing))?;
        let mut due = Vec::with_capacity(rows.len());
        for row in rows {
            let (notification, channel) = (row.notification_id, row.channel.clone());
            match Delivery::try_from(row) {
                Ok(delivery) => due.push(delivery),
                // The others' mail shall not wait for it.
                Err(error) => {
                    self.put_off(notification, &channel, now + PUT_OFF, &error)
                        .await?
                }
            }
        }
        let mut select = QueryBuilder::new(select_notifications!("WHERE id IN "));
        select.push_list(due.iter().map(|delivery| delivery.notification_id));
        let rows: Vec<NotificationRow> = select
            .build_query_as()
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine(doing))?;
        let mut known = HashMap::new();
        for row in rows {
            let notification = Notification::try_from(row)?;
            known.insert(notification.id, notification);
        }
        // A reference says that it is there.
        let with_its = |delivery: Delivery| Some((known.get(&delivery.notification_id)?.clone(), delivery));
        Ok(due.into_iter().filter_map(with_its).collect())
    }

    async fn deliveries(&mut self, notifications: &[Id]) -> Result<Vec<Delivery>, StoreError> {
        let mut select = QueryBuilder::new(select_deliveries!("WHERE notification_id IN "));
        select
            .push_list(notifications)
            .push(" ORDER BY notification_id, channel");
        let rows: Vec<DeliveryRow> = select
            .build_query_as()
            .for_update()
            .fetch_all(&mut *self.tx)
            .await
            .map_err(engine("read deliveries"))?;
        rows.into_iter().map(Delivery::try_from).collect()
    }

    async fn save_deliveries(&mut self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        // The message is the largest part of a row, and only ever taken away.
        let mut rows = Rows::new(
            "UPDATE deliveries SET status = changed.column3, attempts = changed.column4, due_at = changed.column5, \
                 sent_at = changed.column6, reason = changed.column7, \
                 message = CASE WHEN changed.column8 THEN message END \
             FROM (VALUES ",
        )
        .then(") AS changed WHERE notification_id = changed.column1 AND channel = changed.column2");
        for delivery in deliveries {
            rows.row()
                .bind(delivery.notification_id)
                .bind(delivery.channel.code())
                .bind(delivery.status.code())
                .bind(i64::from(delivery.attempts))
                .bind(delivery.due_at)
                .bind(delivery.sent_at)
                .bind(delivery.reason.map(|reason| reason.code()))
                .bind(delivery.mail.is_some());
        }
        let written = rows.execute(&mut self.tx).await;
        written.map(drop).map_err(engine("write deliveries"))
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
        let rows: Vec<DeviceRow> = sql::query_as(select_push_devices!(
            "WHERE user_id = $1 ORDER BY created_at DESC, id DESC"
        ))
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
        let row: DeviceRow = sql::query_as(concat!(
            "INSERT INTO push_devices (id, user_id, provider, address, p256dh, auth, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (provider, address) DO UPDATE SET user_id = excluded.user_id, p256dh = excluded.p256dh,
                 auth = excluded.auth, created_at = excluded.created_at
             RETURNING ",
            push_device_columns!()
        ))
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
        let row: Option<DeviceRow> = sql::query_as(concat!(
            "DELETE FROM push_devices WHERE id = $1 AND user_id = $2 RETURNING ",
            push_device_columns!()
        ))
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

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        self.write_orders().await?;
        self.write_told().await?;
        self.tx.commit().await.map_err(engine("commit"))
    }
}
