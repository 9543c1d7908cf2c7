//! How many requests a client may send: an average a second, and a burst after a silence.
//!
//! Kept is one number for each client, the time at which it will have used up what it was given ("generic cell rate algorithm"): no
//! window begins anew for everybody at once. The table is bounded; a client that falls out of it starts afresh, so that a flood of
//! addresses makes the limit milder for others and never stricter.

use std::hash::RandomState;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, StatusCode};
use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use tokio::time::Instant;

use crate::config;
use crate::refusal::Refusal;

/// Clients that are remembered: some 10 MB at most.
const MOST_CLIENTS: usize = 100_000;

/// Counts the requests of each client.
pub(crate) struct RateLimit {
    /// Microseconds between two requests at the allowed average.
    interval: u64,
    /// By how many microseconds a client may be ahead of its average.
    ahead: u64,
    proxies: usize,
    began: Instant,
    /// By client: when its average will have caught up, in microseconds since `began`.
    clients: Cache<IpAddr, Arc<AtomicU64>, UnitWeighter, RandomState>,
}

impl RateLimit {
    /// `None` where nothing is limited.
    pub fn new(config: &config::RateLimit) -> Option<Self> {
        let interval = 1_000_000_u64.checked_div(config.per_second.into())?.max(1);
        Some(Self {
            interval,
            ahead: interval * u64::from(config.burst.max(1) - 1),
            proxies: config.proxies,
            began: Instant::now(),
            clients: Cache::with(
                MOST_CLIENTS,
                MOST_CLIENTS as u64,
                UnitWeighter,
                RandomState::new(),
                DefaultLifecycle::default(),
            ),
        })
    }

    /// Who asks: the peer, or whom the outermost of our own proxies saw.
    pub fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        if self.proxies == 0 {
            return peer.map(network);
        }
        let trail = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        let trail: Vec<&str> = trail.map(str::trim).collect();
        let at = trail.len().checked_sub(self.proxies)?;
        trail.get(at)?.parse().ok().map(network)
    }

    /// Lets a request pass, or refuses it. Whoever can't be told from others passes.
    pub fn check(&self, client: Option<IpAddr>) -> Result<(), Refusal> {
        let Some(client) = client else { return Ok(()) };
        let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let caught_up = match self.clients.get(&client) {
            Some(known) => known,
            None => {
                let new = Arc::new(AtomicU64::new(0));
                self.clients.insert(client, new.clone());
                new
            }
        };
        let taken = caught_up.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| {
            let from = at.max(now);
            (from - now <= self.ahead).then_some(from + self.interval)
        });
        taken.map(drop).map_err(|_| {
            Refusal::http(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMITED",
                "too many requests from this address; try again in a moment",
            )
        })
    }
}

/// A household has 2^64 addresses of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limit(per_second: u32, burst: u32, proxies: usize) -> RateLimit {
        RateLimit::new(&config::RateLimit {
            per_second,
            burst,
            proxies,
        })
        .expect("a limit")
    }

    fn passes(limit: &RateLimit, client: &str, count: usize) -> usize {
        let client: IpAddr = client.parse().expect(client);
        (0..count)
            .filter(|_| limit.check(Some(network(client))).is_ok())
            .count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_then_the_average() {
        let limit = limit(10, 5, 0);
        assert_eq!(passes(&limit, "192.0.2.1", 8), 5);
        assert_eq!(passes(&limit, "192.0.2.2", 8), 5, "others are others");
        tokio::time::advance(Duration::from_millis(200)).await;
        assert_eq!(passes(&limit, "192.0.2.1", 8), 2);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(
            passes(&limit, "192.0.2.1", 8),
            5,
            "silence saves up a burst and no more"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_household_is_one_client() {
        let limit = limit(1, 2, 0);
        assert_eq!(passes(&limit, "2001:db8::1", 1), 1);
        assert_eq!(passes(&limit, "2001:db8::2", 2), 1);
        assert_eq!(passes(&limit, "2001:db8:0:1::1", 1), 1);
        assert_eq!(passes(&limit, "::ffff:192.0.2.1", 2), 2);
        assert_eq!(passes(&limit, "192.0.2.1", 1), 0);
    }

    #[test]
    fn the_client_is_whom_our_outermost_proxy_saw() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "6.6.6.6, 192.0.2.1".parse().expect("a value"));
        headers.append("x-forwarded-for", "10.0.0.1".parse().expect("a value"));
        let peer: IpAddr = "10.0.0.2".parse().expect("an address");
        let client = |proxies| {
            limit(1, 1, proxies)
                .client(Some(peer), &headers)
                .map(|client| client.to_string())
        };
        assert_eq!(client(0).as_deref(), Some("10.0.0.2"));
        assert_eq!(client(1).as_deref(), Some("10.0.0.1"));
        assert_eq!(client(2).as_deref(), Some("192.0.2.1"));
        assert_eq!(client(4), None);
    }
}
