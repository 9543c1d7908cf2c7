//! The section `[users]`.

use lavka_kit::sql::DatabaseUrl;
use schemars::JsonSchema;
use serde::Deserialize;

/// How accounts and their tokens behave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where accounts are kept: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, there in the schema `users` unless
    /// `?schema=` says otherwise. By default `users.db` in the data directory.
    #[schemars(with = "Option<String>")]
    pub database: Option<DatabaseUrl>,
    /// For how many minutes an access token is good. A revoked session's token lives that long at most.
    pub access_token_minutes: u32,
    /// For how many days a refresh token that nobody uses is good.
    pub refresh_token_days: u32,
    /// After how many days a session ends however much it is used.
    pub session_days: u32,
    /// For how many hours the link that verifies an address is good.
    pub email_verification_hours: u32,
    /// For how many minutes the link to a new password is good.
    pub password_reset_minutes: u32,
    /// For how many seconds nobody is sent another such link.
    pub letter_pause_seconds: u32,
    /// After how many days another key signs access tokens.
    pub signing_key_days: u32,
    /// How many log-ins may fail before the next ones have to wait.
    pub free_failures: u32,
    /// The longest such wait, in minutes.
    pub longest_block_minutes: u32,
    /// How passwords are hashed.
    pub password: PasswordConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: None,
            access_token_minutes: 10,
            refresh_token_days: 30,
            session_days: 180,
            email_verification_hours: 48,
            password_reset_minutes: 60,
            letter_pause_seconds: 60,
            signing_key_days: 30,
            free_failures: 5,
            longest_block_minutes: 15,
            password: PasswordConfig::default(),
        }
    }
}

/// Parameters of argon2id (RFC 9106). Passwords hashed with others are rehashed at the next log-in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordConfig {
    /// Memory for one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// How many hashes are computed at the same time: bounds memory and processor however many log in at once.
    pub at_once: u32,
}

impl Default for PasswordConfig {
    /// 19 MiB and two passes: the smallest that OWASP's cheat sheet recommends.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            at_once: 4,
        }
    }
}
