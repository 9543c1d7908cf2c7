//! Accounts, sessions, tokens, addresses.
//!
//! One operation a file, each a method of [`Users`]: `register`, `log_in`, `refresh_tokens` and so on. Beneath them
//! lie what they share:
//! - [`account`], [`address`], [`session`]: the domain's types and what makes them valid;
//! - [`password`]: argon2id, away from the threads that serve requests; [`throttle`]: failed log-ins slow the next ones;
//! - [`sign_in`]: a session's tokens; [`signing_keys`]: what signs them; [`mailed_token`]: links in e-mails;
//! - [`guest_cart`]: a guest's cart becomes the account's, sooner or later;
//! - [`store`]: the statements. [`graphql`]: the schema.
//!
//! **What ending a session means.** Its refresh token is worth nothing from that moment on. Access tokens are
//! not looked up anywhere, which is what makes them cheap: one that is out stays good until it expires, ten minutes unless
//! configured. Likewise a change of roles takes effect with the next refresh.

mod account;
mod address;
mod change_password;
mod config;
mod delete_address;
mod ensure_account;
mod events;
mod graphql;
mod guest_cart;
mod housekeeping;
mod log_in;
mod log_out;
mod mailed_token;
mod me;
mod password;
mod refresh_tokens;
mod refusal;
mod register;
mod request_password_reset;
mod resend_email_verification;
mod reset_password;
mod revoke_session;
mod save_address;
mod session;
mod set_user_roles;
mod sign_in;
mod signing_keys;
mod start;
mod store;
#[cfg(test)]
mod tests;
mod throttle;
mod update_profile;
mod users;
mod verify_email;

pub use config::{Config, PasswordConfig};
pub use ensure_account::{EnsureAccount, EnsureAccountError};
pub use start::{Started, start};
pub use store::MIGRATIONS;
pub use users::Users;
