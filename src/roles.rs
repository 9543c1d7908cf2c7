//! `lavka roles EMAIL ROLE…`: how a new store gets its first administrator.

use anyhow::{Context as _, Result, anyhow, bail};
use lavka_kit::caller::Role;

use crate::assembly::{self, Surroundings};
use crate::command_line;
use crate::config::Config;

/// Gives an account its roles.
///
/// # Errors
/// When there is no such account or role.
pub async fn run(options: command_line::Roles) -> Result<()> {
    let mut config = Config::read(options.places.config.as_deref())?;
    config.data = options.places.data.unwrap_or(config.data);
    lavka_kit::telemetry::init(&config.log)?;
    let roles: Vec<Role> = options.roles.iter().map(|it| role(it)).collect::<Result<_>>()?;
    let Surroundings { context, .. } = Surroundings::prepare(&config, String::new(), false).await?;
    let started = lavka_users::start(config.users.clone(), assembly::of(&context, &config, "users")).await;
    let users = started
        .map_err(|error| anyhow!(error))
        .context("start users")?
        .users;
    if !users.set_roles(&options.email, &roles).await? {
        bail!("there is no account with the address {}", options.email);
    }
    println!("{} is now {}", options.email, options.roles.join(", "));
    context.tasks.shutdown(std::time::Duration::from_secs(5)).await;
    Ok(())
}

fn role(name: &str) -> Result<Role> {
    match name.to_lowercase().as_str() {
        "customer" => Ok(Role::Customer),
        "staff" => Ok(Role::Staff),
        "admin" => Ok(Role::Admin),
        _ => bail!("there is no role {name}; there are customer, staff, admin"),
    }
}
