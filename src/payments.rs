//! `lavka payments reconcile`: what the gateways show against what is written down here.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};

use crate::assembly::{self, Surroundings};
use crate::command_line::Payments;
use crate::config::Config;

/// Reconciles once, also beside a running store, and prints what it did.
///
/// # Errors
/// When the store's data can't be opened or read. What a gateway doesn't answer is told, and no error.
pub async fn run(command: Payments) -> Result<()> {
    let Payments::Reconcile { places } = command;
    let mut config = Config::read(places.config.as_deref())?;
    config.data = places.data.unwrap_or(config.data);
    lavka_kit::telemetry::init(&config.log)?;
    let public_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.listen));
    let Surroundings { context, .. } = Surroundings::prepare(&config, public_url, false).await?;
    let done = lavka_payments::reconcile(
        config.payments.clone(),
        assembly::of(&context, &config, "payments"),
    )
    .await
    .map_err(|error| anyhow!(error))
    .context("reconcile payments")?;
    for finding in &done.findings {
        println!("{finding}");
    }
    println!(
        "{} payments were compared, {} findings",
        done.looked_at,
        done.findings.len()
    );
    context.tasks.shutdown(Duration::from_secs(5)).await;
    Ok(())
}
