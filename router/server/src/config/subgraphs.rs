//! A subgraph's section of the configuration as the executor's transport wants it.

use std::fs;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use lavka_executor::{HttpOptions, HttpTransport};

use super::{Config, Subgraph};

impl Config {
    /// A way to a subgraph over HTTP, as its section here says. `urls`, if there are any, are used instead of the section's.
    ///
    /// # Errors
    /// A sentence that names the key that can't be used.
    pub fn http_transport(&self, name: &str, urls: &[String]) -> Result<HttpTransport, String> {
        let default = Subgraph::default();
        let section = self.subgraphs.get(name).unwrap_or(&default);
        let urls = match urls {
            [] => &section.urls,
            urls => urls,
        };
        let options = section
            .options(|name| std::env::var(name).ok())
            .map_err(|(key, why)| format!("`subgraphs.{name}.{key}`: {why}"))?;
        HttpTransport::new(urls, options).map_err(|error| format!("subgraph `{name}`: {error}"))
    }

    /// The most bytes that any subgraph may answer.
    pub(crate) fn most_response_bytes(&self) -> usize {
        let sections = self.subgraphs.values().map(|section| section.response_bytes);
        sections.fold(Subgraph::default().response_bytes, usize::max)
    }
}

impl Subgraph {
    /// An error names the key and what is wrong with it.
    fn options(&self, environment: impl Fn(&str) -> Option<String>) -> Result<HttpOptions, (String, String)> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let wrong = |why: String| (format!("headers.{name}"), why);
            let value = match value.strip_prefix('$') {
                Some(variable) => environment(variable)
                    .ok_or_else(|| wrong(format!("the environment variable {variable} is not set")))?,
                None => value.clone(),
            };
            let header: HeaderName = name
                .parse()
                .map_err(|_| wrong("it is not the name of a header".to_owned()))?;
            let mut value = HeaderValue::from_str(&value)
                .map_err(|_| wrong("it is not the value of a header".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        let trusted_certificates = self
            .trusted_certificates
            .as_ref()
            .map(|path| {
                fs::read_to_string(path).map_err(|error| {
                    (
                        "trusted_certificates".to_owned(),
                        format!("cannot read {path}: {error}"),
                    )
                })
            })
            .transpose()?;
        Ok(HttpOptions {
            connect_timeout: seconds("connect_seconds", self.connect_seconds)?,
            timeout: seconds("timeout_seconds", self.timeout_seconds)?,
            response_bytes: self.response_bytes,
            http2: self.http2,
            retries: self.retries,
            headers,
            trusted_certificates,
            subscription_url: self.subscription_url.clone(),
        })
    }
}

fn seconds(key: &str, seconds: f64) -> Result<Duration, (String, String)> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err((
            key.to_owned(),
            format!("{seconds} is no number of seconds to wait for"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(toml: &str) -> Result<HttpOptions, String> {
        let section: Subgraph = toml::from_str(toml).expect(toml);
        let environment = |name: &str| (name == "KEY").then(|| "secret".to_owned());
        section
            .options(environment)
            .map_err(|(key, why)| format!("{key}: {why}"))
    }

    #[test]
    fn a_section_becomes_options() {
        let options =
            section("timeout_seconds = 0.25\nhttp2 = true\nheaders = { x-api-key = \"$KEY\", a = \"b\" }");
        let options = options.expect("it is right");
        assert_eq!(options.timeout, Duration::from_millis(250));
        assert!(options.http2);
        assert_eq!(
            (&options.headers["x-api-key"], &options.headers["a"]),
            (
                &HeaderValue::from_static("secret"),
                &HeaderValue::from_static("b")
            )
        );
        assert!(!format!("{options:?}").contains("secret"));
    }

    #[test]
    fn what_can_not_be_used_is_named() {
        for (toml, why) in [
            (
                "timeout_seconds = 0.0",
                "timeout_seconds: 0 is no number of seconds to wait for",
            ),
            (
                "connect_seconds = -1.0",
                "connect_seconds: -1 is no number of seconds to wait for",
            ),
            (
                "headers = { \"x y\" = \"\" }",
                "headers.x y: it is not the name of a header",
            ),
            (
                "headers = { x = \"$NO\" }",
                "headers.x: the environment variable NO is not set",
            ),
            (
                "headers = { x = \"a\\nb\" }",
                "headers.x: it is not the value of a header",
            ),
        ] {
            assert_eq!(section(toml).err().as_deref(), Some(why));
        }
        let error = section("trusted_certificates = \"/nowhere/ca.pem\"").expect_err("there is no such file");
        assert!(
            error.starts_with("trusted_certificates: cannot read /nowhere/ca.pem"),
            "{error}"
        );
    }

    #[test]
    fn a_subgraph_needs_an_address() {
        let error = Config::default().http_transport("users", &[]).err();
        assert_eq!(
            error.as_deref(),
            Some("subgraph `users`: \"\" is no address for a subgraph: a subgraph needs at least one")
        );
    }
}
