//! An answer in pieces: what `@defer` allows to come later doesn't hold up the first piece.
//!
//! # The difficulty
//! A deferred fragment is announced, delivered and completed for each object that it stands at, while its fields are shared: with what was
//! answered before, with other fragments, with fragments inside of it. What is deferred may turn out to have no place (null went up) or to fail as a whole;
//! errors belong to the piece that has their field; and a client must never hear of a fragment before it has the object.
//!
//! # The solution
//! There is still one tree and one run of all fetches. The plan says which fetches the first piece waits for, and which each part. Once they
//! have ended, the first piece is written; the writer leaves out what is later, and notes what it left out where. [`ledger`] makes fragments at objects
//! of these notes, and knows which are announced; as soon as a fragment's fetches have ended, [`delivery`] writes all that belongs to it, finds further parts
//! on the way, and completes it. [`wire`] puts it into one of the two forms that clients understand.
//!
//! Dropping the answer's stream drops the run, and with it what is in flight.

mod delivery;
mod ledger;
mod wire;

use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::answer::{Execution, ExecutionRequest, Executor};
use crate::prepare::PreparedPlan;
use crate::schedule::Run;
use delivery::Delivery;

pub use wire::PieceForm;

/// The answer to an operation with `@defer`.
pub struct Pieces {
    /// The first piece; the whole answer where nothing follows.
    pub first: Execution,
    /// The pieces that follow, each a JSON object. Dropping it stops the work. None: there is nothing to come.
    pub rest: Option<BoxStream<'static, Bytes>>,
}

/// A piece on its way to the client.
struct Piece {
    body: Bytes,
    headers: HeaderMap,
    has_next: bool,
}

pub(crate) async fn open(
    executor: Executor,
    plan: Arc<PreparedPlan>,
    request: ExecutionRequest,
    form: PieceForm,
) -> Pieces {
    // As many pieces as there are fragments in the operation, at the most: nobody needs to wait for room.
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut work = Some(Box::pin(work(executor, plan, request, form, sender)));
    let mut pieces = stream::poll_fn(move |context| {
        if let Some(running) = &mut work
            && running.as_mut().poll(context).is_ready()
        {
            work = None;
        }
        receiver.poll_recv(context)
    })
    .boxed();
    let Some(Piece {
        body,
        headers,
        has_next,
    }) = pieces.next().await
    else {
        return Pieces {
            first: Execution {
                body: wire::nothing(),
                headers: HeaderMap::new(),
            },
            rest: None,
        };
    };
    let rest = pieces.map(|piece| piece.body);
    Pieces {
        first: Execution { body, headers },
        rest: has_next.then(|| rest.boxed()),
    }
}

async fn work(
    executor: Executor,
    plan: Arc<PreparedPlan>,
    request: ExecutionRequest,
    form: PieceForm,
    pieces: UnboundedSender<Piece>,
) {
    let Some(deferral) = &plan.plan().deferral else {
        return;
    };
    let mut run = Run::new(&executor, &plan, &request);
    let mut flight = run.depart();
    let mut delivery = Delivery::new(&plan, deferral, form);
    loop {
        run.start_ready(&mut flight);
        while let Some((body, has_next)) = delivery.next(&mut run, &flight, &executor.limits) {
            let headers = run.take_headers();
            let is_gone = pieces
                .send(Piece {
                    body,
                    headers,
                    has_next,
                })
                .is_err();
            if is_gone || !has_next {
                return;
            }
        }
        if !run.arrive(&mut flight).await {
            // All fetches have ended, so all pieces have gone.
            return;
        }
    }
}
