//! The section `[payments]`.

use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::gateway::Gateway;
use crate::gateway::sandbox::SandboxConfig;

/// How payments works.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where payments are kept: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, there in the schema `payments`
    /// unless `?schema=` says otherwise. By default `payments.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<DatabaseUrl>,
    /// The gateways that shoppers may choose from, in this order. Only SANDBOX for now.
    pub gateways: Vec<Gateway>,
    /// How the sandbox behaves.
    pub sandbox: SandboxConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            gateways: vec![Gateway::Sandbox],
            sandbox: SandboxConfig::default(),
        }
    }
}

/// The configuration asks for what can't be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigProblem {
    /// Nobody could pay.
    #[error("payments.gateways is empty: nobody could pay")]
    NoGateway,
    /// Its adapter isn't built yet.
    #[error("payments.gateways names {}, which this version can't talk to yet: it takes SANDBOX", .0.code())]
    NotYet(Gateway),
    /// Named twice.
    #[error("payments.gateways names {} twice", .0.code())]
    Twice(Gateway),
}

impl Config {
    /// Refuses what can't be.
    pub(crate) fn check(&self) -> Result<(), ConfigProblem> {
        if self.gateways.is_empty() {
            return Err(ConfigProblem::NoGateway);
        }
        for (index, gateway) in self.gateways.iter().enumerate() {
            match gateway {
                Gateway::Sandbox => {}
                Gateway::Stripe | Gateway::Paypal => return Err(ConfigProblem::NotYet(*gateway)),
            }
            if self.gateways[..index].contains(gateway) {
                return Err(ConfigProblem::Twice(*gateway));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateways_that_do_not_exist_yet_are_refused_by_name() {
        let problem = |gateways: &[Gateway]| {
            Config {
                gateways: gateways.to_vec(),
                ..Config::default()
            }
            .check()
            .map_err(|problem| problem.to_string())
        };
        assert_eq!(problem(&[Gateway::Sandbox]), Ok(()));
        assert_eq!(
            problem(&[Gateway::Sandbox, Gateway::Stripe]).unwrap_err(),
            "payments.gateways names STRIPE, which this version can't talk to yet: it takes SANDBOX"
        );
        assert_eq!(
            problem(&[]).unwrap_err(),
            "payments.gateways is empty: nobody could pay"
        );
        assert_eq!(
            problem(&[Gateway::Sandbox, Gateway::Sandbox]).unwrap_err(),
            "payments.gateways names SANDBOX twice"
        );
    }
}
