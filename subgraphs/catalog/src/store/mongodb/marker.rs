//! Whose database it is: one document says it. SQL's migrations know by their table of versions; here nothing else would keep a program
//! from laying its indexes into whatever the URL names, or an old one from writing into what a newer one has made of it.

use mongodb::Database;
use mongodb::bson::{Document, doc};

use super::OpenError;

/// Raised when an older program could not read, or would spoil, what this one writes.
const VERSION: i64 = 1;
const COLLECTION: &str = "lavka";
/// What we have beside it.
const OURS: [&str; 4] = [COLLECTION, "products", "categories", "leases"];

/// Takes a database that is empty; makes sure that another is ours, and of no newer version.
pub(super) async fn claim(database: &Database) -> Result<(), OpenError> {
    let markers = database.collection::<Document>(COLLECTION);
    if let Some(found) = markers.find_one(doc! { "_id": "catalog" }).await? {
        let version = found.get_i64("version").unwrap_or(i64::MAX);
        return match version {
            ..=VERSION => Ok(()),
            found => Err(OpenError::Newer {
                found,
                known: VERSION,
            }),
        };
    }
    let mut names = database.list_collection_names().await?;
    names.retain(|name| !OURS.contains(&name.as_str()) && !name.starts_with("system."));
    if let Some(name) = names.pop() {
        return Err(OpenError::Foreign(format!("it has a collection `{name}`")));
    }
    // Another shop's products may be called so, too.
    let strange = doc! { "skus": { "$exists": false } };
    let products = database.collection::<Document>("products");
    if products.find_one(strange).await?.is_some() {
        return Err(OpenError::Foreign("its products are none of ours".to_owned()));
    }
    let first = doc! { "$setOnInsert": { "version": VERSION } };
    // Of replicas that start at once one may find that another was quicker: that is as good.
    let taken = markers
        .update_one(doc! { "_id": "catalog" }, first)
        .upsert(true)
        .await;
    match taken {
        Err(error) if !super::outcome::is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}
