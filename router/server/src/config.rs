//! What an operator may set. Every section is strict: a misspelt key is an error, not a silent default.

mod subgraphs;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The router's configuration; every section and every key may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How big, deep and long a request may be, and how many run at once.
    pub limits: Limits,
    /// Which web sites may call the router from a browser.
    pub cors: Cors,
    /// Protection of requests that carry a cookie.
    pub csrf: Csrf,
    /// Whether clients may read the schema.
    pub introspection: Introspection,
    /// The page that a browser gets on `GET /graphql`.
    pub graphiql: GraphiQl,
    /// How bearer tokens are checked. Where the keys come from is not here: the program or the embedding code says it.
    pub tokens: Tokens,
    /// Which headers travel from clients to subgraphs.
    pub headers: Headers,
    /// WebSocket connections.
    pub websocket: WebSocket,
    /// Subscriptions over SSE and multipart.
    pub streams: Streams,
    /// What is kept between requests.
    pub cache: Cache,
    /// Operations that clients name by a hash instead of sending their text.
    pub persisted: Persisted,
    /// How many requests one client may send.
    pub rate_limit: RateLimit,
    /// Fields that are on their way from one subgraph to another.
    pub overrides: Overrides,
    /// How the router speaks with a subgraph that is reached over HTTP, by the subgraph's name.
    pub subgraphs: BTreeMap<String, Subgraph>,
}

/// Fields that are on their way from one subgraph to another (`@override(from:, label:)`). A label of the form `percent(10)` is on for that share of the
/// requests by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// Labels that are on for everybody.
    pub labels: Vec<String>,
}

/// How big, deep and long a request may be, and how many run at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request body, after decompression. More is answered with 413.
    pub body_bytes: usize,
    /// Tokens of an operation's text.
    pub tokens: usize,
    /// Nesting of selection sets, fragments followed. Introspection fields have a rule of their own and don't count.
    pub depth: usize,
    /// Aliased fields, fragments followed.
    pub aliases: usize,
    /// Fields at the operation's root, fragments followed.
    pub root_fields: usize,
    /// Fields altogether, fragments followed.
    pub fields: usize,
    /// Operations that run at the same time over all protocols; one more is refused with 503.
    pub concurrent_requests: usize,
    /// Seconds that a request may take, from its headers to its answer. Subgraphs get nine tenths of it, so that there is time to answer with what the others
    /// have brought when one of them is too slow. Subscriptions may live longer.
    pub request_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            tokens: 15_000,
            depth: 30,
            aliases: 100,
            root_fields: 50,
            fields: 5_000,
            concurrent_requests: 1_024,
            request_seconds: 30,
        }
    }
}

/// Which web sites may call the router from a browser.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cors {
    /// Origins such as `https://shop.example`. They may send cookies, too.
    pub origins: Vec<String>,
    /// Allow every port of localhost, 127.0.0.1 and [::1], for developers' machines.
    pub localhost: bool,
}

/// Protection of requests that carry a cookie: a browser must show that they come from an allowed origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Csrf {
    /// Switch the check off only where no subgraph trusts a cookie.
    pub enabled: bool,
    /// Names of the cookies that subgraphs trust. Empty: any cookie counts.
    pub cookies: Vec<String>,
}

impl Default for Csrf {
    fn default() -> Self {
        Self {
            enabled: true,
            cookies: Vec::new(),
        }
    }
}

/// Whether clients may read the schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Introspection {
    /// Answer `__schema` and `__type`. `__typename` is always answered.
    pub enabled: bool,
}

impl Default for Introspection {
    fn default() -> Self {
        Self { enabled: true }
    }
}

/// The page that a browser gets on `GET /graphql`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GraphiQl {
    /// Serve it.
    pub enabled: bool,
    /// The operation that a first visitor finds in the editor. Absent: one that works with every schema.
    pub default_query: Option<String>,
}

impl Default for GraphiQl {
    fn default() -> Self {
        Self {
            enabled: true,
            default_query: None,
        }
    }
}

/// How bearer tokens are checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tokens {
    /// Signature algorithms by their JWA names. Symmetric ones (HS256 …) are refused: their key isn't for publishing.
    pub algorithms: Vec<String>,
    /// The `iss` that a token must name. Empty: any.
    pub issuers: Vec<String>,
    /// The `aud` that a token must name. Empty: any.
    pub audiences: Vec<String>,
    /// Seconds by which clocks may differ.
    pub leeway_seconds: u64,
    /// Seconds for which published keys are believed before they are read again.
    pub keys_seconds: u64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            algorithms: vec!["EdDSA".to_owned()],
            issuers: Vec::new(),
            audiences: Vec::new(),
            leeway_seconds: 0,
            keys_seconds: 300,
        }
    }
}

/// Which headers travel from clients to subgraphs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Headers {
    /// Request headers that subgraphs get to see. `x-forwarded-for` is always sent, with the peer's address appended.
    /// On the way back every `set-cookie` is passed on.
    pub forward: Vec<String>,
}

impl Default for Headers {
    fn default() -> Self {
        Self {
            forward: [
                "authorization",
                "accept-language",
                "cookie",
                "user-agent",
                "traceparent",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }
}

/// WebSocket connections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebSocket {
    /// Seconds in which `connection_init` must arrive; then the socket closes with 4408.
    pub init_seconds: u64,
    /// Seconds between two signs of life from the router; a peer silent for two of them is taken for gone.
    pub ping_seconds: u64,
    /// Connections open at the same time; one more is refused with 503.
    pub connections: usize,
    /// Operations open on one connection; one more is answered with an error.
    pub operations: usize,
    /// Messages that wait for a slow client.
    pub buffered_messages: usize,
    /// Seconds that an operation waits for room in that buffer; then the socket closes with 1013.
    pub slow_client_seconds: u64,
}

impl Default for WebSocket {
    fn default() -> Self {
        Self {
            init_seconds: 10,
            ping_seconds: 20,
            connections: 10_000,
            operations: 100,
            buffered_messages: 64,
            slow_client_seconds: 10,
        }
    }
}

/// Subscriptions over SSE and multipart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Streams {
    /// Streams open at the same time; one more is refused with 503.
    pub open: usize,
    /// Seconds between two signs of life on a stream without events.
    pub keep_alive_seconds: u64,
    /// Events that wait for a slow client.
    pub buffered_events: usize,
    /// Seconds that an event waits for room in that buffer; then the stream ends.
    pub slow_client_seconds: u64,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            open: 10_000,
            keep_alive_seconds: 12,
            buffered_events: 64,
            slow_client_seconds: 10,
        }
    }
}

/// What is kept between requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// Bytes of operation texts whose parsed form and plans are kept. Memory use is some thirty times as much.
    pub document_bytes: u64,
    /// Plans kept for one text: it may have several operations and be asked by people with different rights.
    pub plans_per_document: usize,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            document_bytes: 4 * 1024 * 1024,
            plans_per_document: 16,
        }
    }
}

/// Operations that clients name by a hash instead of sending their text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Persisted {
    /// Automatic persisted queries: a text that came with its SHA-256 is remembered, and its hash is enough from then on.
    pub automatic: bool,
    /// Bytes of texts that are remembered so.
    pub automatic_bytes: u64,
    /// Answer no operation that isn't in the manifest of trusted documents. The program that starts the router says which file
    /// that is (`lavka-router --trusted-documents FILE`).
    pub trusted_only: bool,
}

impl Default for Persisted {
    fn default() -> Self {
        Self {
            automatic: true,
            automatic_bytes: 4 * 1024 * 1024,
            trusted_only: false,
        }
    }
}

/// How many requests one client may send. A client is an IP address (of IPv6 its first 64 bits).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimit {
    /// Requests a second, on average. 0: no limit.
    pub per_second: u32,
    /// Requests that may come at once after a silence.
    pub burst: u32,
    /// How many proxies of your own stand in front of the router, each of which appends the address of its peer to
    /// `x-forwarded-for`. 0: the peer is the client, and the header is not believed.
    pub proxies: usize,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            per_second: 0,
            burst: 100,
            proxies: 0,
        }
    }
}

/// How the router speaks with a subgraph that is reached over HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Subgraph {
    /// Addresses of its replicas, `http://` or `https://`. Those on the command line come before these, and these before the one in
    /// the supergraph.
    pub urls: Vec<String>,
    /// Where subscriptions go (`ws://` or `wss://`). Absent: to the addresses, where both are served.
    pub subscription_url: Option<String>,
    /// Seconds that a request may take, the connection and retries included.
    pub timeout_seconds: f64,
    /// Seconds that a connection may take to come about.
    pub connect_seconds: f64,
    /// Bytes of an answer; a longer one is cut off and becomes an error.
    pub response_bytes: usize,
    /// How often a request that isn't a mutation is sent again when a replica broke the connection or answered 502, 503 or 504. Over
    /// all requests at most one in five is repeated.
    pub retries: usize,
    /// Speak HTTP/2: over `http://` at once ("prior knowledge"), over `https://` by agreement in the handshake.
    pub http2: bool,
    /// Headers that go with every request, instead of the client's of the same name. `$NAME` as a whole value stands for the
    /// environment variable NAME.
    pub headers: BTreeMap<String, String>,
    /// A file of certificates (PEM) that are trusted beside the machine's own.
    pub trusted_certificates: Option<String>,
}

impl Default for Subgraph {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            subscription_url: None,
            timeout_seconds: 30.0,
            connect_seconds: 2.0,
            response_bytes: 32 * 1024 * 1024,
            retries: 1,
            http2: false,
            headers: BTreeMap::new(),
            trusted_certificates: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_may_be_left_out() {
        assert_eq!(toml::from_str::<Config>("").unwrap(), Config::default());
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let error = toml::from_str::<Config>("[limits]\ndepht = 3\n").unwrap_err();
        assert!(error.to_string().contains("unknown field `depht`"), "{error}");
    }
}
