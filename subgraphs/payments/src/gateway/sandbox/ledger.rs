//! The sandbox's books, in tables of its own.

use chrono::{DateTime, Utc};
use lavka_kit::locale::Locale;
use lavka_kit::money::{Currency, Money};
use lavka_kit::sql::{self, Database, Transaction};
use sqlx::FromRow;

// Statements that read whole rows name their columns. `*` would change its meaning when a newer version's migration adds a column, and
// PostgreSQL refuses to run a prepared statement whose result has changed: every replica that runs meanwhile would fail.
macro_rules! select_sandbox_charges {
    ($rest:literal) => {
        concat!(
            "SELECT reference, idempotency_key, page_key, token, amount, currency, description, locale, \
             return_url, state, failure_code, settles_at, expires_at, created_at FROM sandbox_charges ",
            $rest
        )
    };
}

/// One charge in the books.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(super) reference: String,
    pub(super) idempotency_key: String,
    pub(super) page_key: String,
    pub(super) token: String,
    pub(super) amount: Money,
    pub(super) description: String,
    pub(super) locale: Locale,
    pub(super) return_url: String,
    pub(super) state: State,
    pub(super) failure_code: Option<String>,
    pub(super) settles_at: Option<DateTime<Utc>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
}

/// How a charge stands in the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Processing,
    ActionRequired,
    Authorized,
    Succeeded,
    Failed,
    Cancelled,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Processing,
        Self::ActionRequired,
        Self::Authorized,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::ActionRequired => "ACTION_REQUIRED",
            Self::Authorized => "AUTHORIZED",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

#[derive(FromRow)]
struct Row {
    reference: String,
    idempotency_key: String,
    page_key: String,
    token: String,
    amount: i64,
    currency: String,
    description: String,
    locale: String,
    return_url: String,
    state: String,
    failure_code: Option<String>,
    settles_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Entry {
    type Error = sql::Error;

    fn try_from(row: Row) -> Result<Self, sql::Error> {
        let unreadable = |column: &str, value: &str| {
            sql::Error::Decode(
                format!(
                    "sandbox_charges, row {}: column {column} holds {value:?}",
                    row.reference
                )
                .into(),
            )
        };
        let currency =
            Currency::from_code(&row.currency).ok_or_else(|| unreadable("currency", &row.currency))?;
        let locale = row
            .locale
            .parse()
            .map_err(|_| unreadable("locale", &row.locale))?;
        let state = State::ALL
            .into_iter()
            .find(|state| state.code() == row.state)
            .ok_or_else(|| unreadable("state", &row.state))?;
        Ok(Self {
            amount: Money::new(row.amount, currency),
            locale,
            state,
            reference: row.reference,
            idempotency_key: row.idempotency_key,
            page_key: row.page_key,
            token: row.token,
            description: row.description,
            return_url: row.return_url,
            failure_code: row.failure_code,
            settles_at: row.settles_at,
            expires_at: row.expires_at,
            created_at: row.created_at,
        })
    }
}

/// The books, open for writing. Dropped without `close()`, nothing was written.
pub(super) struct Books(Transaction);

impl Books {
    pub(super) async fn open(database: &Database) -> Result<Self, sql::Error> {
        Ok(Self(database.write().await?))
    }

    pub(super) async fn close(self) -> Result<(), sql::Error> {
        self.0.commit().await
    }

    pub(super) async fn by_key(&mut self, key: &str) -> Result<Option<Entry>, sql::Error> {
        self.0.lock_name(&format!("sandbox key {key}")).await?;
        self.find(select_sandbox_charges!("WHERE idempotency_key = $1"), key)
            .await
    }

    pub(super) async fn by_reference(&mut self, reference: &str) -> Result<Option<Entry>, sql::Error> {
        self.find(select_sandbox_charges!("WHERE reference = $1"), reference)
            .await
    }

    pub(super) async fn by_page(&mut self, page_key: &str) -> Result<Option<Entry>, sql::Error> {
        self.find(select_sandbox_charges!("WHERE page_key = $1"), page_key)
            .await
    }

    async fn find(&mut self, select: &'static str, by: &str) -> Result<Option<Entry>, sql::Error> {
        let row: Option<Row> = sql::query_as(select)
            .bind(by)
            .for_update()
            .fetch_optional(&mut *self.0)
            .await?;
        row.map(Entry::try_from).transpose()
    }

    pub(super) async fn write(&mut self, entry: &Entry) -> Result<(), sql::Error> {
        sql::query(
            "INSERT INTO sandbox_charges (reference, idempotency_key, page_key, token, amount, currency, description,
                 locale, return_url, state, failure_code, settles_at, expires_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (reference) DO UPDATE SET state = excluded.state, failure_code = excluded.failure_code",
        )
        .bind(&entry.reference)
        .bind(&entry.idempotency_key)
        .bind(&entry.page_key)
        .bind(&entry.token)
        .bind(entry.amount.minor)
        .bind(entry.amount.currency.code())
        .bind(&entry.description)
        .bind(entry.locale.code())
        .bind(&entry.return_url)
        .bind(entry.state.code())
        .bind(&entry.failure_code)
        .bind(entry.settles_at)
        .bind(entry.expires_at)
        .bind(entry.created_at)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    pub(super) async fn refund_by_key(
        &mut self,
        key: &str,
    ) -> Result<Option<(String, Option<DateTime<Utc>>)>, sql::Error> {
        sql::query_as("SELECT reference, settles_at FROM sandbox_refunds WHERE idempotency_key = $1")
            .bind(key)
            .fetch_optional(&mut *self.0)
            .await
    }

    pub(super) async fn refunded(&mut self, charge: &str) -> Result<i64, sql::Error> {
        let amounts: Vec<i64> =
            sql::query_scalar("SELECT amount FROM sandbox_refunds WHERE charge_reference = $1")
                .bind(charge)
                .fetch_all(&mut *self.0)
                .await?;
        Ok(amounts.into_iter().sum())
    }

    pub(super) async fn write_refund(
        &mut self,
        reference: &str,
        key: &str,
        charge: &str,
        amount: i64,
        settles_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), sql::Error> {
        sql::query(
            "INSERT INTO sandbox_refunds (reference, idempotency_key, charge_reference, amount, settles_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(reference)
        .bind(key)
        .bind(charge)
        .bind(amount)
        .bind(settles_at)
        .bind(now)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
