//! Surroundings for one service under test.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, OctetKeyPairParameters, OctetKeyPairType};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::database::{TestPlace, settings, usual_engine};
use crate::BoxStream;
use crate::bus::{BusConfig, EmbeddedBus, EventBus as _};
use crate::caller::Role;
use crate::clock::{Clock as _, ManualClock};
use crate::config::Secret;
use crate::context::Context;
use crate::events::{CloudEvent, EventData};
use crate::health::Waiting;
use crate::ids::{Id, SeededRandomness, SequentialIds};
use crate::money::Currency;
use crate::peers::Peers;
use crate::sql::Dialect;
use crate::subgraph::Subgraph;
use crate::tasks::Tasks;
use crate::tokens::{AccessClaims, ISSUER, Jwks, ServiceTokens, TokenVerifier, jwks_from};

/// The private half of the key that signs tests' tokens, PKCS#8: worth nothing outside of them.
const KEY: [u8; 48] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, 0x9d,
    0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
    0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
/// Its public half (RFC 8037, appendix A.2).
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// Surroundings for one service under test. Everything is gone when it is dropped.
pub struct TestWorld {
    /// To be given to the service.
    pub context: Context,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Its bus.
    pub bus: EmbeddedBus,
    folder: tempfile::TempDir,
    place: TestPlace,
}

/// An answer to a GraphQL request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status that HTTP would have.
    pub status: StatusCode,
    /// The response's headers.
    pub headers: HeaderMap,
    /// The whole response: `data`, `errors`.
    pub body: Value,
}

impl Answer {
    /// The data; panics with the errors, if there are any.
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert!(
            self.body.get("errors").is_none(),
            "unexpected errors: {:#}",
            self.body
        );
        &self.body["data"]
    }

    /// The code of the first error; panics when there is none.
    #[track_caller]
    pub fn error_code(&self) -> &str {
        match self.body["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => code,
            None => panic!("no error with a code: {:#}", self.body),
        }
    }
}

impl TestWorld {
    /// Surroundings for the service of this name, with its database on the engine that tests usually have.
    pub async fn of(service: &'static str) -> Self {
        match Self::on(usual_engine(), service).await {
            Some(world) => world,
            None => panic!("LAVKA_TEST_DATABASE=postgres needs LAVKA_TEST_POSTGRES"),
        }
    }

    /// The same on this engine, if it is there: [`TestPlace::on`].
    pub async fn on(engine: Dialect, service: &'static str) -> Option<Self> {
        Some(Self::at(TestPlace::on(engine, service)?, service).await)
    }

    /// The same with its database at this place.
    pub async fn at(place: TestPlace, service: &'static str) -> Self {
        let folder = match tempfile::tempdir() {
            Ok(folder) => folder,
            Err(error) => panic!("no temporary folder: {error}"),
        };
        let clock = Arc::new(ManualClock::default());
        let tasks = Tasks::new();
        let bus = EmbeddedBus::open(
            &folder.path().join("events.db"),
            BusConfig::default(),
            clock.clone(),
            &tasks,
        )
        .await;
        let bus = match bus {
            Ok(bus) => bus,
            Err(error) => panic!("{}", crate::errors::chain(&error)),
        };
        let secret = Secret::new("a secret of the tests, 32 bytes at least".to_owned());
        let service_tokens = ServiceTokens::new(&secret, clock.clone());
        let verifier = TokenVerifier::new(&secret, clock.clone());
        verifier.trust(jwks_from(|| Box::pin(async { Ok(test_keys()) })));
        let context = Context {
            service,
            clock: clock.clone(),
            ids: Arc::new(SequentialIds::default()),
            randomness: Arc::new(SeededRandomness::new(1)),
            bus: Arc::new(bus.clone()),
            peers: Peers::new(service, service_tokens.clone()),
            verifier,
            service_tokens,
            data: folder.path().to_owned(),
            database: place.url().clone(),
            postgres: settings(),
            waiting: Waiting::default(),
            currency: Currency::Rub,
            demo: false,
            public_url: "http://shop.test".to_owned(),
            remembers: chrono::TimeDelta::days(30),
            tasks,
        };
        Self {
            context,
            clock,
            bus,
            folder,
            place,
        }
    }

    /// Where the service's database is.
    pub const fn database(&self) -> &crate::sql::DatabaseUrl {
        self.place.url()
    }

    /// The folder that everything lies in.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// An access token for this account, good for fifteen minutes.
    pub fn user_token(&self, user: Id, roles: &[Role]) -> String {
        let now = self.clock.now().timestamp();
        let claims = AccessClaims {
            sub: user,
            sid: self.context.ids.next(),
            roles: roles.to_vec(),
            scope: Role::scopes_of(roles).join(" "),
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            iat: now,
            exp: now + 900,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("test".to_owned());
        match jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&KEY)) {
            Ok(token) => token,
            Err(error) => panic!("no token: {error}"),
        }
    }

    /// An access token for somebody who buys.
    pub fn customer_token(&self, user: Id) -> String {
        self.user_token(user, &[Role::Customer])
    }

    /// An access token for somebody who works in the shop.
    pub fn staff_token(&self) -> String {
        self.user_token(Id::from_u128(0x57aff), &[Role::Staff])
    }

    /// A service token.
    pub fn service_token(&self, service: &str) -> String {
        self.context.service_tokens.mint(service)
    }

    /// Asks a subgraph in the name of a token's bearer, or of a guest, in English.
    pub async fn ask(
        &self,
        subgraph: &Subgraph,
        token: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Answer {
        self.ask_with(subgraph, token, query, variables, &[]).await
    }

    /// The same with more headers: `[("accept-language", "ru"), ("cookie", "…")]`.
    pub async fn ask_with(
        &self,
        subgraph: &Subgraph,
        token: Option<&str>,
        query: &str,
        variables: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let answer = subgraph
            .service
            .execute(head(token, headers), None, Bytes::from(body))
            .await;
        let body = match serde_json::from_slice(&answer.body) {
            Ok(body) => body,
            Err(error) => panic!("the answer is not JSON: {error}"),
        };
        Answer {
            status: answer.status,
            headers: answer.headers,
            body,
        }
    }

    /// Subscribes; every item is a whole response.
    pub async fn subscribe(
        &self,
        subgraph: &Subgraph,
        token: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Result<BoxStream<'static, Value>, Value> {
        use futures_util::StreamExt as _;
        let body = json!({ "query": query, "variables": variables }).to_string();
        let read = |bytes: Bytes| serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        match subgraph
            .service
            .subscribe(head(token, &[]), None, Bytes::from(body))
            .await
        {
            Ok(stream) => Ok(Box::pin(stream.map(read))),
            Err(refusal) => Err(read(refusal)),
        }
    }

    /// Publishes an event as if its service had.
    pub async fn publish<T: EventData>(&self, subject: Id, data: &T) -> CloudEvent {
        let event = match CloudEvent::new(&*self.context.ids, &*self.clock, subject, data) {
            Ok(event) => event,
            Err(error) => panic!("not an event: {error}"),
        };
        if let Err(error) = self.bus.publish(std::slice::from_ref(&event)).await {
            panic!("{}", crate::errors::chain(&error));
        }
        event
    }

    /// Waits until a group has handled everything that was published. Panics when that takes ten real seconds: a handler
    /// that fails waits for the clock, which the test has to move.
    pub async fn settle(&self, group: &str) {
        match tokio::time::timeout(Duration::from_secs(10), self.bus.settled(group)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => panic!("{}", crate::errors::chain(&error)),
            Err(_) => panic!(
                "the group {group} doesn't come to rest: {:?}",
                self.bus.lag().await
            ),
        }
    }

    /// Everything that is published on a topic from now on.
    pub async fn listen(&self, topic: &'static str) -> BoxStream<'static, Arc<CloudEvent>> {
        match self.bus.tail(topic).await {
            Ok(stream) => stream,
            Err(error) => panic!("{}", crate::errors::chain(&error)),
        }
    }

    /// Ends what runs in the background, as a program does that is asked to end.
    pub async fn shutdown(&self) {
        assert!(
            self.context.tasks.shutdown(Duration::from_secs(10)).await,
            "a task doesn't end"
        );
    }
}

impl Drop for TestWorld {
    fn drop(&mut self) {
        self.context.tasks.cancel();
    }
}

fn head(token: Option<&str>, more: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    if let Some(value) = token.and_then(|token| HeaderValue::try_from(format!("Bearer {token}")).ok()) {
        headers.insert(AUTHORIZATION, value);
    }
    for (name, value) in more {
        let name = match name.to_ascii_lowercase().as_str() {
            "cookie" => COOKIE,
            name => match http::HeaderName::try_from(name) {
                Ok(name) => name,
                Err(error) => panic!("not a header: {error}"),
            },
        };
        match HeaderValue::try_from(*value) {
            Ok(value) => drop(headers.insert(name, value)),
            Err(error) => panic!("not a header's value: {error}"),
        }
    }
    headers
}

fn test_keys() -> Jwks {
    let mut key = Jwk {
        common: Default::default(),
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: PUBLIC.to_owned(),
        }),
    };
    key.common.key_id = Some("test".to_owned());
    Jwks { keys: vec![key] }
}
