//! Answers that are the same for everybody who asks the same, kept for a moment: a shop's front page is made once, and not once
//! for each who looks at it.
//!
//! Only for a subgraph that says so ([`super::Subgraph::with_answers`]), only for queries, and only for callers without any scope: guests,
//! and shoppers with an account. An answer counts while the subgraph's state is the one that it was made from, which the subgraph
//! numbers, and while its moment lasts: that is for what changes elsewhere and is heard of late.

use std::sync::Arc;

use async_graphql::Request;
use async_graphql::parser::types::OperationType;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::caller::Caller;
use crate::clock::Clock;
use crate::locale::Locale;

/// So many bytes are kept, questions and answers.
const KEPT: u64 = 32 << 20;
/// A longer answer is not kept: a few of them would drive out all others.
const LONGEST: usize = 256 << 10;

/// What a subgraph has to say for its answers to be kept.
#[derive(Clone)]
pub struct Keeping {
    /// How long an answer counts at the longest.
    pub moment: TimeDelta,
    /// The number of its state: another one after every change that an answer could show, once it shows.
    pub state: Arc<dyn Fn() -> u64 + Send + Sync>,
}

/// Whoever may be given an answer that was made for another.
pub(super) fn is_anybody(caller: &Caller) -> bool {
    match caller {
        Caller::Guest => true,
        Caller::User(user) => user.scopes.is_empty(),
        Caller::Service { .. } => false,
    }
}

/// What was asked, in which language, of which state. Users and guests are told apart, since resolvers may.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    body: Bytes,
    locale: Locale,
    is_guest: bool,
    state: u64,
}

pub(super) struct Answers {
    keeping: Keeping,
    clock: Arc<dyn Clock>,
    kept: Cache<Question, (Bytes, DateTime<Utc>), Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Question, (Bytes, DateTime<Utc>)> for Weight {
    fn weight(&self, question: &Question, (answer, _): &(Bytes, DateTime<Utc>)) -> u64 {
        (question.body.len() + answer.len() + 200) as u64
    }
}

impl Answers {
    pub(super) fn new(keeping: Keeping, clock: Arc<dyn Clock>) -> Self {
        Self {
            keeping,
            clock,
            kept: Cache::with_weighter(4_096, KEPT, Weight),
        }
    }

    /// The question of this caller, if its answer is anybody's.
    pub(super) fn question(&self, caller: &Caller, locale: Locale, body: &Bytes) -> Option<Question> {
        is_anybody(caller).then(|| Question {
            body: body.clone(),
            locale,
            is_guest: *caller == Caller::Guest,
            state: (self.keeping.state)(),
        })
    }

    pub(super) fn find(&self, question: &Question) -> Option<Bytes> {
        let (answer, made) = self.kept.get(question)?;
        (self.clock.now() - made < self.keeping.moment).then_some(answer)
    }

    /// Keeps the answer to a query. `asked`: when it was asked.
    pub(super) fn keep(&self, question: Question, answer: &Bytes, asked: DateTime<Utc>) {
        if answer.len() <= LONGEST {
            self.kept.insert(question, (answer.clone(), asked));
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// Whether it does nothing but ask.
pub(super) fn only_asks(request: &mut Request) -> bool {
    request.parsed_query().is_ok_and(|document| {
        document
            .operations
            .iter()
            .all(|(_, operation)| operation.node.ty == OperationType::Query)
    })
}
