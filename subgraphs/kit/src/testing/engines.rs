//! Where the tests find real engines. `cargo xtask test` starts them and says where they are; a plain `cargo test` has none.

use std::io::Write as _;

/// An engine that tests can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `LAVKA_TEST_POSTGRES`: the URL of a database whose user may create others.
    Postgres,
    /// `LAVKA_TEST_REDIS`
    Redis,
    /// `LAVKA_TEST_KAFKA`
    Kafka,
    /// `LAVKA_TEST_MONGODB`
    Mongodb,
    /// `LAVKA_TEST_STRIPE_MOCK`: Stripe's own mock, which knows the shapes.
    StripeMock,
    /// `LAVKA_TEST_LOCALSTRIPE`: what plays Stripe and remembers.
    Localstripe,
}

impl Engine {
    const fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "LAVKA_TEST_POSTGRES",
            Self::Redis => "LAVKA_TEST_REDIS",
            Self::Kafka => "LAVKA_TEST_KAFKA",
            Self::Mongodb => "LAVKA_TEST_MONGODB",
            Self::StripeMock => "LAVKA_TEST_STRIPE_MOCK",
            Self::Localstripe => "LAVKA_TEST_LOCALSTRIPE",
        }
    }

    /// Its URL. Without one the test has nothing to run on: it returns at once, having said so on standard error, or fails
    /// where `LAVKA_TEST_ENGINES=required`. Every test keeps to a name of its own in it: a database, a prefix, a topic.
    #[must_use]
    pub fn url(self) -> Option<String> {
        let variable = self.variable();
        if let Ok(url) = std::env::var(variable) {
            return Some(url);
        }
        assert!(
            std::env::var("LAVKA_TEST_ENGINES").as_deref() != Ok("required"),
            "{variable} is not set, and LAVKA_TEST_ENGINES=required"
        );
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        // Not by eprintln!, which the test harness keeps to itself when a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED {test}: {variable} is not set (`cargo xtask engines up`)"
        );
        None
    }
}
