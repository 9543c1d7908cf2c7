//! The store in SQLite and in PostgreSQL.

mod rows;
mod work;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lavka_kit::ids::Id;
use lavka_kit::sql::{self, Database, QueryBuilder};

use self::rows::{
    DeliveryRow, KindPreferenceRow, NotificationRow, PreferencesRow, select_deliveries,
    select_kind_preferences, select_notifications, select_preferences,
};
use self::work::SqlWork;
use super::{InboxQuery, Store, StoreError, Work};
use crate::channel::{Channel, Delivery};
use crate::notification::Notification;
use crate::preferences::Preferences;

/// Notifications in a database.
pub struct SqlStore {
    database: Database,
}

/// An engine's failure, with what we were doing.
fn engine(doing: &'static str) -> impl FnOnce(sql::Error) -> StoreError {
    move |source| StoreError::Engine {
        doing,
        source: source.into(),
    }
}

impl SqlStore {
    /// On an open database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

const PREFERENCES: &str = select_preferences!("WHERE user_id = $1");
const KIND_PREFERENCES: &str = select_kind_preferences!("WHERE user_id = $1");

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        let tx = self
            .database
            .write()
            .await
            .map_err(engine("begin a transaction"))?;
        Ok(Box::new(SqlWork::new(tx)))
    }

    async fn notification(&self, id: Id) -> Result<Option<Notification>, StoreError> {
        let row: Option<NotificationRow> = sql::query_as(select_notifications!("WHERE id = $1"))
            .bind(id)
            .fetch_optional(self.database.read())
            .await
            .map_err(engine("read a notification"))?;
        row.map(Notification::try_from).transpose()
    }

    async fn inbox(&self, query: InboxQuery) -> Result<Vec<Notification>, StoreError> {
        // Ids ascend with time: the order of the ids is the order of the inbox, and the index by (user_id, id) serves it.
        let mut select = QueryBuilder::new(select_notifications!("WHERE user_id = "));
        select.push_bind(query.user_id);
        if let Some(after) = query.after {
            select.push(" AND id < ").push_bind(after);
        }
        if query.unread_only {
            select.push(" AND read_at IS NULL");
        }
        select.push(" ORDER BY id DESC LIMIT ").push_bind(query.limit);
        let rows: Vec<NotificationRow> = select
            .build_query_as()
            .fetch_all(self.database.read())
            .await
            .map_err(engine("read an inbox"))?;
        rows.into_iter().map(Notification::try_from).collect()
    }

    async fn count(&self, user_id: Id, unread_only: bool) -> Result<i64, StoreError> {
        let count = if unread_only {
            "SELECT count(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL"
        } else {
            "SELECT count(*) FROM notifications WHERE user_id = $1"
        };
        sql::query_scalar(count)
            .bind(user_id)
            .fetch_one(self.database.read())
            .await
            .map_err(engine("count an inbox"))
    }

    async fn deliveries_of(&self, notifications: &[Id]) -> Result<Vec<Delivery>, StoreError> {
        if notifications.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = QueryBuilder::new(select_deliveries!("WHERE notification_id IN "));
        select.push_list(notifications);
        let rows: Vec<DeliveryRow> = select
            .build_query_as()
            .fetch_all(self.database.read())
            .await
            .map_err(engine("read deliveries"))?;
        let mut deliveries: Vec<Delivery> = rows
            .into_iter()
            .map(Delivery::try_from)
            .collect::<Result<_, _>>()?;
        deliveries.sort_by_key(|it| {
            (
                it.notification_id,
                Channel::ALL.iter().position(|c| *c == it.channel),
            )
        });
        Ok(deliveries)
    }

    async fn preferences(&self, user_id: Id) -> Result<Option<Preferences>, StoreError> {
        let doing = "read preferences";
        let row: Option<PreferencesRow> = sql::query_as(PREFERENCES)
            .bind(user_id)
            .fetch_optional(self.database.read())
            .await
            .map_err(engine(doing))?;
        let Some(row) = row else { return Ok(None) };
        let kinds: Vec<KindPreferenceRow> = sql::query_as(KIND_PREFERENCES)
            .bind(user_id)
            .fetch_all(self.database.read())
            .await
            .map_err(engine(doing))?;
        rows::preferences(row, kinds).map(Some)
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        sql::query_scalar("SELECT due_at FROM deliveries WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1")
            .fetch_optional(self.database.read())
            .await
            .map_err(engine("read when something becomes due"))
    }
}
