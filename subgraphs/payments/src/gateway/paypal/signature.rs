//! PayPal's webhooks, verified here and not by asking PayPal: a call less, and nothing that an outage could stop.
//!
//! PayPal signs `transmission id|time|webhook id|CRC32 of the raw body` with a key whose certificate is at a URL in the
//! header. That URL comes from whoever sends the webhook, so it counts only on PayPal's own hosts; the certificate must be issued, through
//! the intermediates that come with it, by an authority that we trust, for PayPal's name for this purpose, and be valid today.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, Url};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use tokio::sync::Semaphore;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring as algorithms};

use crate::gateway::notice::BadNotice;

/// Where PayPal publishes its certificates.
const HOSTS: [&str; 4] = [
    "api.paypal.com",
    "api.sandbox.paypal.com",
    "api-m.paypal.com",
    "api-m.sandbox.paypal.com",
];
/// For whom they are issued.
const NAMES: [&str; 2] = [
    "messageverificationcerts.paypal.com",
    "messageverificationcerts.sandbox.paypal.com",
];
/// PayPal repeats a webhook for three days, under the time of its first try.
const OLDEST: TimeDelta = TimeDelta::days(4);
/// How far PayPal's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// How long a fetched certificate is kept; it is checked anew at each use.
const KEPT: TimeDelta = TimeDelta::hours(12);
/// The largest chain that is read, in bytes, and the most chains that are kept.
const LONGEST_CHAIN: usize = 64 * 1024;
const MOST_CHAINS: usize = 16;
/// Whoever sends a webhook says which certificate to fetch, before anything of it is proven. So it must not cost much: how long a fetch may take, how many there
/// may be at once, and how long an address where there is no certificate is believed to have none.
const FETCHED_WITHIN: Duration = Duration::from_secs(5);
const FETCHES_AT_ONCE: usize = 4;
const ABSENT: TimeDelta = TimeDelta::minutes(10);

/// The file of authorities is of no use.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// It can't be read.
    #[error("read payments.paypal.certificate_authorities, {0}")]
    Read(String, #[source] std::io::Error),
    /// It holds no certificate, or a broken one.
    #[error("payments.paypal.certificate_authorities, {0}, holds no usable certificate")]
    Unusable(String),
}

/// Checks PayPal's signatures.
pub(super) struct Verifier {
    webhook_id: Option<String>,
    authorities: Vec<TrustAnchor<'static>>,
    /// Where PayPal's stand-in publishes its certificates, when the API's address is not PayPal's.
    stand_in: Option<Url>,
    chains: Mutex<Chains>,
    fetches: Semaphore,
}

type Chain = std::sync::Arc<Vec<CertificateDer<'static>>>;

/// What has been fetched, by its address, and when.
#[derive(Default)]
struct Chains {
    found: HashMap<String, (DateTime<Utc>, Chain)>,
    /// What PayPal said that it doesn't have.
    absent: HashMap<String, (DateTime<Utc>, String)>,
}

impl Chains {
    fn known(&self, url: &str, now: DateTime<Utc>) -> Option<Result<Chain, BadNotice>> {
        let found = self.found.get(url).filter(|(at, _)| now - *at < KEPT);
        let absent = self.absent.get(url).filter(|(at, _)| now - *at < ABSENT);
        match (found, absent) {
            (Some((_, chain)), _) => Some(Ok(chain.clone())),
            (None, Some((_, why))) => Some(Err(BadNotice::Certificate(why.clone()))),
            (None, None) => None,
        }
    }
}

/// Puts it in; a stranger's addresses must not fill the memory.
fn keep<T>(map: &mut HashMap<String, T>, url: String, it: T) {
    if map.len() >= MOST_CHAINS {
        map.clear();
    }
    map.insert(url, it);
}

impl Verifier {
    pub fn new(
        webhook_id: Option<String>,
        api: &str,
        authorities: Option<&Path>,
    ) -> Result<Self, AuthorityError> {
        let authorities = match authorities {
            None => webpki_roots::TLS_SERVER_ROOTS.to_vec(),
            Some(file) => read_authorities(file)?,
        };
        let stand_in = Url::parse(api)
            .ok()
            .filter(|url| url.host_str().is_none_or(|host| !HOSTS.contains(&host)));
        Ok(Self {
            webhook_id,
            authorities,
            stand_in,
            chains: Mutex::default(),
            fetches: Semaphore::new(FETCHES_AT_ONCE),
        })
    }

    pub async fn check(
        &self,
        client: &Client,
        now: DateTime<Utc>,
        head: &HeaderMap,
        body: &[u8],
    ) -> Result<(), BadNotice> {
        let header = |name: &'static str| {
            head.get(name)
                .and_then(|value| value.to_str().ok())
                .ok_or(BadNotice::NoSignature(name))
        };
        let id = header("paypal-transmission-id")?;
        let time = header("paypal-transmission-time")?;
        let algorithm = header("paypal-auth-algo")?;
        let signature = STANDARD
            .decode(header("paypal-transmission-sig")?)
            .map_err(|_| BadNotice::NoSignature("paypal-transmission-sig"))?;
        let url = header("paypal-cert-url")?;
        let webhook_id = self.webhook_id.as_ref().ok_or(BadNotice::NoSignature(
            "payments.paypal.webhook_id is not configured",
        ))?;
        if algorithm != "SHA256withRSA" {
            return Err(BadNotice::NoSignature("paypal-auth-algo"));
        }
        let url = self.pinned(url)?;
        let at = DateTime::parse_from_rfc3339(time)
            .map_err(|_| BadNotice::NoSignature("paypal-transmission-time"))?;
        let age = now - at.with_timezone(&Utc);
        if age > OLDEST || age < -AHEAD {
            return Err(BadNotice::Stale);
        }
        let chain = self.chain(client, now, url).await?;
        let signed = format!("{id}|{time}|{webhook_id}|{}", crc32fast::hash(body));
        verify(&chain, &self.authorities, now, signed.as_bytes(), &signature)
    }

    /// The address, if it is one of PayPal's.
    fn pinned(&self, text: &str) -> Result<Url, BadNotice> {
        let refused = || BadNotice::Certificate("its address is not PayPal's".to_owned());
        let url = Url::parse(text).map_err(|_| refused())?;
        // Nothing else may follow: each address is one certificate, and is remembered as that.
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
            && url.query().is_none();
        let paypals = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| HOSTS.contains(&host));
        let stand_ins = self
            .stand_in
            .as_ref()
            .is_some_and(|stand_in| stand_in.origin() == url.origin());
        if plain && (paypals || stand_ins) && url.path().starts_with("/v1/notifications/certs/") {
            Ok(url)
        } else {
            Err(refused())
        }
    }

    async fn chain(&self, client: &Client, now: DateTime<Utc>, url: Url) -> Result<Chain, BadNotice> {
        let key = url.to_string();
        if let Some(known) = self.chains().known(&key, now) {
            return known;
        }
        let Ok(_place) = self.fetches.try_acquire() else {
            let why = "too many are being fetched".to_owned();
            return Err(BadNotice::CertificateUnreachable(why));
        };
        let fetched = tokio::time::timeout(FETCHED_WITHIN, fetch(client, url)).await;
        let fetched = fetched.unwrap_or_else(|_| {
            let why = "it takes too long".to_owned();
            Err(BadNotice::CertificateUnreachable(why))
        });
        let mut chains = self.chains();
        match fetched {
            Ok(chain) => {
                let chain = Chain::new(chain);
                keep(&mut chains.found, key, (now, chain.clone()));
                Ok(chain)
            }
            Err(BadNotice::Certificate(why)) => {
                keep(&mut chains.absent, key, (now, why.clone()));
                Err(BadNotice::Certificate(why))
            }
            Err(unreachable) => Err(unreachable),
        }
    }

    fn chains(&self) -> MutexGuard<'_, Chains> {
        self.chains.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fetch(client: &Client, url: Url) -> Result<Vec<CertificateDer<'static>>, BadNotice> {
    let unreachable =
        |error: reqwest::Error| BadNotice::CertificateUnreachable(error.without_url().to_string());
    let answer = client.get(url).send().await.map_err(unreachable)?;
    // Whoever made the address up, it wasn't PayPal.
    if answer.status().is_client_error() {
        let why = format!("where it should be is HTTP status {}", answer.status().as_u16());
        return Err(BadNotice::Certificate(why));
    }
    let mut answer = answer.error_for_status().map_err(unreachable)?;
    let mut pem = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if pem.len() + chunk.len() > LONGEST_CHAIN {
            return Err(BadNotice::Certificate("it is too long".to_owned()));
        }
        pem.extend_from_slice(&chunk);
    }
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err(BadNotice::Certificate("it is no PEM".to_owned())),
    }
}

/// The chain leads to one of the authorities, its first certificate is PayPal's and valid, and its key has signed this.
fn verify(
    chain: &[CertificateDer<'static>],
    authorities: &[TrustAnchor<'static>],
    now: DateTime<Utc>,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), BadNotice> {
    let bad = |error: webpki::Error| BadNotice::Certificate(error.to_string());
    let (first, intermediates) = chain
        .split_first()
        .ok_or_else(|| BadNotice::Certificate("there is none".to_owned()))?;
    let certificate = EndEntityCert::try_from(first).map_err(bad)?;
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        u64::try_from(now.timestamp()).unwrap_or(0),
    ));
    // Signing messages has no usage of its own: PayPal's certificates are issued as those of a TLS server or client.
    let for_usage = |usage| {
        certificate
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                authorities,
                intermediates,
                time,
                usage,
                None,
                None,
            )
            .map(drop)
    };
    for_usage(KeyUsage::server_auth())
        .or_else(|_| for_usage(KeyUsage::client_auth()))
        .map_err(bad)?;
    let is_paypals = NAMES.iter().any(|name| {
        ServerName::try_from(*name)
            .is_ok_and(|name| certificate.verify_is_valid_for_subject_name(&name).is_ok())
    });
    if !is_paypals {
        return Err(BadNotice::Certificate(
            "it is issued for somebody else".to_owned(),
        ));
    }
    certificate
        .verify_signature(algorithms::RSA_PKCS1_2048_8192_SHA256, signed, signature)
        .map_err(|_| BadNotice::Foreign)
}

fn read_authorities(file: &Path) -> Result<Vec<TrustAnchor<'static>>, AuthorityError> {
    let name = file.display().to_string();
    let pem = std::fs::read(file).map_err(|error| AuthorityError::Read(name.clone(), error))?;
    let unusable = || AuthorityError::Unusable(name.clone());
    let anchors = CertificateDer::pem_slice_iter(&pem)
        .map(|certificate| {
            let certificate = certificate.map_err(|_| unusable())?;
            let anchor = anchor_from_trusted_cert(&certificate).map_err(|_| unusable())?;
            Ok(anchor.to_owned())
        })
        .collect::<Result<Vec<_>, AuthorityError>>()?;
    if anchors.is_empty() {
        return Err(unusable());
    }
    Ok(anchors)
}
