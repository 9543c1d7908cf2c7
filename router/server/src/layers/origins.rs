//! The web sites that may call us, for CORS and for the CSRF check alike.

use std::collections::HashSet;
use std::sync::Arc;

use http::HeaderValue;

use crate::config::Cors;

/// A set of origins.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    listed: Arc<HashSet<HeaderValue>>,
    localhost: bool,
}

impl Origins {
    /// An error names the entry that is not an origin.
    pub fn new(config: &Cors) -> Result<Self, String> {
        let mut listed = HashSet::new();
        for origin in &config.origins {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            let value = origin.to_ascii_lowercase().parse::<HeaderValue>().ok();
            match (authority, value) {
                (Some(authority), Some(value))
                    if !authority.is_empty() && !authority.contains(['/', '*']) =>
                {
                    listed.insert(value);
                }
                _ => {
                    return Err(format!(
                        "`cors.origins`: `{origin}` is not of the form `https://host[:port]`"
                    ));
                }
            }
        }
        Ok(Self {
            listed: Arc::new(listed),
            localhost: config.localhost,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && !self.localhost
    }

    pub fn allow(&self, origin: &HeaderValue) -> bool {
        self.listed.contains(origin) || (self.localhost && is_localhost(origin))
    }
}

fn is_localhost(origin: &HeaderValue) -> bool {
    let Some((_, authority)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(listed: &[&str], localhost: bool) -> Result<Origins, String> {
        Origins::new(&Cors {
            origins: listed.iter().map(|&origin| origin.to_owned()).collect(),
            localhost,
        })
    }

    fn allowed(origins: &Origins, origin: &str) -> bool {
        origins.allow(&origin.parse().unwrap())
    }

    #[test]
    fn only_what_is_listed_is_allowed() {
        let origins = origins(&["https://Shop.example"], false).unwrap();
        assert!(allowed(&origins, "https://shop.example"));
        assert!(!allowed(&origins, "https://shop.example.evil.test"));
        assert!(!allowed(&origins, "http://localhost:5173"));
    }

    #[test]
    fn localhost_means_this_machine_at_any_port() {
        let origins = origins(&[], true).unwrap();
        for origin in ["http://localhost:5173", "http://127.0.0.1", "http://[::1]:80"] {
            assert!(allowed(&origins, origin), "{origin}");
        }
        for origin in ["http://localhost.evil.test", "http://evil.test:localhost", "null"] {
            assert!(!allowed(&origins, origin), "{origin}");
        }
    }

    #[test]
    fn what_is_not_an_origin_is_named() {
        for bad in ["*", "https://a/b", "shop.example", "https://"] {
            assert!(origins(&[bad], false).unwrap_err().contains(bad), "{bad}");
        }
    }
}
