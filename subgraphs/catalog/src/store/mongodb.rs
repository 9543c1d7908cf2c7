//! The store in MongoDB: a product is one document, and so is everything that a write must do at once.
//!
//! No transaction spans documents here, so the event that tells of a change rides *inside* the document that changed (`outbox`),
//! pushed by the same atomic update; the [`relay`] publishes it and takes it out. A deleted product stays as a tombstone until its
//! event has been published. Slugs and skus are kept unique by indexes: a write is tried, and who stands in its way is found out
//! when it is refused.
//!
//! Written for what a real MongoDB and the server that stands in for it in the tests both understand: no sessions,
//! partial indexes or pipeline updates.

mod marker;
mod outcome;
mod relay;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use lavka_kit::context::Context;
use lavka_kit::errors::Unavailable;
use lavka_kit::health::HealthCheck;
use lavka_kit::{BoxFuture, events::CloudEvent, ids::Id};
use mongodb::bson::{self, Bson, Document, doc};
use mongodb::error::{ErrorKind, RETRYABLE_ERROR, RETRYABLE_WRITE_ERROR};
use mongodb::options::{Acknowledgment, ClientOptions, IndexOptions, ReadConcern, WriteConcern};
use mongodb::{Client, Collection, Database, IndexModel};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

use super::{Keys, Outcome, Store, StoreError, Write};
use crate::config::MongoUrl;
use crate::domain::{Category, Product};
use outcome::Refused;

/// As many keys as one question holds.
const KEYS_AT_ONCE: usize = 500;
/// How long to look for a server that takes writes before a request fails.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long one question or one write may take, also where the server falls silent without closing the connection.
const SILENCE: Duration = Duration::from_secs(10);
/// Where the data is when the URL names no database.
const DATABASE: &str = "lavka_catalog";

/// The fields of products and categories that aren't written where there is nothing in them.
const LEFT_OUT: [&str; 2] = ["brand", "parent"];

/// The adapter. Cloning shares it.
#[derive(Clone)]
pub struct MongoStore {
    database: Database,
    products: Collection<Document>,
    categories: Collection<Document>,
    notify: Arc<Notify>,
    silence: Duration,
}

impl MongoStore {
    /// Connects, makes sure that the database is ours, and makes the indexes that are missing.
    ///
    /// # Errors
    /// When the URL can't be read, the server can't be reached or refuses us, or the database is another's.
    pub async fn open(url: &MongoUrl) -> Result<Self, OpenError> {
        let mut options = ClientOptions::parse(url.expose()).await?;
        options.app_name.get_or_insert_with(|| "lavka catalog".to_owned());
        options.server_selection_timeout = Some(PATIENCE);
        options.connect_timeout.get_or_insert(PATIENCE);
        // What was answered survives the loss of a server; and nothing is told of, or shown, that does not.
        if let Some(weaker) = options
            .write_concern
            .take()
            .and_then(|it| it.w)
            .filter(|w| *w != Acknowledgment::Majority)
        {
            return Err(OpenError::Weak(weaker));
        }
        options.write_concern = Some(WriteConcern::majority());
        options.read_concern = Some(ReadConcern::majority());
        let name = options.default_database.clone();
        let database = Client::with_options(options)?.database(name.as_deref().unwrap_or(DATABASE));
        let store = Self {
            products: database.collection("products"),
            categories: database.collection("categories"),
            database,
            notify: Arc::new(Notify::new()),
            silence: SILENCE,
        };
        let laid = async {
            marker::claim(&store.database).await?;
            Ok::<_, OpenError>(store.make_indexes().await?)
        };
        match tokio::time::timeout(SILENCE, laid).await {
            Ok(laid) => laid?,
            Err(_) => {
                return Err(
                    mongodb::error::Error::from(std::io::Error::from(std::io::ErrorKind::TimedOut)).into(),
                );
            }
        }
        Ok(store)
    }

    /// Starts publishing what the documents carry, in the context's tasks.
    pub fn start_relay(&self, context: &Context) {
        relay::start(self, context);
    }

    async fn in_time<T>(
        &self,
        doing: &'static str,
        asked: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        tokio::time::timeout(self.silence, asked)
            .await
            .unwrap_or_else(|_| Err(failed(doing)(Unavailable::silent(self.silence))))
    }

    async fn make_indexes(&self) -> Result<(), mongodb::error::Error> {
        let unique = |field: &str| {
            let options = IndexOptions::builder().unique(true).build();
            IndexModel::builder()
                .keys(doc! { field: 1 })
                .options(options)
                .build()
        };
        let plain = |field: &str| IndexModel::builder().keys(doc! { field: 1 }).build();
        for (collection, index) in [
            (&self.products, unique("slug")),
            (&self.products, unique("skus")),
            (&self.products, plain("category")),
            (&self.products, plain("outbox.at")),
            (&self.categories, unique("slug")),
            (&self.categories, plain("outbox.at")),
        ] {
            collection.create_index(index).await?;
        }
        Ok(())
    }

    async fn look_up(&self, keys: Keys<'_>) -> Result<Vec<Product>, StoreError> {
        let ids = |ids: &[Id]| ids.iter().map(|it| Bson::from(it.to_string())).collect();
        let texts = |texts: &[String]| texts.iter().map(Bson::from).collect();
        let (field, keys): (_, Vec<Bson>) = match keys {
            Keys::Ids(keys) => ("_id", ids(keys)),
            Keys::Slugs(keys) => ("slug", texts(keys)),
            Keys::Skus(keys) => ("skus", texts(keys)),
            Keys::Categories(keys) => ("category", ids(keys)),
        };
        let mut products: Vec<Product> = Vec::with_capacity(keys.len());
        for keys in keys.chunks(KEYS_AT_ONCE) {
            // By the index's field alone: the server that stands in for MongoDB uses no index for a question about more, and looks
            // through all products. Tombstones are few, and soon gone.
            let found = self
                .products
                .find(doc! { field: { "$in": keys } })
                .await
                .map_err(failed("read products"))?;
            let found: Vec<Document> = found.try_collect().await.map_err(failed("read products"))?;
            for document in found {
                if !document.contains_key("deleted") {
                    products.push(read("products", document)?);
                }
            }
        }
        // A product with two skus in different chunks comes twice.
        if field == "skus" {
            products.sort_by_key(|it| it.id);
            products.dedup_by_key(|it| it.id);
        }
        Ok(products)
    }

    async fn page(&self, after: Option<Id>, limit: u32) -> Result<Vec<Product>, StoreError> {
        let doing = "read a page of products";
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let filter = doc! { "_id": { "$gt": after }, "deleted": { "$exists": false } };
        let page = self
            .products
            .find(filter)
            .sort(doc! { "_id": 1 })
            .limit(i64::from(limit));
        let found: Vec<Document> = page
            .await
            .map_err(failed(doing))?
            .try_collect()
            .await
            .map_err(failed(doing))?;
        found.into_iter().map(|it| read("products", it)).collect()
    }

    async fn save(&self, write: &Write<Product>) -> Result<Outcome, StoreError> {
        let doing = "save a product";
        let product = &write.document;
        let id = product.id.to_string();
        let fields = doc! {
            "slug": &product.slug,
            "skus": product.skus(),
            "category": product.category.to_string(),
            "version": product.version,
            "document": written(product).map_err(failed(doing))?,
        };
        loop {
            let tried = put(&self.products, &id, fields.clone(), write.replaces, &write.event).await;
            match tried.map_err(failed(doing))? {
                Ok(()) => return Ok(Outcome::Saved),
                Err(Refused::Stale) => return Ok(Outcome::Stale),
                Err(Refused::Duplicate) => {
                    let found = outcome::of_product(&self.products, product, write.replaces).await;
                    if let Some(outcome) = found.map_err(failed(doing))? {
                        return Ok(outcome);
                    }
                    // Whoever stood in its way has left meanwhile.
                }
            }
        }
    }

    async fn save_all(&self, writes: &[Write<Product>]) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            outcomes.push(self.in_time("save a product", self.save(write)).await?);
        }
        self.notify.notify_one();
        Ok(outcomes)
    }

    /// Leaves a tombstone with the event. It holds values of its own in the unique indexes, which nothing else can have.
    async fn delete(&self, id: Id, event: &CloudEvent) -> Result<bool, StoreError> {
        let doing = "delete a product";
        let grave = format!("deleted:{id}");
        let update = doc! {
            "$set": { "deleted": true, "slug": &grave, "skus": [&grave] },
            "$unset": { "document": "", "category": "" },
            "$push": { "outbox": outgoing(event).map_err(failed(doing))? },
        };
        let filter = doc! { "_id": id.to_string(), "deleted": { "$exists": false } };
        let done = self
            .products
            .update_one(filter, update)
            .await
            .map_err(failed(doing))?;
        self.notify.notify_one();
        Ok(done.matched_count == 1)
    }

    async fn all_categories(&self) -> Result<Vec<Category>, StoreError> {
        let doing = "read the categories";
        let found = self.categories.find(doc! {}).await.map_err(failed(doing))?;
        let found: Vec<Document> = found.try_collect().await.map_err(failed(doing))?;
        super::readable(found.into_iter().map(|it| read("categories", it)))
    }

    async fn put_category(&self, write: &Write<Category>) -> Result<Outcome, StoreError> {
        let doing = "save a category";
        let category = &write.document;
        let id = category.id.to_string();
        let fields = doc! {
            "slug": &category.slug,
            "version": category.version,
            "document": written(category).map_err(failed(doing))?,
        };
        let tried = put(&self.categories, &id, fields, write.replaces, &write.event).await;
        let outcome = match tried.map_err(failed(doing))? {
            Ok(()) => Outcome::Saved,
            Err(Refused::Stale) => Outcome::Stale,
            Err(Refused::Duplicate) => outcome::of_category(&self.categories, category)
                .await
                .map_err(failed(doing))?,
        };
        self.notify.notify_one();
        Ok(outcome)
    }
}

/// One atomic write of a document and its event.
async fn put(
    collection: &Collection<Document>,
    id: &str,
    fields: Document,
    replaces: Option<i64>,
    event: &CloudEvent,
) -> Result<Result<(), Refused>, Failure> {
    let event = outgoing(event)?;
    let tried = match replaces {
        None => {
            let mut new = doc! { "_id": id, "outbox": [&event] };
            new.extend(fields.clone());
            match collection.insert_one(new).await {
                Ok(_) => return Ok(Ok(())),
                Err(error) if outcome::is_duplicate(&error) => {
                    // In the place of a tombstone that is still there, if that is what stood in the way.
                    let grave = doc! { "_id": id, "deleted": true };
                    let update =
                        doc! { "$set": fields, "$unset": { "deleted": "" }, "$push": { "outbox": event } };
                    match collection.update_one(grave, update).await {
                        Ok(done) if done.matched_count == 0 => return Ok(Err(Refused::Duplicate)),
                        tried => tried,
                    }
                }
                Err(error) => Err(error),
            }
        }
        Some(version) => {
            let filter = doc! { "_id": id, "version": version, "deleted": { "$exists": false } };
            let mut update = in_place(fields);
            update.insert("$push", doc! { "outbox": event });
            collection.update_one(filter, update).await
        }
    };
    match tried {
        Ok(done) if done.matched_count == 0 => Ok(Err(Refused::Stale)),
        Ok(_) => Ok(Ok(())),
        Err(error) if outcome::is_duplicate(&error) => Ok(Err(Refused::Duplicate)),
        Err(error) => Err(error.into()),
    }
}

/// Sets each field of the document by its name: those that a newer program has added, which may run beside this one, stay.
fn in_place(mut fields: Document) -> Document {
    let document = match fields.remove("document") {
        Some(Bson::Document(document)) => document,
        _ => Document::new(),
    };
    let gone: Document = LEFT_OUT
        .into_iter()
        .filter(|field| !document.contains_key(field))
        .map(|field| (format!("document.{field}"), Bson::from("")))
        .collect();
    fields.extend(
        document
            .into_iter()
            .map(|(field, value)| (format!("document.{field}"), value)),
    );
    let mut update = doc! { "$set": fields };
    if !gone.is_empty() {
        update.insert("$unset", gone);
    }
    update
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Mongo(#[from] mongodb::error::Error),
    #[error("write a document as BSON")]
    Bson(#[from] bson::error::Error),
    #[error("write an event as JSON")]
    Json(#[from] serde_json::Error),
}

/// An event as it rides in a document: by time, so that the relay finds the oldest first.
fn outgoing(event: &CloudEvent) -> Result<Document, serde_json::Error> {
    Ok(doc! {
        "at": event.time.timestamp_micros(),
        "id": event.id.to_string(),
        "event": serde_json::to_string(event)?,
    })
}

fn written(document: &impl Serialize) -> Result<Document, bson::error::Error> {
    bson::serialize_to_document(document)
}

fn read<T: DeserializeOwned>(collection: &'static str, mut found: Document) -> Result<T, StoreError> {
    use serde::de::Error as _;
    let id = found.get_str("_id").unwrap_or_default().to_owned();
    let document = match found.remove("document") {
        Some(Bson::Document(document)) => document,
        _ => Document::new(),
    };
    bson::deserialize_from_document(document).map_err(|error| StoreError::Corrupt {
        table: collection,
        column: "document",
        row: id,
        source: serde_json::Error::custom(error),
    })
}

fn failed<E>(doing: &'static str) -> impl FnOnce(E) -> StoreError
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    move |source| {
        let source = source.into();
        StoreError::Failed {
            doing,
            source: match is_away(&*source) {
                true => Unavailable::new(source).into(),
                false => source,
            },
        }
    }
}

/// Whether it can't be reached, or is not the one that takes writes any more, rather than unwilling.
fn is_away(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    let error = match error.downcast_ref() {
        Some(Failure::Mongo(error)) => Some(error),
        Some(_) => None,
        None => error.downcast_ref::<mongodb::error::Error>(),
    };
    error.is_some_and(|error| match &*error.kind {
        ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. } | ErrorKind::ServerSelection { .. } => {
            true
        }
        _ => error.contains_label(RETRYABLE_WRITE_ERROR) || error.contains_label(RETRYABLE_ERROR),
    })
}

/// Why a MongoDB can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It isn't there, or not ready.
    #[error("MongoDB can't be used")]
    Away(#[source] mongodb::error::Error),
    #[error("`catalog.database` is wrong, or has no such rights: MongoDB refuses it")]
    Refused(#[source] mongodb::error::Error),
    #[error(
        "`catalog.database` asks for the write concern {0:?}: what has been answered could be lost with a server, so leave `w` out"
    )]
    Weak(Acknowledgment),
    #[error("`catalog.database` names another program's database ({0}): it is left untouched")]
    Foreign(String),
    #[error(
        "`catalog.database` names a database that a newer version of this program has written (version {found}, we know {known}): it is left untouched"
    )]
    Newer { found: i64, known: i64 },
}

impl From<mongodb::error::Error> for OpenError {
    fn from(error: mongodb::error::Error) -> Self {
        let refused = match &*error.kind {
            ErrorKind::Authentication { .. }
            | ErrorKind::InvalidArgument { .. }
            | ErrorKind::InvalidTlsConfig { .. } => true,
            // Unauthorized, AuthenticationFailed
            ErrorKind::Command(command) => matches!(command.code, 13 | 18),
            _ => false,
        };
        match refused {
            true => Self::Refused(error),
            false => Self::Away(error),
        }
    }
}

/// Waits for MongoDB as long as it takes, and says so. One that refuses us isn't waited for.
pub async fn connect(url: &MongoUrl, context: &Context) -> Result<MongoStore, OpenError> {
    const NAME: &str = "catalog: MongoDB";
    context.waiting.say(NAME, "connecting".to_owned());
    let mut wait = Duration::from_millis(250);
    loop {
        match MongoStore::open(url).await {
            Ok(store) => {
                context.waiting.over(NAME);
                return Ok(store);
            }
            Err(error) if !matches!(error, OpenError::Away(_)) => return Err(error),
            Err(error) => {
                let error = lavka_kit::errors::chain(&error);
                tracing::warn!(error, ?wait, "catalog: MongoDB can't be used yet, trying again");
                context.waiting.say(NAME, error);
            }
        }
        context.clock.sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(10));
    }
}

impl Store for MongoStore {
    fn products<'a>(&'a self, keys: Keys<'a>) -> BoxFuture<'a, Result<Vec<Product>, StoreError>> {
        Box::pin(self.in_time("read products", self.look_up(keys)))
    }

    fn products_after(
        &self,
        after: Option<Id>,
        limit: u32,
    ) -> BoxFuture<'_, Result<Vec<Product>, StoreError>> {
        Box::pin(self.in_time("read a page of products", self.page(after, limit)))
    }

    fn save_products<'a>(
        &'a self,
        writes: &'a [Write<Product>],
    ) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
        Box::pin(self.save_all(writes))
    }

    fn delete_product<'a>(
        &'a self,
        id: Id,
        event: &'a CloudEvent,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(self.in_time("delete a product", self.delete(id, event)))
    }

    fn categories(&self) -> BoxFuture<'_, Result<Vec<Category>, StoreError>> {
        Box::pin(self.in_time("read the categories", self.all_categories()))
    }

    fn save_category<'a>(&'a self, write: &'a Write<Category>) -> BoxFuture<'a, Result<Outcome, StoreError>> {
        Box::pin(self.in_time("save a category", self.put_category(write)))
    }
}

impl HealthCheck for MongoStore {
    fn name(&self) -> &str {
        "catalog: MongoDB"
    }

    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async {
            let asked = self.database.run_command(doc! { "ping": 1 }).await;
            asked.map(drop).map_err(|error| lavka_kit::errors::chain(&error))
        })
    }
}
