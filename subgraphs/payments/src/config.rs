//! The section `[payments]`.

use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::gateway::Gateway;
use crate::gateway::paypal::PaypalConfig;
use crate::gateway::sandbox::SandboxConfig;
use crate::gateway::stripe::StripeConfig;

/// How payments works.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where payments are kept: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, there in the schema `payments`
    /// unless `?schema=` says otherwise. By default `payments.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<DatabaseUrl>,
    /// The gateways that shoppers may choose from, in this order. What STRIPE and PAYPAL need is in their sections; orders.gateways
    /// must name the same.
    pub gateways: Vec<Gateway>,
    /// Every how many minutes payments are compared with what the gateways show; 0: only by `lavka payments reconcile`.
    pub reconcile_minutes: u32,
    /// How the sandbox behaves.
    pub sandbox: SandboxConfig,
    /// How Stripe is reached.
    pub stripe: StripeConfig,
    /// How PayPal is reached.
    pub paypal: PaypalConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            gateways: vec![Gateway::Sandbox],
            reconcile_minutes: 60,
            sandbox: SandboxConfig::default(),
            stripe: StripeConfig::default(),
            paypal: PaypalConfig::default(),
        }
    }
}

/// The configuration asks for what can't be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigProblem {
    /// Nobody could pay.
    #[error("payments.gateways is empty: nobody could pay")]
    NoGateway,
    /// A gateway lacks something without which it can't work.
    #[error("payments.gateways names {}, and {key} is not set", gateway.code())]
    Missing {
        /// Which one.
        gateway: Gateway,
        /// What it lacks.
        key: &'static str,
    },
    /// Named twice.
    #[error("payments.gateways names {} twice", .0.code())]
    Twice(Gateway),
    /// An address that can't be one, or that would send keys in the clear.
    #[error("{0} must be an https address")]
    Address(&'static str),
}

impl Config {
    /// Refuses what can't be.
    pub(crate) fn check(&self) -> Result<(), ConfigProblem> {
        if self.gateways.is_empty() {
            return Err(ConfigProblem::NoGateway);
        }
        for (index, gateway) in self.gateways.iter().enumerate() {
            if self.gateways[..index].contains(gateway) {
                return Err(ConfigProblem::Twice(*gateway));
            }
            let missing = match gateway {
                Gateway::Sandbox => None,
                Gateway::Stripe => self.stripe_lacks(),
                Gateway::Paypal => self.paypal_lacks(),
            };
            if let Some(key) = missing {
                let gateway = *gateway;
                return Err(ConfigProblem::Missing { gateway, key });
            }
            match gateway {
                Gateway::Stripe if !is_safe(&self.stripe.url) => {
                    return Err(ConfigProblem::Address("payments.stripe.url"));
                }
                Gateway::Paypal if !is_safe(&self.paypal.url) => {
                    return Err(ConfigProblem::Address("payments.paypal.url"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn stripe_lacks(&self) -> Option<&'static str> {
        let stripe = &self.stripe;
        [
            (stripe.secret_key.is_none(), "payments.stripe.secret_key"),
            (
                stripe.publishable_key.is_none(),
                "payments.stripe.publishable_key",
            ),
            (
                stripe.webhook_secrets.is_empty(),
                "payments.stripe.webhook_secrets",
            ),
        ]
        .into_iter()
        .find_map(|(lacks, key)| lacks.then_some(key))
    }

    fn paypal_lacks(&self) -> Option<&'static str> {
        let paypal = &self.paypal;
        [
            (paypal.client_id.is_none(), "payments.paypal.client_id"),
            (paypal.client_secret.is_none(), "payments.paypal.client_secret"),
            (paypal.webhook_id.is_none(), "payments.paypal.webhook_id"),
        ]
        .into_iter()
        .find_map(|(lacks, key)| lacks.then_some(key))
    }
}

/// Over TLS, or to this computer.
fn is_safe(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| {
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        url.scheme() == "https" || (url.scheme() == "http" && here)
    })
}

#[cfg(test)]
mod tests {
    use lavka_kit::config::Secret;

    use super::*;

    fn problem(config: &Config) -> String {
        config.check().unwrap_err().to_string()
    }

    #[test]
    fn what_a_gateway_needs_is_named_before_anybody_pays() {
        let mut config = Config::default();
        assert_eq!(config.check(), Ok(()));
        config.gateways.clear();
        assert_eq!(problem(&config), "payments.gateways is empty: nobody could pay");
        config.gateways = vec![Gateway::Sandbox, Gateway::Sandbox];
        assert_eq!(problem(&config), "payments.gateways names SANDBOX twice");
        config.gateways = vec![Gateway::Stripe, Gateway::Paypal];
        assert_eq!(
            problem(&config),
            "payments.gateways names STRIPE, and payments.stripe.secret_key is not set"
        );
        let secret = || Some(Secret::new("s".to_owned()));
        config.stripe.secret_key = secret();
        config.stripe.publishable_key = Some("pk_test".to_owned());
        assert_eq!(
            problem(&config),
            "payments.gateways names STRIPE, and payments.stripe.webhook_secrets is not set"
        );
        config.stripe.webhook_secrets.extend(secret());
        assert_eq!(
            problem(&config),
            "payments.gateways names PAYPAL, and payments.paypal.client_id is not set"
        );
        config.paypal.client_id = Some("app".to_owned());
        config.paypal.client_secret = secret();
        config.paypal.webhook_id = Some("WH".to_owned());
        assert_eq!(config.check(), Ok(()));
        config.stripe.url = "http://api.stripe.com".to_owned();
        assert_eq!(problem(&config), "payments.stripe.url must be an https address");
        config.stripe.url = "http://127.0.0.1:12111".to_owned();
        assert_eq!(config.check(), Ok(()));
    }
}
