//! What a failure means: somebody was faster, somebody was in the way, or the engine is away.

use std::error::Error as StdError;

use sqlx::postgres::PgDatabaseError;

use super::Error;

/// How often a unit of work is done when others are in its way each time.
const TRIES: u32 = 5;

/// Whether a statement failed because it would have broken a UNIQUE or PRIMARY KEY constraint: on both engines.
pub fn is_unique_violation(error: &Error) -> bool {
    error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether the transaction failed for no other reason than what was going on beside it: a deadlock that it was picked
/// to resolve, an order of events that could not have been, or a schema that was changed. The same work, begun again, may do.
pub fn is_conflict(error: &(dyn StdError + 'static)) -> bool {
    // serialization_failure, deadlock_detected
    cause(error)
        .is_some_and(|error| matches!(code(error).as_deref(), Some("40001" | "40P01")) || is_outdated(error))
}

/// Whether the statement was prepared before a migration beside us gave its result other columns.
pub(super) fn is_outdated(error: &Error) -> bool {
    // feature_not_supported says too little, and the message comes in the server's language: "cached plan must not change result type".
    error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        .is_some_and(|error| error.code() == "0A000" && error.routine() == Some("RevalidateCachedQuery"))
}

/// Whether the engine could not be asked: it is away, restarting, overloaded, or took longer than is allowed. Nothing is
/// wrong with the request, and it may do later.
pub fn is_unavailable(error: &(dyn StdError + 'static)) -> bool {
    cause(error).is_some_and(|error| match error {
        Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed => true,
        error if is_outdated(error) => true,
        error => code(error).is_some_and(|code| {
            // Connection exceptions; out of resources; the operator intervenes (57014 is the statement timeout);
            // lock_not_available; idle_in_transaction_session_timeout; a transaction that went on after it was lost.
            ["08", "53", "57"].iter().any(|class| code.starts_with(class))
                || matches!(&*code, "55P03" | "25P03" | "40001" | "40P01" | "40003")
        }),
    })
}

/// Does a unit of work, again from its beginning when it only [`is_conflict`]. It must do nothing outside of its transaction.
pub async fn retry<T, E, W>(mut work: impl FnMut() -> W) -> Result<T, E>
where
    E: StdError + 'static,
    W: Future<Output = Result<T, E>>,
{
    for _ in 1..TRIES {
        match work().await {
            Err(error) if is_conflict(&error) => tracing::debug!("a transaction was in another's way; again"),
            done => return done,
        }
    }
    work().await
}

/// The engine's own error, under whatever a store has said about it.
fn cause<'e>(mut error: &'e (dyn StdError + 'static)) -> Option<&'e Error> {
    loop {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        error = error.source()?;
    }
}

fn code(error: &Error) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error()?.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("save an order")]
    struct Saving(#[source] Box<dyn StdError + Send + Sync>);

    #[test]
    fn an_engine_that_is_away_is_told_from_a_statement_that_is_wrong() {
        let away = Saving(Box::new(Error::Io(std::io::ErrorKind::ConnectionReset.into())));
        assert!(is_unavailable(&away));
        assert!(!is_conflict(&away));
        assert!(!is_unavailable(&Saving(Box::new(Error::RowNotFound))));
        assert!(!is_unavailable(&std::io::Error::other("no database in it")));
    }
}
