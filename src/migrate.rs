//! `lavka migrate`: brings the databases that the configuration names up to date, and ends. A service does the same when it
//! starts; this is for whoever wants it done before, with other rights than the services have.

use anyhow::{Context as _, Result, bail};
use lavka_kit::clock::SystemClock;
use lavka_kit::health::Waiting;
use lavka_kit::sql::{DatabaseUrl, Migrations, Opening};

use crate::command_line;
use crate::config::Config;

/// Migrates them one after the other; a server that isn't there is waited for.
///
/// # Errors
/// When no database is named, or one of them isn't the service's, or can't be brought up to date.
pub async fn run(options: command_line::Migrate) -> Result<()> {
    let config = Config::read(options.config.as_deref())?;
    lavka_kit::telemetry::init(&config.log)?;
    let named: Vec<(&str, &DatabaseUrl, &'static Migrations)> = [
        ("users", &config.users.database, &lavka_users::MIGRATIONS),
        ("orders", &config.orders.database, &lavka_orders::MIGRATIONS),
        ("payments", &config.payments.database, &lavka_payments::MIGRATIONS),
        (
            "notifications",
            &config.notifications.database,
            &lavka_notifications::MIGRATIONS,
        ),
    ]
    .into_iter()
    .filter_map(|(service, url, migrations)| Some((service, url.as_ref()?, migrations)))
    .collect();
    if named.is_empty() {
        bail!(
            "no service's `database` is set: there is nothing to migrate (a database in the data directory is brought up to date \
             when it is opened)"
        );
    }
    for (service, url, migrations) in named {
        let opening = Opening {
            service,
            url,
            postgres: &config.postgres,
            clock: &SystemClock,
            waiting: &Waiting::default(),
        };
        let database = opening
            .open(migrations)
            .await
            .with_context(|| format!("migrate {service}"))?;
        database.close().await;
        println!("{service}: {url} is up to date");
    }
    Ok(())
}
