//! What an operator may say about carts.

use std::fmt;
use std::str::FromStr;

use lavka_kit::left_out::LeftOut;
use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

/// Carts. The limits (999 of a sku, 100 lines) are part of the contract with clients.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where carts are kept: `sqlite:PATH`, or `redis://host:port`, `rediss://…` for TLS; a Redis Cluster by several of its
    /// nodes: `redis://host:port,host:port`. By default `cart.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<CartUrl>,
    /// What stands before our keys in Redis.
    pub key_prefix: String,
    /// For how many days a guest's cart is kept in Redis that nobody touches.
    pub guest_days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            key_prefix: "lavka".to_owned(),
            guest_days: 30,
        }
    }
}

/// Where carts are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub enum CartUrl {
    Sql(DatabaseUrl),
    Redis(RedisUrl),
}

/// The nodes of a Redis, one URL each. They may hold a password and never print.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl(Vec<String>);

impl RedisUrl {
    pub fn nodes(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "redis://***")
    }
}

/// The URL can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CartUrlError {
    #[error("carts are kept in `sqlite:PATH` or `redis://host:port[,host:port…]`; `{0}:` is neither")]
    Scheme(String),
    #[error(transparent)]
    LeftOut(LeftOut),
    #[cfg(feature = "redis")]
    #[error("the URL of Redis can't be read: {0}")]
    Redis(redis::RedisError),
    #[error(transparent)]
    Sql(<DatabaseUrl as FromStr>::Err),
}

impl FromStr for RedisUrl {
    type Err = CartUrlError;

    fn from_str(text: &str) -> Result<Self, CartUrlError> {
        let Some((scheme @ ("redis" | "rediss"), rest)) = text.split_once("://") else {
            // Only the scheme is repeated: what follows may hold a password.
            let scheme = text.split(':').next().unwrap_or_default();
            return Err(CartUrlError::Scheme(scheme.chars().take(20).collect()));
        };
        // The password, if any, is the same for all nodes and stands before the first.
        let (user, nodes) = match rest.rsplit_once('@') {
            Some((user, nodes)) => (format!("{user}@"), nodes),
            None => (String::new(), rest),
        };
        let nodes: Vec<String> = nodes
            .split(',')
            .map(|it| format!("{scheme}://{user}{it}"))
            .collect();
        #[cfg(feature = "redis")]
        for node in &nodes {
            redis::IntoConnectionInfo::into_connection_info(node.as_str()).map_err(CartUrlError::Redis)?;
        }
        Ok(Self(nodes))
    }
}

impl TryFrom<String> for CartUrl {
    type Error = CartUrlError;

    fn try_from(text: String) -> Result<Self, CartUrlError> {
        match text.split(':').next() {
            Some("sqlite") => text.parse().map(Self::Sql).map_err(CartUrlError::Sql),
            _ => {
                let url = text.parse()?;
                if cfg!(feature = "redis") {
                    Ok(Self::Redis(url))
                } else {
                    Err(CartUrlError::LeftOut(LeftOut("Redis")))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_named_by_several_nodes_with_one_password() {
        let CartUrl::Redis(url) = CartUrl::try_from("redis://:secret@a:1,b:2".to_owned()).unwrap() else {
            panic!("not Redis");
        };
        assert_eq!(url.nodes(), ["redis://:secret@a:1", "redis://:secret@b:2"]);
        assert_eq!(format!("{url:?}"), "redis://***");
    }

    #[test]
    fn other_engines_are_refused_without_their_password() {
        let error = CartUrl::try_from("mysql://u:secret@db".to_owned()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "carts are kept in `sqlite:PATH` or `redis://host:port[,host:port…]`; `mysql:` is neither"
        );
        assert!(CartUrl::try_from("redis://a:notaport".to_owned()).is_err());
    }
}
