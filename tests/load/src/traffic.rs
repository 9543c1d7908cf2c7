//! People who ask at the same time: each as soon as they have their answer, or so many a second.
//!
//! At a rate, waiting is counted from the moment at which somebody wanted to ask, not from the one at which the one before them had
//! their answer: otherwise a store that stands still for a second would be seen by nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::Uri;
use lavka_bench::load::Connection;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::programs::{self, Program};
use crate::report::milliseconds;
use crate::store::Store;

/// Somebody, with a connection of their own.
pub trait Visitor: Send + 'static {
    /// The next request, a GraphQL request as JSON; `None` when there is nothing more that they want.
    fn asks(&mut self) -> Option<Bytes>;

    /// Looks at the answer.
    fn hears(&mut self, answer: &Bytes) -> Result<()>;
}

/// How hard, usually.
#[derive(Clone, Copy)]
pub struct Pace {
    pub shoppers: usize,
    pub seconds: Duration,
}

impl Pace {
    /// The usual traffic; `rate` as in [`Traffic::rate`].
    pub fn traffic(self, store: &Store, rate: Option<f64>) -> Traffic {
        Traffic {
            url: store.graphql(),
            warm_up: self.seconds / 4,
            duration: self.seconds,
            rate,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub count: usize,
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub worst: Duration,
    /// CPU time of each program, in their order.
    pub used: Vec<Duration>,
}

impl Outcome {
    /// Of these waits.
    pub fn of(mut waits: Vec<Duration>, took: Duration, used: Vec<Duration>) -> Result<Self> {
        waits.sort_unstable();
        let at = |share: f64| waits.get((waits.len() as f64 * share) as usize).copied();
        let (Some(p50), Some(p99), Some(&worst)) = (at(0.5), at(0.99), waits.last()) else {
            bail!("nobody had an answer within {took:?}");
        };
        Ok(Self {
            count: waits.len(),
            per_second: waits.len() as f64 / took.as_secs_f64(),
            p50,
            p99,
            worst,
            used,
        })
    }

    pub fn in_words(&self) -> String {
        format!(
            "{:.0} a second, p50 {}, p99 {}, the worst {}",
            self.per_second,
            milliseconds(self.p50),
            milliseconds(self.p99),
            milliseconds(self.worst)
        )
    }
}

/// The street before the store.
#[derive(Clone)]
pub struct Traffic {
    pub url: Uri,
    /// How long they come before anything is counted.
    pub warm_up: Duration,
    pub duration: Duration,
    /// So many a second; as many as there are answers where it is absent.
    pub rate: Option<f64>,
}

#[derive(Default)]
struct Day {
    counts: AtomicBool,
    is_over: AtomicBool,
    came: AtomicU64,
}

impl Traffic {
    /// Lets them in, and looks at the programs meanwhile. The visitors come back with what they have.
    pub async fn of<V: Visitor>(&self, visitors: Vec<V>, programs: &[Program]) -> Result<(Outcome, Vec<V>)> {
        let day = Arc::new(Day::default());
        let mut people = self.let_in(visitors, &day);
        sleep(self.warm_up).await;
        let (started, before) = (Instant::now(), programs::used(programs)?);
        day.counts.store(true, Ordering::Relaxed);
        sleep(self.duration).await;
        day.is_over.store(true, Ordering::Relaxed);
        let took = started.elapsed();
        let used = programs::since(&before, &programs::used(programs)?);
        let (mut waits, mut visitors) = (Vec::new(), Vec::new());
        while let Some(visit) = people.join_next().await {
            let (visitor, mut waited) = visit.context("a visitor broke")??;
            waits.append(&mut waited);
            visitors.push(visitor);
        }
        Ok((Outcome::of(waits, took, used)?, visitors))
    }

    /// Lets them in, and waits until none of them wants anything more; nothing is counted.
    pub async fn until_all_have_what_they_want<V: Visitor>(url: Uri, visitors: Vec<V>) -> Result<()> {
        let traffic = Self {
            url,
            warm_up: Duration::ZERO,
            duration: Duration::ZERO,
            rate: None,
        };
        let mut people = traffic.let_in(visitors, &Arc::new(Day::default()));
        while let Some(visit) = people.join_next().await {
            visit.context("a visitor broke")??;
        }
        Ok(())
    }

    fn let_in<V: Visitor>(&self, visitors: Vec<V>, day: &Arc<Day>) -> JoinSet<Result<(V, Vec<Duration>)>> {
        let opened = Instant::now();
        let mut people = JoinSet::new();
        for visitor in visitors {
            let (traffic, day) = (self.clone(), Arc::clone(day));
            people.spawn(async move { traffic.visit(visitor, opened, &day).await });
        }
        people
    }

    async fn visit<V: Visitor>(
        &self,
        mut visitor: V,
        opened: Instant,
        day: &Day,
    ) -> Result<(V, Vec<Duration>)> {
        let mut connection = Connection::open(&self.url).await?;
        let mut waits = Vec::new();
        while !day.is_over.load(Ordering::Relaxed) {
            let wanted = match self.rate {
                None => Instant::now(),
                Some(rate) => {
                    let place = day.came.fetch_add(1, Ordering::Relaxed);
                    opened + Duration::from_secs_f64(place as f64 / rate)
                }
            };
            sleep_until(wanted).await;
            let Some(request) = visitor.asks() else { break };
            let counts = day.counts.load(Ordering::Relaxed);
            let answer = connection.ask(&self.url, request).await?;
            visitor.hears(&answer)?;
            // Neither what had begun before counting did, nor what isn't over in time.
            if counts && !day.is_over.load(Ordering::Relaxed) {
                waits.push(wanted.elapsed());
            }
        }
        Ok((visitor, waits))
    }
}
