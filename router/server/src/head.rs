//! What of a request's head travels on: the headers that subgraphs get to see.

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::auth::Caller;
use crate::config::Headers;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who asks, and the headers that go with it to subgraphs.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub caller: Caller,
    pub forward: HeaderMap,
    /// By whom requests are counted, where their rate is limited.
    pub client: Option<IpAddr>,
}

/// Which headers travel to subgraphs.
#[derive(Clone, Debug)]
pub(crate) struct HeaderRules {
    forward: Arc<[HeaderName]>,
}

impl HeaderRules {
    /// An error names the entry that is not a header's name.
    pub fn new(config: &Headers) -> Result<Self, String> {
        let forward = config
            .forward
            .iter()
            .map(|name| {
                name.parse()
                    .map_err(|_| format!("`headers.forward`: `{name}` is not the name of a header"))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { forward })
    }

    /// The headers for subgraphs, the peer's address appended to where the request has been before.
    pub fn forward(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> HeaderMap {
        let mut forward = HeaderMap::new();
        for name in &*self.forward {
            for value in headers.get_all(name) {
                forward.append(name, value.clone());
            }
        }
        let before = headers
            .get_all(&X_FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned));
        let trail: Vec<String> = before.chain(peer.map(|peer| peer.to_string())).collect();
        if !trail.is_empty()
            && let Ok(value) = HeaderValue::from_str(&trail.join(", "))
        {
            forward.insert(X_FORWARDED_FOR, value);
        }
        forward
    }

    /// Headers that a WebSocket client names in its `connection_init`, since a browser can't set any on the upgrade.
    /// Cookies are the browser's own to send.
    pub fn forward_named(&self, headers: &mut HeaderMap, name: &str, value: &str) {
        if let Some(name) = self
            .forward
            .iter()
            .find(|allowed| allowed.as_str().eq_ignore_ascii_case(name))
            && *name != http::header::COOKIE
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header;

    #[test]
    fn only_named_headers_travel_and_the_peer_is_appended() {
        let rules = HeaderRules::new(&Headers::default()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, "Bearer x".parse().unwrap());
        headers.insert("x-secret", "no".parse().unwrap());
        headers.insert("x-forwarded-for", "10.0.0.1".parse().unwrap());
        let forward = rules.forward(&headers, Some("192.0.2.7".parse().unwrap()));
        assert_eq!(forward.len(), 2);
        assert_eq!(forward["authorization"], "Bearer x");
        assert_eq!(forward["x-forwarded-for"], "10.0.0.1, 192.0.2.7");
    }

    #[test]
    fn a_socket_may_name_headers_but_not_cookies() {
        let rules = HeaderRules::new(&Headers::default()).unwrap();
        let mut headers = HeaderMap::new();
        rules.forward_named(&mut headers, "Accept-Language", "ru");
        rules.forward_named(&mut headers, "cookie", "refresh=stolen");
        rules.forward_named(&mut headers, "x-secret", "1");
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["accept-language"], "ru");
    }

    #[test]
    fn what_is_no_header_is_named() {
        let config = Headers {
            forward: vec!["x y".into()],
        };
        assert_eq!(
            HeaderRules::new(&config).unwrap_err(),
            "`headers.forward`: `x y` is not the name of a header"
        );
    }
}
