//! Operations that a client names instead of sending their text: by a hash that it taught us before (automatic persisted queries,
//! as Apollo's clients do them), or by an id that stands in a manifest of trusted documents.

use std::collections::{HashMap, HashSet};
use std::hash::RandomState;
use std::sync::Arc;

use http::StatusCode;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::config::Persisted as Settings;
use crate::refusal::Refusal;
use crate::request::Source;

/// Documents that the operator trusts, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedDocuments {
    by_id: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

impl TrustedDocuments {
    /// Reads a manifest: an object of ids and texts, as Relay's compiler and others write it, or Apollo's
    /// `apollo-persisted-query-manifest`.
    ///
    /// # Errors
    /// A sentence that says what can't be read.
    pub fn read(json: &str) -> Result<Self, String> {
        let manifest: Value =
            serde_json::from_str(json).map_err(|error| format!("it is not JSON: {error}"))?;
        let Value::Object(members) = manifest else {
            return Err("it is not an object".to_owned());
        };
        let mut documents = Self::default();
        if let Some(Value::Array(operations)) = members.get("operations") {
            for (number, operation) in operations.iter().enumerate() {
                match (operation["id"].as_str(), operation["body"].as_str()) {
                    (Some(id), Some(body)) => documents.trust(id, body),
                    _ => return Err(format!("operation {number} has no `id` or no `body`")),
                }
            }
        } else {
            for (id, text) in &members {
                match text.as_str() {
                    Some(text) => documents.trust(id, text),
                    None => return Err(format!("the text of `{id}` is not a string")),
                }
            }
        }
        Ok(documents)
    }

    fn trust(&mut self, id: &str, text: &str) {
        let text: Arc<str> = text.into();
        self.texts.insert(text.clone());
        self.by_id.insert(id.to_owned(), text);
    }
}

/// What stands for texts.
pub(super) struct PersistedDocuments {
    settings: Settings,
    trusted: TrustedDocuments,
    /// By SHA-256. Nobody can make two texts collide in it, and the table's own hash is randomly keyed.
    taught: Cache<[u8; 32], Arc<str>, ByLength, RandomState>,
}

#[derive(Clone)]
struct ByLength;

impl Weighter<[u8; 32], Arc<str>> for ByLength {
    fn weight(&self, _: &[u8; 32], text: &Arc<str>) -> u64 {
        text.len() as u64 + 96
    }
}

/// A text, and the hash under which it is to be kept once it has proved to be valid.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub text: Arc<str>,
    pub teaches: Option<[u8; 32]>,
}

impl PersistedDocuments {
    pub fn new(settings: &Settings, trusted: TrustedDocuments) -> Self {
        let usual = 512;
        Self {
            taught: Cache::with(
                usize::try_from(settings.automatic_bytes / usual)
                    .unwrap_or(usize::MAX)
                    .max(16),
                settings.automatic_bytes,
                ByLength,
                RandomState::new(),
                DefaultLifecycle::default(),
            ),
            settings: settings.clone(),
            trusted,
        }
    }

    /// The text that a request means.
    pub fn find(&self, source: Source) -> Result<Found, Refusal> {
        match source {
            Source::Text(text) => self.admit(text.into(), None),
            Source::Id(id) => self.named(&id),
            Source::Hash(hash) => match self.named(&hash) {
                Err(_) if !self.settings.trusted_only => self.remembered(&hash),
                found => found,
            },
            Source::HashedText { text, hash } => {
                if self.settings.trusted_only || !self.settings.automatic {
                    return self.admit(text.into(), None);
                }
                let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
                if parse(&hash) != Some(digest) {
                    return Err(Refusal::http(
                        StatusCode::BAD_REQUEST,
                        "PERSISTED_QUERY_HASH_MISMATCH",
                        "provided sha does not match query",
                    ));
                }
                self.admit(text.into(), Some(digest))
            }
        }
    }

    /// Keeps a text that has proved to be valid.
    pub fn learn(&self, hash: [u8; 32], text: &Arc<str>) {
        if self.taught.peek(&hash).is_none() {
            self.taught.insert(hash, text.clone());
        }
    }

    fn admit(&self, text: Arc<str>, teaches: Option<[u8; 32]>) -> Result<Found, Refusal> {
        if self.settings.trusted_only && !self.trusted.texts.contains(&text) {
            return Err(Refusal::graphql(
                "DOCUMENT_NOT_TRUSTED",
                "this server answers only operations that were registered with it, and this is none of them",
            ));
        }
        Ok(Found { text, teaches })
    }

    fn named(&self, id: &str) -> Result<Found, Refusal> {
        match self.trusted.by_id.get(id) {
            Some(text) => Ok(Found {
                text: text.clone(),
                teaches: None,
            }),
            None => Err(not_found()),
        }
    }

    fn remembered(&self, hash: &str) -> Result<Found, Refusal> {
        if !self.settings.automatic {
            // 200 with every media type: the clients that use this read it as a GraphQL answer.
            return Err(Refusal {
                status: StatusCode::OK,
                ..Refusal::graphql("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
            });
        }
        match parse(hash).and_then(|hash| self.taught.get(&hash)) {
            Some(text) => Ok(Found { text, teaches: None }),
            None => Err(not_found()),
        }
    }
}

/// 200 with every media type: the clients that use this read it as a GraphQL answer, and then send the text.
fn not_found() -> Refusal {
    Refusal {
        status: StatusCode::OK,
        ..Refusal::graphql("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    }
}

/// 64 hexadecimal digits.
fn parse(hash: &str) -> Option<[u8; 32]> {
    let digits = hash.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str = "{ hello }";

    fn hash_of(text: &str) -> String {
        Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn documents(settings: Settings, manifest: &str) -> PersistedDocuments {
        PersistedDocuments::new(&settings, TrustedDocuments::read(manifest).expect(manifest))
    }

    fn code(found: Result<Found, Refusal>) -> &'static str {
        found.expect_err("a refusal").code()
    }

    #[test]
    fn a_hash_is_enough_once_its_text_has_proved_to_be_valid() {
        let documents = documents(Settings::default(), "{}");
        let hash = hash_of(HELLO);
        assert_eq!(
            code(documents.find(Source::Hash(hash.clone()))),
            "PERSISTED_QUERY_NOT_FOUND"
        );
        let taught = documents
            .find(Source::HashedText {
                text: HELLO.into(),
                hash: hash.to_uppercase(),
            })
            .expect("it fits");
        assert_eq!(
            code(documents.find(Source::Hash(hash.clone()))),
            "PERSISTED_QUERY_NOT_FOUND"
        );
        documents.learn(taught.teaches.expect("a hash"), &taught.text);
        assert_eq!(
            &*documents.find(Source::Hash(hash)).expect("it is known").text,
            HELLO
        );
    }

    #[test]
    fn a_hash_of_another_text_is_refused() {
        let documents = documents(Settings::default(), "{}");
        for hash in [hash_of("{ other }"), "x".repeat(64), String::new()] {
            let refused = documents.find(Source::HashedText {
                text: HELLO.into(),
                hash,
            });
            assert_eq!(code(refused), "PERSISTED_QUERY_HASH_MISMATCH");
        }
    }

    #[test]
    fn switched_off_it_says_so_and_takes_texts() {
        let off = Settings {
            automatic: false,
            ..Settings::default()
        };
        let documents = documents(off, "{}");
        assert_eq!(
            code(documents.find(Source::Hash(hash_of(HELLO)))),
            "PERSISTED_QUERY_NOT_SUPPORTED"
        );
        let text = documents.find(Source::HashedText {
            text: HELLO.into(),
            hash: "?".into(),
        });
        assert_eq!(text.expect("the hash is of no interest").teaches, None);
    }

    #[test]
    fn both_forms_of_manifest_are_read() {
        let relay = format!(r#"{{"a": "{HELLO}"}}"#);
        let apollo = format!(
            r#"{{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{{"id": "a", "body": "{HELLO}"}}]}}"#
        );
        for manifest in [relay, apollo] {
            let documents = documents(Settings::default(), &manifest);
            for source in [Source::Id("a".into()), Source::Hash("a".into())] {
                assert_eq!(&*documents.find(source).expect("it is trusted").text, HELLO);
            }
            assert_eq!(
                code(documents.find(Source::Id("b".into()))),
                "PERSISTED_QUERY_NOT_FOUND"
            );
        }
        for (manifest, why) in [
            ("[]", "it is not an object"),
            (r#"{"a": 1}"#, "the text of `a` is not a string"),
            (r#"{"operations": [{}]}"#, "operation 0 has no `id` or no `body`"),
        ] {
            assert_eq!(TrustedDocuments::read(manifest).err().as_deref(), Some(why));
        }
    }

    #[test]
    fn only_trusted_documents_pass_where_that_is_wanted() {
        let only = Settings {
            trusted_only: true,
            ..Settings::default()
        };
        let documents = documents(only, &format!(r#"{{"a": "{HELLO}"}}"#));
        assert!(documents.find(Source::Text(HELLO.into())).is_ok());
        assert!(documents.find(Source::Id("a".into())).is_ok());
        assert_eq!(
            code(documents.find(Source::Text("{ other }".into()))),
            "DOCUMENT_NOT_TRUSTED"
        );
        let (text, hash) = ("{ other }".to_owned(), hash_of("{ other }"));
        assert_eq!(
            code(documents.find(Source::HashedText {
                text,
                hash: hash.clone()
            })),
            "DOCUMENT_NOT_TRUSTED"
        );
        assert_eq!(
            code(documents.find(Source::Hash(hash))),
            "PERSISTED_QUERY_NOT_FOUND"
        );
    }
}
