//! Starting the service.

use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use lavka_kit::StartError;
use lavka_kit::context::Context;
use lavka_kit::outbox::Outbox;
use lavka_kit::sql::Database;
use lavka_kit::subgraph::Subgraph;
use lavka_kit::tokens::{JwksSource, jwks_from};

use crate::config::Config;
use crate::password::Passwords;
use crate::signing_keys::SigningKeys;
use crate::throttle::Turns;
use crate::users::Users;
use crate::{graphql, store};

/// The service, started.
pub struct Started {
    /// To be served.
    pub subgraph: Subgraph,
    /// Its public keys, for the verifiers of this process: `context.verifier.trust(jwks)`. Other processes fetch them from
    /// `/.well-known/jwks.json`.
    pub jwks: Arc<dyn JwksSource>,
    /// Its operations, for whoever fills a store with demo accounts.
    pub users: Users,
}

/// Opens the database, reads or makes the signing keys, and begins the background work.
pub async fn start(config: Config, context: Context) -> Result<Started, StartError> {
    let database = Database::open(&context, &store::MIGRATIONS).await?;
    let keys = SigningKeys::open(
        database.clone(),
        context.clock.clone(),
        context.randomness.clone(),
        &config,
    )
    .await?;
    let passwords = Passwords::new(&config.password, context.randomness.clone()).await?;
    let users = Users {
        config: Arc::new(config),
        database: database.clone(),
        outbox: Outbox::start(&context, &database),
        clock: context.clock.clone(),
        ids: context.ids.clone(),
        randomness: context.randomness.clone(),
        peers: context.peers.clone(),
        tasks: context.tasks.clone(),
        keys: keys.clone(),
        passwords,
        turns: Arc::new(Turns::new()),
        secure: context.public_url.starts_with("https:"),
    };
    context
        .tasks
        .spawn("users: housekeeping", users.clone().keep_house());
    context
        .tasks
        .spawn("users: merge guests' carts", users.clone().keep_merging());
    let published = keys.clone();
    let jwks = jwks_from(move || {
        let keys = published.clone();
        Box::pin(async move { Ok(keys.jwks()) })
    });
    let subgraph = Subgraph::new("users", graphql::schema(users.clone()), &context)
        .with_routes(routes(keys))
        .with_health(database.health("users"));
    Ok(Started {
        subgraph,
        jwks,
        users,
    })
}

/// `/.well-known/jwks.json` (RFC 7517). A key is published an hour before it signs, so five minutes in a cache do no harm.
fn routes(keys: SigningKeys) -> Router {
    let answer = move || async move {
        let headers = [
            (CONTENT_TYPE, "application/jwk-set+json"),
            (CACHE_CONTROL, "public, max-age=300"),
        ];
        (headers, serde_json::to_string(&keys.jwks()).unwrap_or_default())
    };
    Router::new().route("/.well-known/jwks.json", get(answer))
}
