//! What is logged, to be read by a test.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Everything that is logged on this thread while this lives: all levels, spans with their fields, and what libraries say.
pub struct Logs {
    written: Written,
    _listening: DefaultGuard,
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Logs {
    /// Begins to listen.
    #[must_use]
    pub fn listen() -> Self {
        let written = Written::default();
        let writer = written.clone();
        let listening = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish()
            .set_default();
        Self {
            written,
            _listening: listening,
        }
    }

    /// What was logged so far.
    #[must_use]
    pub fn text(&self) -> String {
        let written = self.written.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&written).into_owned()
    }

    /// Fails with the lines in which one of these stands.
    pub fn say_nothing_of(&self, secrets: &[&str]) {
        let text = self.text();
        let told: Vec<&str> = text
            .lines()
            .filter(|line| secrets.iter().any(|secret| line.contains(secret)))
            .collect();
        assert!(told.is_empty(), "secrets are in the log:\n{}", told.join("\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_span_is_heard_and_fails_the_test_that_forbids_it() {
        let logs = Logs::listen();
        tracing::trace_span!("asking", key = "sk_live_x").in_scope(|| tracing::trace!("asked"));
        logs.say_nothing_of(&["sk_live_y"]);
        let heard = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            logs.say_nothing_of(&["sk_live_x"]);
        }));
        assert!(heard.is_err(), "{}", logs.text());
    }
}
