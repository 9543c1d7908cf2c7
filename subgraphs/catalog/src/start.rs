//! From a configuration to a subgraph that answers; and the import for the command line, which needs no more than the store.

use std::io::BufRead;
use std::sync::Arc;

use lavka_kit::{
    StartError,
    context::Context,
    events::topics,
    health::HealthCheck,
    locale::Locale,
    outbox::Outbox,
    sql::{Database, Migrations},
    subgraph::{Keeping, Subgraph},
};

use crate::catalog::Catalog;
use crate::config::{CatalogUrl, Config};
use crate::edit::{Existing, ImportReport, SaveCategoryInput};
use crate::search::Finder;
use crate::store::{SqliteStore, Store};
use crate::{follow, graphql, media, recent};

pub(crate) static MIGRATIONS: Migrations = Migrations {
    sqlite: sqlx::migrate!("../../migrations/catalog/sqlite"),
    postgres: None,
};

enum Relay {
    Running,
    Elsewhere,
}

/// Starts the catalogue: opens its store, makes its search index from it, and follows what other replicas save.
pub async fn start(config: Config, context: Context) -> Result<Subgraph, StartError> {
    let Opened { catalog, kept } = open(&config, &context, Relay::Running).await?;
    // Before the store is read: what is saved meanwhile is heard of. A bus that isn't there yet is waited for.
    if let Err(error) = context.bus.check().await {
        context.waiting.say("event bus", lavka_kit::errors::chain(&error));
    }
    let events = context.bus.tail(topics::CATALOG).await?;
    context.waiting.over("event bus");
    let started = std::time::Instant::now();
    let products = catalog.load().await?;
    tracing::info!(
        products,
        milliseconds = started.elapsed().as_millis(),
        "the catalogue can be searched"
    );
    let (bus, following) = (context.bus.clone(), catalog.clone());
    context
        .tasks
        .spawn("catalog: follow changes", follow::follow(following, bus, events));
    let shown = catalog.clone();
    let keeping = Keeping {
        moment: recent::MOMENT,
        state: Arc::new(move || shown.state()),
    };
    Ok(
        Subgraph::with_answers("catalog", graphql::schema(catalog), &context, keeping)
            .with_routes(media::routes())
            .with_health(kept.health),
    )
}

/// Imports categories, a `SaveCategoryInput` a line, parents before children. Those whose slug is there already stay as they are.
pub async fn import_categories(
    config: &Config,
    context: &Context,
    lines: impl BufRead + Send,
) -> Result<ImportReport, StartError> {
    let Opened { catalog, kept } = open(config, context, Relay::Elsewhere).await?;
    let mut report = ImportReport::default();
    for (at, line) in lines.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let fail = |message: String| crate::ImportFailure {
            line: at + 1,
            message,
        };
        let input: SaveCategoryInput = match serde_json::from_str(&line) {
            Ok(input) => input,
            Err(error) => {
                report.failed.push(fail(error.to_string()));
                continue;
            }
        };
        if let Some(slug) = &input.slug
            && catalog.categories().await?.by_slug(slug).is_some()
        {
            report.kept += 1;
            continue;
        }
        match catalog.save_category(&input).await? {
            Ok(_) => report.imported += 1,
            Err(wrong) => {
                report.failed.extend(
                    wrong
                        .iter()
                        .map(|refusal| fail(refusal.message.get(Locale::En).to_owned())),
                );
            }
        }
    }
    kept.close().await;
    Ok(report)
}

/// Imports products, a `SaveProductInput` a line. Works beside a running catalogue on the same store: that one hears of it
/// by the events, which its outbox publishes.
pub async fn import_file(
    config: &Config,
    context: &Context,
    lines: impl BufRead + Send,
    existing: Existing,
) -> Result<ImportReport, StartError> {
    let Opened { catalog, kept } = open(config, context, Relay::Elsewhere).await?;
    let report = catalog
        .import_products(lines.lines(), existing, Locale::En)
        .await?;
    kept.close().await;
    Ok(report)
}

/// An open catalogue, and what it is kept in.
struct Opened {
    catalog: Catalog,
    kept: Kept,
}

struct Kept {
    health: Arc<dyn HealthCheck>,
    /// What must be closed. A MongoDB's connections end with it; nothing waits to be written.
    database: Option<Database>,
}

impl Kept {
    async fn close(self) {
        if let Some(database) = self.database {
            database.close().await;
        }
    }
}

/// An import has no relay of its own: two in one process would publish everything twice. Its events wait in the outbox for
/// the service's.
async fn open(config: &Config, context: &Context, relay: Relay) -> Result<Opened, StartError> {
    let (store, kept): (Arc<dyn Store>, _) = match &config.database {
        #[cfg(feature = "mongodb")]
        Some(CatalogUrl::Mongo(url)) => mongo(url, context, relay).await?,
        #[cfg(not(feature = "mongodb"))]
        Some(CatalogUrl::Mongo(_)) => return Err(lavka_kit::left_out::LeftOut("MongoDB").into()),
        Some(CatalogUrl::Sql(url)) => {
            let mut context = context.clone();
            context.database = url.clone();
            sqlite(&context, relay).await?
        }
        None => sqlite(context, relay).await?,
    };
    let catalog = Catalog {
        store,
        finder: Arc::new(Finder::new()?),
        recent: Arc::default(),
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        currency: context.currency,
    };
    Ok(Opened { catalog, kept })
}

#[cfg(feature = "mongodb")]
async fn mongo(
    url: &crate::config::MongoUrl,
    context: &Context,
    relay: Relay,
) -> Result<(Arc<dyn Store>, Kept), StartError> {
    let store = crate::store::connect(url, context).await?;
    if let Relay::Running = relay {
        store.start_relay(context);
    }
    let kept = Kept {
        health: Arc::new(store.clone()),
        database: None,
    };
    Ok((Arc::new(store), kept))
}

async fn sqlite(context: &Context, relay: Relay) -> Result<(Arc<dyn Store>, Kept), StartError> {
    let database = Database::open(context, &MIGRATIONS).await?;
    let outbox = match relay {
        Relay::Running => Some(Outbox::start(context, &database)),
        Relay::Elsewhere => None,
    };
    let store = SqliteStore::new(database.clone(), outbox);
    let kept = Kept {
        health: database.health("catalog"),
        database: Some(database),
    };
    Ok((Arc::new(store), kept))
}
