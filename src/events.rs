//! `lavka events`: dead letters, listed and handled again.

use std::sync::Arc;

use anyhow::Result;
use lavka_kit::bus::EventBus;

use crate::assembly::{self, Surroundings};
use crate::command_line::{Events, Places};
use crate::config::Config;

/// How many dead letters of a group are listed, the newest first.
const MOST: u32 = 1000;

/// Runs the command.
///
/// # Errors
/// When the bus can't be opened or asked.
pub async fn run(command: Events) -> Result<()> {
    match command {
        Events::Dead { places } => {
            let bus = bus(&places).await?;
            let mut letters = Vec::new();
            for group in assembly::SERVICES {
                letters.extend(bus.dead_letters(group, MOST).await?);
            }
            for it in &letters {
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{} tries\t{}",
                    it.at, it.group, it.topic, it.event.kind, it.event.id, it.attempts, it.error
                );
            }
            println!("{} dead letters", letters.len());
        }
        Events::Replay { group, places } => {
            let count = bus(&places).await?.replay(&group).await?;
            println!("{count} events are handed to {group} again");
        }
    }
    Ok(())
}

async fn bus(places: &Places) -> Result<Arc<dyn EventBus>> {
    let mut config = Config::read(places.config.as_deref())?;
    config.data = places.data.clone().unwrap_or(config.data);
    Ok(Surroundings::prepare(&config, String::new(), false)
        .await?
        .context
        .bus)
}
